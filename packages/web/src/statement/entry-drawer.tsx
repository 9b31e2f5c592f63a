import { ActionIcon, CopyButton, Drawer, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { TransactionView } from "../api/shapes.ts";
import { Money } from "../components/money.tsx";
import { useOpening } from "../components/use-ever.ts";
import { useFormats } from "../i18n/formats.ts";
import { useMessages } from "../i18n/language.tsx";
import styles from "./entry-drawer.module.css";
import { kindMessages } from "./kind-messages.ts";
import { statementMessages } from "./messages.ts";
import { RelatedEntries } from "./related-entries.tsx";
import type { StatementSource } from "./source.ts";

interface Props {
  readonly source: StatementSource;
  /** Undefined: closed. */
  readonly transaction: TransactionView | undefined;
  readonly onClose: () => void;
}

/** One entry of the ledger in full: what it is, what it changed, what it belongs to. */
export default function EntryDrawer({ source, transaction, onClose }: Props) {
  const messages = useMessages(statementMessages);
  // Kept while the drawer slides out.
  const [shown, setShown] = useState(transaction);
  if (transaction && transaction !== shown) setShown(transaction);
  return (
    <Drawer
      opened={useOpening(transaction !== undefined)}
      onClose={onClose}
      title={messages.drawer}
      size={460}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      {shown && <Details source={source} transaction={shown} />}
    </Drawer>
  );
}

function Details({ source, transaction }: { readonly source: StatementSource; readonly transaction: TransactionView }) {
  const { kind, currency, amountMinor, heldMinor, balanceAfter, reference, description, at, seq, transactionId } = transaction;
  const messages = useMessages(statementMessages);
  const kinds = useMessages(kindMessages);
  const formats = useFormats();
  return (
    <div className={styles.details}>
      <div>
        <p className={styles.kind}>{kinds.name[kind]}</p>
        <Money amountMinor={amountMinor === 0 ? heldMinor : amountMinor} currency={currency} signed large />
        <p className={styles.why}>{kinds.why[kind]}</p>
      </div>
      <dl className={styles.facts}>
        <Fact name={messages.time}>
          <time dateTime={at}>{formats.exact(new Date(at))}</time>
        </Fact>
        <Fact name={messages.description}>{description}</Fact>
        <Fact name={messages.change}>
          <Money amountMinor={amountMinor} currency={currency} signed />
        </Fact>
        {heldMinor !== 0 && (
          <Fact name={messages.heldChange}>
            <Money amountMinor={heldMinor} currency={currency} signed />
          </Fact>
        )}
        <Fact name={messages.after}>
          {balanceAfter.map((balance) => (
            <span key={balance.currency} className={styles.balance}>
              <Money amountMinor={balance.availableMinor} currency={balance.currency} />
              {balance.heldMinor !== 0 && (
                <span className={styles.held}>
                  + <Money amountMinor={balance.heldMinor} currency={balance.currency} /> {messages.afterHeld}
                </span>
              )}
            </span>
          ))}
        </Fact>
        <Fact name={messages.by}>{source.actorOf(transaction)}</Fact>
        <Fact name={messages.references[reference.type]}>
          <Copyable text={reference.id} />
        </Fact>
        <Fact name={`${messages.entry} ${formats.number(seq)}`}>
          <Copyable text={transactionId} />
        </Fact>
      </dl>
      <RelatedEntries source={source} transaction={transaction} />
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Copyable({ text }: { readonly text: string }) {
  const messages = useMessages(statementMessages);
  return (
    <span className={styles.copyable}>
      <code>{text}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? messages.copied : messages.copy}>
            <ActionIcon variant="subtle" size="sm" onClick={copy} aria-label={`${copied ? messages.copied : messages.copy}: ${text}`}>
              {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}
