import { Skeleton, VisuallyHidden } from "@mantine/core";
import { IconMessage, IconMicrophone, IconPhoneIncoming, IconPhoneOutgoing, IconPhoneX, IconSparkles } from "@tabler/icons-react";
import { Link } from "react-router";
import { StateBadge } from "../../components/badge.tsx";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { formatPhone } from "../numbers/phone-number.ts";
import styles from "./conversations.module.css";
import { useLength } from "./length.ts";
import { conversationMessages } from "./messages.ts";
import { type ConversationView, LIVE } from "./shapes.ts";

const MISSED = new Set(["busy", "failed", "no_answer", "canceled"]);

function markOf({ kind, status, direction, voicemail }: ConversationView) {
  if (kind === "sms") return IconMessage;
  if (kind === "chat") return IconSparkles;
  if (voicemail) return IconMicrophone;
  if (MISSED.has(status)) return IconPhoneX;
  return direction === "inbound" ? IconPhoneIncoming : IconPhoneOutgoing;
}

/** One conversation: with whom, the last words, when, how long, what it cost. The name is the link; its reach is the whole row. */
export function ConversationRow({ conversation }: { readonly conversation: ConversationView }) {
  const { conversationId, kind, status, peer, phoneNumber, preview, voicemail, lengthSeconds, currency, costMinor, updatedAt } =
    conversation;
  const messages = useMessages(conversationMessages);
  const formats = useFormats();
  const length = useLength();
  const Mark = markOf(conversation);
  const at = new Date(updatedAt);
  const name = kind === "chat" ? messages.kind.chat : peer ? formatPhone(peer) : messages.withheld;
  return (
    <li className={styles.row}>
      <span className={styles.mark} data-missed={MISSED.has(status) || undefined} aria-hidden="true">
        <Mark size={20} stroke={1.75} />
      </span>
      <div className={styles.what}>
        <p className={styles.name}>
          <Link className={styles.open} to={`/conversations/${conversationId}`}>
            <VisuallyHidden>{kind !== "chat" && messages.kind[kind]} </VisuallyHidden>
            {name}
          </Link>
          {voicemail && <StateBadge tone="plain">{messages.voicemail}</StateBadge>}
          {MISSED.has(status) && <StateBadge tone="warning">{messages.statuses[status]}</StateBadge>}
          {LIVE.has(status) && <StateBadge tone="good">{messages.statuses[status]}</StateBadge>}
          {conversation.optedOut && <StateBadge tone="plain">{messages.optedOut}</StateBadge>}
        </p>
        <p className={styles.preview}>{voicemail?.transcript || preview || messages.nothingSaid}</p>
      </div>
      <div className={styles.figures}>
        <time dateTime={updatedAt} title={formats.exact(at)}>
          {formats.time(at)}
        </time>
        <span className={styles.fine}>
          {[
            lengthSeconds !== null && lengthSeconds > 0 && length(lengthSeconds),
            currency && costMinor > 0 && formats.money(costMinor, currency),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {phoneNumber && <span className={styles.own}>{formatPhone(phoneNumber)}</span>}
      </div>
    </li>
  );
}

const ROWS = ["a", "b", "c", "d", "e", "f"];

/** As tall as what comes, so that nothing jumps. */
export function SkeletonRows() {
  return (
    <div aria-busy="true">
      {ROWS.map((row) => (
        <div key={row} className={styles.skeletonRow}>
          <Skeleton height={36} width={36} circle />
          <Skeleton height={14} width="56%" />
          <Skeleton height={14} width={64} />
        </div>
      ))}
    </div>
  );
}
