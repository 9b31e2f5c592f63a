import type { Proposal } from "@aira/contract";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import styles from "./assistant.module.css";
import { assistantMessages } from "./messages.ts";
import { ProposalCard } from "./proposal-card.tsx";

interface Props {
  readonly mine: boolean;
  readonly text: string;
  readonly proposals: readonly Proposal[];
  readonly at: string;
}

/** One thing said, with what it proposes. */
export function Said({ mine, text, proposals, at }: Props) {
  const messages = useMessages(assistantMessages);
  const formats = useFormats();
  const time = new Date(at);
  return (
    <li className={styles.message} data-mine={mine || undefined}>
      <p className={styles.who}>
        {mine ? messages.you : messages.assistant}{" "}
        <time dateTime={at} title={formats.exact(time)}>
          {formats.time(time)}
        </time>
      </p>
      <p className={styles.bubble}>{text}</p>
      {proposals.length > 0 && (
        <ul className={styles.proposals}>
          {proposals.map((proposal) => (
            <ProposalCard key={JSON.stringify(proposal)} proposal={proposal} />
          ))}
        </ul>
      )}
    </li>
  );
}
