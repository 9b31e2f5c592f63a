import { ProblemError } from "@aira/contract/client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { BalancesView } from "../../../api/shapes.ts";
import { useApi } from "../../../api/use-api.ts";
import { Money } from "../../../components/money.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { usePerson } from "../../../session/use-session.ts";
import { AddFundsHere, useSuggestedFunds } from "../add-funds-here.tsx";
import { attemptsOf } from "../attempts.ts";
import { numberMessages } from "../messages.ts";
import { formatPhone } from "../phone-number.ts";
import type { NumberView, Offer, Price } from "../shapes.ts";
import { useAbilities } from "../use-abilities.ts";
import { useRefreshed } from "../use-numbers.ts";
import styles from "./add-number.module.css";
import { addMessages } from "./messages.ts";
import { purchase } from "./purchase.ts";

interface Props {
  readonly offer: Offer;
  /** Undefined: not known yet. */
  readonly wallet: BalancesView | undefined;
  readonly onBack: () => void;
  readonly onGone: () => void;
  readonly onBought: (number: NumberView) => void;
  /** Off to add funds: the choice waits. */
  readonly onLeave: () => void;
}

/** What will be charged now and each month, and what remains; then the purchase. */
export function Confirm({ offer, wallet, onBack, onGone, onBought, onLeave }: Props) {
  const api = useApi();
  const { sub } = usePerson();
  const messages = useMessages(addMessages);
  const refreshed = useRefreshed();
  const attempts = useMemo(() => attemptsOf(sub), [sub]);
  const [price, setPrice] = useState<Price>(offer.price);
  const [before, setBefore] = useState<Price>();
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const buying = useMutation({
    mutationFn: () => purchase(api, attempts, offer, price),
    onSuccess: (number) => {
      refreshed();
      onBought(number);
    },
    onError: (error) => {
      if (!(error instanceof ProblemError)) return;
      refreshed();
      if (error.problem.code === "number.not_available") onGone();
      if (error.problem.price) {
        setBefore(price);
        setPrice(error.problem.price);
      }
    },
  });
  const code = buying.error instanceof ProblemError ? buying.error.problem.code : undefined;
  const available = wallet?.balances.find(({ currency }) => currency === price.currency)?.availableMinor ?? 0;
  const told = buying.error instanceof ProblemError ? buying.error.problem.missingMinor : undefined;
  const missingMinor = wallet ? Math.max(0, price.dueNowMinor - available) : (told ?? 0);
  const short = missingMinor > 0;
  const buy = () => {
    if (!buying.isPending) buying.mutate();
  };
  return (
    <div className={styles.confirm}>
      <p className={styles.chosen} ref={heading} tabIndex={-1}>
        {formatPhone(offer.phoneNumber)}
      </p>
      {before && <Moved before={before} />}
      <Terms offer={offer} price={price} remainsMinor={wallet && !short ? available - price.dueNowMinor : undefined} />
      {short ? (
        <Short missingMinor={missingMinor} available={available} price={price} wallet={wallet} onLeave={onLeave} />
      ) : (
        buying.error &&
        code !== "number.price_moved" &&
        code !== "number.not_available" && <ProblemNotice error={buying.error} onRetry={buy} />
      )}
      <div className={styles.buttons}>
        <Button variant="subtle" onClick={onBack}>
          {messages.back}
        </Button>
        {!short && <BuyButton price={price} busy={buying.isPending} onBuy={buy} />}
      </div>
      <p className={styles.fine}>{messages.fine}</p>
    </div>
  );
}

function BuyButton({ price, busy, onBuy }: { readonly price: Price; readonly busy: boolean; readonly onBuy: () => void }) {
  const messages = useMessages(addMessages);
  const formats = useFormats();
  return (
    <Button onClick={onBuy} aria-disabled={busy}>
      {busy ? messages.buying : messages.buy(formats.money(price.dueNowMinor, price.currency))}
    </Button>
  );
}

function Moved({ before }: { readonly before: Price }) {
  const messages = useMessages(addMessages);
  const formats = useFormats();
  const { dueNowMinor, monthlyMinor, currency } = before;
  return (
    <Notice tone="warning" title={messages.movedTitle}>
      <p>{messages.movedText(formats.money(dueNowMinor, currency), formats.money(monthlyMinor, currency))}</p>
    </Notice>
  );
}

interface TermsProps {
  readonly offer: Offer;
  readonly price: Price;
  readonly remainsMinor: number | undefined;
}

function Terms({ offer, price: { currency, setUpMinor, monthlyMinor, dueNowMinor }, remainsMinor }: TermsProps) {
  const messages = useMessages(addMessages);
  const names = useMessages(numberMessages);
  const abilities = useAbilities();
  const place = [offer.locality, offer.region].filter(Boolean).join(", ");
  const sums = [
    [messages.setUp, setUpMinor],
    [messages.firstMonth, monthlyMinor],
  ] as const;
  return (
    <>
      <p className={styles.about}>
        {[names.types[offer.type], place, offer.capabilities && abilities(offer.capabilities)].filter(Boolean).join(" · ")}
        {offer.addressRequirement && offer.addressRequirement !== "none" && (
          <span className={styles.requirement}>{messages.address[offer.addressRequirement]}</span>
        )}
      </p>
      <dl className={styles.terms}>
        {sums.map(([name, amountMinor]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Money amountMinor={amountMinor} currency={currency} />
            </dd>
          </div>
        ))}
        <div className={styles.due}>
          <dt>{messages.chargedNow}</dt>
          <dd>
            <Money amountMinor={dueNowMinor} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>{messages.thenMonthly}</dt>
          <dd>
            <Money amountMinor={monthlyMinor} currency={currency} />
          </dd>
        </div>
        {remainsMinor !== undefined && (
          <div>
            <dt>{messages.remains(currency)}</dt>
            <dd>
              <Money amountMinor={remainsMinor} currency={currency} />
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

interface ShortProps {
  readonly missingMinor: number;
  readonly available: number;
  readonly price: Price;
  readonly wallet: BalancesView | undefined;
  readonly onLeave: () => void;
}

function Short({ missingMinor, available, price: { currency }, wallet, onLeave }: ShortProps) {
  const messages = useMessages(addMessages);
  const formats = useFormats();
  const suggest = useSuggestedFunds();
  const [adding, setAdding] = useState(false);
  const open = () => {
    suggest(missingMinor, currency);
    onLeave();
    setAdding(true);
  };
  return (
    <>
      <Notice
        tone="warning"
        title={messages.shortTitle(formats.money(missingMinor, currency))}
        actions={<Button onClick={open}>{messages.addFunds}</Button>}
      >
        <p>{messages.shortText(formats.money(available, currency))}</p>
      </Notice>
      <AddFundsHere opened={adding} onClose={() => setAdding(false)} wallet={wallet} />
    </>
  );
}
