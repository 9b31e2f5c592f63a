import type { NumberType, Proposal } from "@aira/contract";
import { Button } from "@mantine/core";
import { IconCreditCardPay, IconPhonePlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useEver } from "../../components/use-ever.ts";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { AddFundsHere, useSuggestedFunds } from "../numbers/add-funds-here.tsx";
import { formatPhone } from "../numbers/phone-number.ts";
import type { Offer } from "../numbers/shapes.ts";
import { useWallet } from "../numbers/use-numbers.ts";
import styles from "./assistant.module.css";
import { assistantMessages } from "./messages.ts";

const AddNumber = lazy(() => import("../numbers/add/add-number.tsx"));

/** What the assistant proposes: nothing happens before one confirms it where everybody buys and pays. */
export function ProposalCard({ proposal }: { readonly proposal: Proposal }) {
  return proposal.kind === "top_up" ? <TopUp proposal={proposal} /> : <Purchase proposal={proposal} />;
}

function TopUp({ proposal: { currency, amountMinor } }: { readonly proposal: Extract<Proposal, { kind: "top_up" }> }) {
  const messages = useMessages(assistantMessages);
  const formats = useFormats();
  const wallet = useWallet();
  const suggest = useSuggestedFunds();
  const [adding, setAdding] = useState(false);
  const amount = formats.money(amountMinor, currency);
  const open = () => {
    suggest(amountMinor, currency);
    setAdding(true);
  };
  return (
    <li className={styles.proposal} aria-label={messages.proposal}>
      <IconCreditCardPay size={22} stroke={1.5} aria-hidden="true" />
      <div>
        <p className={styles.proposalTitle}>{messages.topUpTitle(amount)}</p>
        <p className={styles.fine}>{messages.topUpText}</p>
      </div>
      <Button onClick={open}>{messages.topUpConfirm(amount)}</Button>
      <AddFundsHere opened={adding} onClose={() => setAdding(false)} wallet={wallet.data} />
    </li>
  );
}

type PurchaseProposal = Extract<Proposal, { kind: "purchase_number" }>;

const offerOf = ({ phoneNumber, country, type, currency, expectedMinor, expectedMonthlyMinor }: PurchaseProposal): Offer => ({
  phoneNumber,
  country,
  // As the search answered it.
  type: type as NumberType,
  price: { currency, monthlyMinor: expectedMonthlyMinor, dueNowMinor: expectedMinor, setUpMinor: expectedMinor - expectedMonthlyMinor },
});

function Purchase({ proposal }: { readonly proposal: PurchaseProposal }) {
  const messages = useMessages(assistantMessages);
  const formats = useFormats();
  const [buying, setBuying] = useState(false);
  const everBuying = useEver(buying);
  const { phoneNumber, currency, expectedMinor, expectedMonthlyMinor } = proposal;
  const written = formatPhone(phoneNumber);
  return (
    <li className={styles.proposal} aria-label={messages.proposal}>
      <IconPhonePlus size={22} stroke={1.5} aria-hidden="true" />
      <div>
        <p className={styles.proposalTitle}>{written}</p>
        <p className={styles.fine}>
          {messages.purchaseText(formats.money(expectedMinor, currency), formats.money(expectedMonthlyMinor, currency))}
        </p>
      </div>
      <Button variant="default" onClick={() => setBuying(true)} aria-label={messages.purchaseConfirmLabel(written)}>
        {messages.purchaseConfirm}
      </Button>
      <Suspense>{everBuying && <AddNumber opened={buying} onClose={() => setBuying(false)} offer={offerOf(proposal)} />}</Suspense>
    </li>
  );
}
