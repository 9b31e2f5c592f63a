import { Popover, Skeleton, UnstyledButton } from "@mantine/core";
import { IconBell, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import type { BalancesView, BalanceView } from "../../api/shapes.ts";
import { Money } from "../../components/money.tsx";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { type Currency, currencies } from "../../money/currency.ts";
import styles from "./balances.module.css";
import { fundsMessages } from "./messages.ts";

interface Props {
  /** Undefined: not known yet. */
  readonly wallet: BalancesView | undefined;
  readonly onEditAlert: (currency: Currency) => void;
}

const empty = (currency: Currency): BalanceView => ({ currency, availableMinor: 0, heldMinor: 0, totalMinor: 0 });

/** What there is, in each currency. */
export function Balances({ wallet, onEditAlert }: Props) {
  const messages = useMessages(fundsMessages);
  return (
    <section className={styles.balances} aria-label={messages.balances} aria-busy={!wallet}>
      {currencies.map((currency) => {
        const balance = wallet && (wallet.balances.find((each) => each.currency === currency) ?? empty(currency));
        return (
          <div key={currency} className={styles.card}>
            <h2 className={styles.name}>
              {messages.currencyNames[currency]} <span className={styles.code}>{currency}</span>
            </h2>
            {balance ? <Figures balance={balance} /> : <FiguresSkeleton />}
            <AlertLine currency={currency} threshold={wallet?.alerts[currency]} onEdit={() => onEditAlert(currency)} />
          </div>
        );
      })}
    </section>
  );
}

function Figures({ balance: { currency, availableMinor, heldMinor, totalMinor } }: { readonly balance: BalanceView }) {
  const messages = useMessages(fundsMessages);
  return (
    <dl className={styles.figures}>
      <div className={styles.available}>
        <dt>{messages.available}</dt>
        <dd>
          <Money amountMinor={availableMinor} currency={currency} large />
        </dd>
      </div>
      {heldMinor !== 0 && (
        <>
          <div className={styles.part}>
            <dt>
              {messages.held} <HeldHelp />
            </dt>
            <dd>
              <Money amountMinor={heldMinor} currency={currency} />
            </dd>
          </div>
          <div className={styles.part}>
            <dt>{messages.total}</dt>
            <dd>
              <Money amountMinor={totalMinor} currency={currency} />
            </dd>
          </div>
        </>
      )}
    </dl>
  );
}

function HeldHelp() {
  const messages = useMessages(fundsMessages);
  const [opened, setOpened] = useState(false);
  return (
    <Popover width={300} position="bottom-start" withArrow shadow="md" opened={opened} onChange={setOpened}>
      <Popover.Target>
        <UnstyledButton
          className={styles.help ?? ""}
          aria-label={messages.heldWhat}
          onClick={() => setOpened(!opened)}
          onKeyDown={(event) => event.key === "Escape" && setOpened(false)}
        >
          <IconInfoCircle size={16} stroke={1.75} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={styles.helpTitle}>{messages.heldWhat}</p>
        <p className={styles.helpText}>{messages.heldWhy}</p>
      </Popover.Dropdown>
    </Popover>
  );
}

function AlertLine({ currency, threshold, onEdit }: { currency: Currency; threshold: number | undefined; onEdit: () => void }) {
  const { alert, currencyNames } = useMessages(fundsMessages);
  const formats = useFormats();
  return (
    <p className={styles.alert}>
      <IconBell size={16} stroke={1.75} aria-hidden="true" />
      <span>{threshold !== undefined ? alert.at(formats.money(threshold, currency)) : alert.none}</span>
      <UnstyledButton className={styles.edit ?? ""} onClick={onEdit} aria-label={alert.changeFor(currencyNames[currency])}>
        {alert.change}
      </UnstyledButton>
    </p>
  );
}

function FiguresSkeleton() {
  return (
    <div className={styles.figures}>
      <Skeleton height={40} width={168} />
      <Skeleton height={14} width={96} mt={10} />
    </div>
  );
}
