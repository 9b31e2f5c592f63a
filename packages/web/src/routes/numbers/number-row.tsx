import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { numberMessages } from "./messages.ts";
import { NumberState } from "./number-state.tsx";
import styles from "./numbers.module.css";
import { formatPhone } from "./phone-number.ts";
import type { NumberView } from "./shapes.ts";
import { useStanding } from "./use-standing.ts";

interface Props {
  readonly number: NumberView;
  readonly onAddFunds: () => void;
}

/** One number: how it answers, where it stands, what it costs. The number is the link; its reach is the whole row. */
export function NumberRow({ number, onAddFunds }: Props) {
  const { numberId, phoneNumber, settings, price, state, renewsAt, unpaidSince } = number;
  const messages = useMessages(numberMessages);
  const formats = useFormats();
  const standing = useStanding()(number);
  const { answeringMode, forwardTo } = settings;
  const answers = answeringMode === "forward" && forwardTo ? messages.forwardedTo(formatPhone(forwardTo)) : messages.modes[answeringMode];
  return (
    <li className={styles.row}>
      <div className={styles.who}>
        <Link className={styles.open} to={`/numbers/${numberId}`}>
          {formatPhone(phoneNumber)}
        </Link>
        <span className={styles.fine}>{settings.friendlyName}</span>
      </div>
      <span className={styles.how}>{state === "active" ? answers : ""}</span>
      <span className={styles.state}>
        <NumberState number={number} />
      </span>
      <div className={styles.terms}>
        <span>{messages.monthly(formats.money(price.monthlyMinor, price.currency))}</span>
        {renewsAt && unpaidSince === null && <span className={styles.fine}>{messages.renews(formats.day(new Date(renewsAt)))}</span>}
      </div>
      {standing && (
        <div className={styles.standing} data-tone={standing.tone}>
          <p>{standing.text}</p>
          {standing.unpaid && (
            <Button variant="default" size="xs" className={styles.above ?? ""} onClick={onAddFunds}>
              {messages.addFunds}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
