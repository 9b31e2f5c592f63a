import { Button, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { BalanceView } from "../../../api/shapes.ts";
import { useApi } from "../../../api/use-api.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Segments } from "../../../components/segments.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages, useSpeech } from "../../../i18n/language.tsx";
import { amountMessages } from "../../../money/amount-messages.ts";
import { type Currency, currencies } from "../../../money/currency.ts";
import { parseAmount } from "../../../money/parse.ts";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";
import { usePosting } from "./use-posting.ts";

interface Props {
  readonly owner: string;
  readonly balances: readonly BalanceView[];
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** The contract's bounds of a correction, either way. */
const BOUNDS = { floorMinor: 1, ceilingMinor: 99_999_999 } as const;

export function AdjustDialog({ opened, onClose, ...rest }: Props) {
  const messages = useMessages(operatorMessages);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={480}
      title={messages.adjust.title(rest.owner)}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      <AdjustForm onClose={onClose} {...rest} />
    </Modal>
  );
}

function AdjustForm({ owner, balances, onClose }: Omit<Props, "opened">) {
  const api = useApi();
  const { adjust, cancel } = useMessages(operatorMessages);
  const problems = useMessages(amountMessages);
  const { locales } = useSpeech();
  const formats = useFormats();
  const form = useForm({
    initialValues: { sign: "add", currency: "USD" as Currency, amount: "", reason: "" },
    validateInputOnBlur: true,
    validate: {
      amount: (text, { currency }) => {
        const parsed = parseAmount(text, currency, locales, BOUNDS);
        if ("amountMinor" in parsed) return null;
        const bound = parsed.problem === "too_large" ? BOUNDS.ceilingMinor : BOUNDS.floorMinor;
        const isBound = parsed.problem === "too_large" || parsed.problem === "too_small";
        return problems[parsed.problem](isBound ? formats.money(bound, currency) : formats.plain(1_250, currency));
      },
      reason: (text) => (text.trim().length < 3 ? adjust.reasonShort : null),
    },
  });
  const { sign, currency, amount } = form.values;
  const parsed = parseAmount(amount, currency, locales, BOUNDS);
  const amountMinor = "amountMinor" in parsed ? (sign === "add" ? parsed.amountMinor : -parsed.amountMinor) : undefined;
  const available = balances.find((balance) => balance.currency === currency)?.availableMinor ?? 0;
  const posting = usePosting({
    post: (body: Parameters<typeof api.adjustWallet>[0]["body"], idempotencyKey) => api.adjustWallet({ body }, { idempotencyKey }),
    sentenceOf: (entry) => adjust.done(formats.signedMoney(entry.amountMinor, entry.currency)),
    onPosted: onClose,
  });
  const submit = form.onSubmit(({ reason }) => {
    if (amountMinor !== undefined && !posting.isPending) posting.mutate({ owner, currency, amountMinor, reason: reason.trim() });
  });
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Segments
        wide
        label={adjust.direction}
        value={sign}
        onChange={(value) => form.setFieldValue("sign", value)}
        options={[
          { value: "add", label: adjust.add },
          { value: "take", label: adjust.take },
        ]}
      />
      <Segments
        wide
        label={adjust.currency}
        value={currency}
        onChange={(value) => form.setFieldValue("currency", value)}
        options={currencies.map((code) => ({ value: code, label: code }))}
      />
      <TextInput
        data-autofocus
        label={adjust.amount}
        inputMode="decimal"
        autoComplete="off"
        maxLength={40}
        {...form.getInputProps("amount")}
      />
      <TextInput
        label={adjust.reason}
        description={adjust.reasonHint}
        maxLength={200}
        autoComplete="off"
        {...form.getInputProps("reason")}
      />
      {amountMinor !== undefined && (
        <p className={styles.text}>{adjust.after(formats.money(available, currency), formats.money(available + amountMinor, currency))}</p>
      )}
      {posting.error && <ProblemNotice error={posting.error} onRetry={submit} />}
      <div className={styles.buttons}>
        <Button variant="subtle" onClick={onClose}>
          {cancel}
        </Button>
        <Button type="submit" loading={posting.isPending}>
          {amountMinor === undefined ? adjust.submitEmpty : adjust.submit(formats.signedMoney(amountMinor, currency))}
        </Button>
      </div>
    </form>
  );
}
