import { Button } from "@mantine/core";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { formatPhone } from "../phone-number.ts";
import type { AvailableNumber } from "../shapes.ts";
import { useAbilities } from "../use-abilities.ts";
import styles from "./add-number.module.css";
import { addMessages } from "./messages.ts";

interface Props {
  readonly offer: AvailableNumber;
  readonly onChoose: () => void;
}

/** A number to buy: what it is, what it asks for, what it costs. */
export function OfferRow({ offer, onChoose }: Props) {
  const { phoneNumber, locality, region, capabilities, addressRequirement, price } = offer;
  const messages = useMessages(addMessages);
  const abilities = useAbilities();
  const formats = useFormats();
  const written = formatPhone(phoneNumber);
  return (
    <li className={styles.offer}>
      <div className={styles.offerWhat}>
        <span className={styles.number}>{written}</span>
        <span className={styles.fine}>
          {[[locality, region].filter(Boolean).join(", "), abilities(capabilities)].filter(Boolean).join(" · ")}
        </span>
        {addressRequirement !== "none" && <span className={styles.requirement}>{messages.address[addressRequirement]}</span>}
      </div>
      <div className={styles.offerPrice}>
        <span>{messages.month(formats.money(price.monthlyMinor, price.currency))}</span>
        <span className={styles.fine}>{messages.now(formats.money(price.dueNowMinor, price.currency))}</span>
      </div>
      <Button variant="default" size="xs" onClick={onChoose} aria-label={messages.chooseNumber(written)}>
        {messages.choose}
      </Button>
    </li>
  );
}
