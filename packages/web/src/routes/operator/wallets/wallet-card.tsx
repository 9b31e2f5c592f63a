import { Button } from "@mantine/core";
import { IconAdjustments, IconLock, IconLockOpen } from "@tabler/icons-react";
import { useState } from "react";
import type { BalanceView } from "../../../api/shapes.ts";
import { StateBadge } from "../../../components/badge.tsx";
import { Card } from "../../../components/card.tsx";
import { Money } from "../../../components/money.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { statementMessages } from "../../../statement/messages.ts";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";
import { AdjustDialog } from "./adjust-dialog.tsx";
import { FreezeDialog } from "./freeze-dialog.tsx";

interface Props {
  readonly wallet: {
    readonly owner: string;
    readonly balances: readonly BalanceView[];
    readonly frozen: boolean;
    readonly restricted: boolean;
    readonly seq: number;
    readonly updatedAt: string | null;
  };
}

/** A customer's balances and state, and what an operator may do about them. */
export function WalletCard({ wallet }: Props) {
  const { owner, balances, frozen, restricted, seq, updatedAt } = wallet;
  const { find } = useMessages(operatorMessages);
  const statement = useMessages(statementMessages);
  const formats = useFormats();
  const [dialog, setDialog] = useState<"adjust" | "freeze">();
  const close = () => setDialog(undefined);
  return (
    <Card
      label={owner}
      title={
        <span className={styles.owner}>
          {owner}
          {frozen && <StateBadge tone="warning">{find.frozen}</StateBadge>}
          {restricted && <StateBadge tone="problem">{find.restricted}</StateBadge>}
          {!frozen && !restricted && <StateBadge tone="good">{find.active}</StateBadge>}
        </span>
      }
      tools={
        <>
          <Button variant="default" leftSection={<IconAdjustments size={17} aria-hidden="true" />} onClick={() => setDialog("adjust")}>
            {find.adjust}
          </Button>
          <Button
            variant="default"
            leftSection={frozen ? <IconLockOpen size={17} aria-hidden="true" /> : <IconLock size={17} aria-hidden="true" />}
            onClick={() => setDialog("freeze")}
          >
            {frozen ? find.unfreeze : find.freeze}
          </Button>
        </>
      }
    >
      <dl className={styles.wallet}>
        {balances.map(({ currency, availableMinor, heldMinor }) => (
          <div key={currency}>
            <dt>{currency}</dt>
            <dd>
              <Money amountMinor={availableMinor} currency={currency} />
              <span className={styles.fine}>
                {statement.available}
                {heldMinor !== 0 && ` · ${statement.held(formats.money(heldMinor, currency))}`}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.fine}>
        {find.entries(formats.number(seq))}
        {updatedAt && ` · ${find.updated(formats.moment(new Date(updatedAt)))}`}
      </p>
      <AdjustDialog owner={owner} balances={balances} opened={dialog === "adjust"} onClose={close} />
      <FreezeDialog owner={owner} frozen={frozen} opened={dialog === "freeze"} onClose={close} />
    </Card>
  );
}
