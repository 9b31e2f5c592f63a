import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import type { BalancesView } from "../../../api/shapes.ts";
import { useApi } from "../../../api/use-api.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Segments } from "../../../components/segments.tsx";
import { useOpening } from "../../../components/use-ever.ts";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages, useSpeech } from "../../../i18n/language.tsx";
import { CURRENCIES, type Currency, currencies, isCurrency, PRESETS_MINOR, usualCurrency } from "../../../money/currency.ts";
import { moneyParts } from "../../../money/format.ts";
import { parseAmount } from "../../../money/parse.ts";
import { recall, remember } from "../../../session/tab-storage.ts";
import { usePerson } from "../../../session/use-session.ts";
import styles from "./add-funds.module.css";
import { intentsOf } from "./intent.ts";
import { topUpMessages } from "./messages.ts";
import { openPayment } from "./open-payment.ts";
import { useAmountHint } from "./use-amount-hint.ts";

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly wallet: BalancesView | undefined;
  /** What was asked for turns out to be paid already. */
  readonly onKnown: (topUpId: string) => void;
}

/** The dialog that leads to Stripe's page. */
export default function AddFunds({ opened, onClose, ...rest }: Props) {
  const messages = useMessages(topUpMessages);
  return (
    <Modal
      opened={useOpening(opened)}
      onClose={onClose}
      size={460}
      title={messages.title}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      <FundsForm {...rest} />
    </Modal>
  );
}

function FundsForm({ wallet, onKnown }: Omit<Props, "opened" | "onClose">) {
  const api = useApi();
  const { sub } = usePerson();
  const { locales } = useSpeech();
  const messages = useMessages(topUpMessages);
  const formats = useFormats();
  const intents = useMemo(() => intentsOf(sub), [sub]);
  const draft = recall<{ currency?: string; text?: string }>(`draft.${sub}`);
  const [currency, setCurrency] = useState<Currency>(isCurrency(draft?.currency) ? draft.currency : usualCurrency(locales));
  const [text, setText] = useState(draft?.text ?? "");
  const [touched, setTouched] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const parsed = parseAmount(text, currency, locales);
  const { hint, wrong } = useAmountHint(parsed, currency, touched);

  const opening = useMutation({
    mutationFn: (amountMinor: number) => openPayment(api, intents, { currency, amountMinor }),
    onSuccess: (result) => ("known" in result ? onKnown(result.known) : location.assign(result.url)),
  });
  // Busy until the page is left: a second press would find it half gone.
  const busy = opening.isPending || (opening.data !== undefined && "url" in opening.data);
  const { reset } = opening;
  useEffect(() => {
    // Back from Stripe by the browser's own button: the page wakes up as it was left.
    const wake = (event: PageTransitionEvent) => event.persisted && reset();
    addEventListener("pageshow", wake);
    return () => removeEventListener("pageshow", wake);
  }, [reset]);

  const change = (next: { currency?: Currency; text?: string }) => {
    remember(`draft.${sub}`, { currency, text, ...next });
    if (next.currency) setCurrency(next.currency);
    if (next.text !== undefined) setText(next.text);
    setTouched(false);
    reset();
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    setTouched(true);
    if ("problem" in parsed) return input.current?.focus();
    if (!busy) opening.mutate(parsed.amountMinor);
  };

  const symbol = moneyParts(0, currency, locales).find(({ type }) => type === "currency")?.value;
  const available = wallet?.balances.find((balance) => balance.currency === currency)?.availableMinor ?? 0;
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Segments
        wide
        label={messages.currency}
        value={currency}
        onChange={(value) => change({ currency: value })}
        options={currencies.map((code) => ({ value: code, label: code }))}
      />
      <fieldset className={styles.presets} aria-label={messages.presets}>
        {PRESETS_MINOR[currency].map((minor) => (
          <button
            key={minor}
            type="button"
            className={styles.preset}
            aria-pressed={"amountMinor" in parsed && parsed.amountMinor === minor}
            onClick={() => change({ text: formats.plain(minor, currency) })}
          >
            {formats.shortMoney(minor, currency)}
          </button>
        ))}
      </fieldset>
      <TextInput
        ref={input}
        data-autofocus
        size="md"
        label={messages.amount}
        leftSection={<span aria-hidden="true">{symbol}</span>}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        value={text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        onBlur={() => setTouched(text !== "")}
        error={wrong ? hint : undefined}
        description={wrong ? undefined : hint}
        inputWrapperOrder={["label", "input", "description", "error"]}
        classNames={{ input: styles.amount ?? "" }}
      />
      {opening.error && <ProblemNotice error={opening.error} onRetry={submit} />}
      <Button type="submit" size="md" fullWidth aria-disabled={busy}>
        {busy
          ? messages.opening
          : "amountMinor" in parsed
            ? messages.submitAmount(formats.money(parsed.amountMinor, currency))
            : messages.submit}
      </Button>
      <p className={styles.fine}>
        {"amountMinor" in parsed && parsed.amountMinor <= CURRENCIES[currency].ceilingMinor && (
          <>{messages.after(formats.money(available + parsed.amountMinor, currency))} </>
        )}
        {messages.fine}
      </p>
    </form>
  );
}
