import type { ReactNode } from "react";
import { Link } from "react-router";
import { StateBadge } from "../../../components/badge.tsx";
import { Card } from "../../../components/card.tsx";
import { Facts } from "../../../components/detail/facts.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { formatPhone } from "../../numbers/phone-number.ts";
import { settingsMessages } from "../../numbers/settings/messages.ts";
import { useLength } from "../length.ts";
import { conversationMessages } from "../messages.ts";
import type { ConversationView } from "../shapes.ts";
import styles from "./detail.module.css";

const TONES = {
  busy: "warning",
  failed: "problem",
  no_answer: "warning",
  canceled: "plain",
  in_progress: "good",
  ringing: "good",
} as const;

const isoDay = (at: Date) => [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

/** When, how long, what it cost, and where else it appears. */
export function About({ conversation }: { readonly conversation: ConversationView }) {
  const { kind, status, startedAt, updatedAt, lengthSeconds, currency, costMinor, numberId, phoneNumber, language, optedOut } =
    conversation;
  const messages = useMessages(conversationMessages);
  const { languages } = useMessages(settingsMessages);
  const formats = useFormats();
  const length = useLength();
  const tone = status in TONES ? TONES[status as keyof typeof TONES] : "plain";
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      messages.started,
      <time key="at" dateTime={startedAt}>
        {formats.moment(new Date(startedAt))}
      </time>,
    ],
    [messages.lasted, lengthSeconds !== null && length(lengthSeconds)],
    [messages.cost, kind !== "chat" && (currency && costMinor > 0 ? formats.money(costMinor, currency) : messages.free)],
    [
      messages.number,
      numberId && phoneNumber && (
        <Link key="number" to={`/numbers/${numberId}`}>
          {formatPhone(phoneNumber)}
        </Link>
      ),
    ],
    [messages.language, languages[language]],
  ];
  const [from, to] = [isoDay(new Date(startedAt)), isoDay(new Date(updatedAt))];
  return (
    <Card label={messages.about}>
      <p className={styles.states}>
        <StateBadge tone={tone}>{messages.statuses[status]}</StateBadge>
        {optedOut && <StateBadge tone="plain">{messages.optedOut}</StateBadge>}
      </p>
      <Facts
        facts={facts}
        links={
          kind === "call" && costMinor > 0 && <Link to={`/funds?from=${from}&to=${to}&currency=${currency}`}>{messages.statement}</Link>
        }
      />
    </Card>
  );
}
