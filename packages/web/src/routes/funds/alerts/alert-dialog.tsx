import { Button, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOpening } from "../../../components/use-ever.ts";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages, useSpeech } from "../../../i18n/language.tsx";
import { amountMessages } from "../../../money/amount-messages.ts";
import { CURRENCIES, type Currency } from "../../../money/currency.ts";
import { moneyParts } from "../../../money/format.ts";
import { parseAmount } from "../../../money/parse.ts";
import { fundsMessages } from "../messages.ts";
import { topUpMessages } from "../top-up/messages.ts";
import styles from "./alerts.module.css";
import { useAlertChange } from "./thresholds.ts";

interface Props {
  readonly currency: Currency | undefined;
  /** Undefined: the service's default. */
  readonly current: number | undefined;
  readonly onClose: () => void;
}

/** The contract's bounds of a threshold. */
const BOUNDS = { floorMinor: 0, ceilingMinor: 99_999_999 } as const;

/** Sets the low-balance alert of one currency. */
export default function AlertDialog({ currency, onClose, ...rest }: Props) {
  const { alert } = useMessages(fundsMessages);
  const { close } = useMessages(topUpMessages);
  return (
    <Modal
      opened={useOpening(currency !== undefined)}
      onClose={onClose}
      size={420}
      title={alert.title}
      closeButtonProps={{ "aria-label": close }}
    >
      {currency && <AlertForm key={currency} currency={currency} onClose={onClose} {...rest} />}
    </Modal>
  );
}

function AlertForm({ currency, current, onClose }: { readonly currency: Currency } & Omit<Props, "currency">) {
  const { alert } = useMessages(fundsMessages);
  const problems = useMessages(amountMessages);
  const { locales } = useSpeech();
  const formats = useFormats();
  const [text, setText] = useState(current === undefined ? "" : formats.plain(current, currency));
  const [done, setDone] = useState(false);
  const change = useAlertChange(onClose);
  const parsed = parseAmount(text, currency, locales, BOUNDS);
  const example = formats.plain(CURRENCIES[currency].floorMinor * 5, currency);
  const words = {
    missing: example,
    unreadable: example,
    too_precise: example,
    too_small: formats.money(BOUNDS.floorMinor, currency),
    too_large: formats.money(BOUNDS.ceilingMinor, currency),
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    setDone(true);
    if ("amountMinor" in parsed) change.mutate({ currency, lowBalanceMinor: parsed.amountMinor });
  };
  return (
    <form onSubmit={submit} className={styles.form} noValidate>
      <p className={styles.text}>{alert.text}</p>
      <TextInput
        data-autofocus
        label={alert.amount}
        leftSection={<span aria-hidden="true">{moneyParts(0, currency, locales).find(({ type }) => type === "currency")?.value}</span>}
        inputMode="decimal"
        autoComplete="off"
        maxLength={40}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={done && "problem" in parsed ? problems[parsed.problem](words[parsed.problem]) : undefined}
      />
      {change.error && <ProblemNotice error={change.error} onRetry={submit} />}
      <div className={styles.buttons}>
        {current !== undefined && (
          <Button variant="subtle" onClick={() => change.mutate({ currency, lowBalanceMinor: null })}>
            {alert.remove}
          </Button>
        )}
        <Button type="submit" loading={change.isPending}>
          {alert.save}
        </Button>
      </div>
    </form>
  );
}
