import { Button } from "@mantine/core";
import { Link } from "react-router";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { conversationMessages } from "../messages.ts";
import type { ConversationView, MessageView } from "../shapes.ts";
import styles from "./detail.module.css";
import type { ReadConversation } from "./use-conversation.ts";

interface Props {
  readonly conversation: ConversationView;
  readonly read: Pick<ReadConversation, "messages" | "error" | "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">;
}

/** What was said, oldest first: the other side at the beginning of the line, ours at its end. */
export function Transcript({ conversation, read: { messages: said, error, hasNextPage, isFetchingNextPage, fetchNextPage } }: Props) {
  const messages = useMessages(conversationMessages);
  if (said.length === 0) return <p className={styles.quiet}>{messages.nothingSaid}</p>;
  return (
    <>
      {error && <ProblemNotice error={error} onRetry={() => void fetchNextPage()} />}
      {hasNextPage && (
        <div className={styles.earlier}>
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {messages.earlier}
          </Button>
        </div>
      )}
      <ol className={styles.said}>
        {said.map((message) => (
          <Bubble key={message.messageId} message={message} kind={conversation.kind} language={conversation.language} />
        ))}
      </ol>
    </>
  );
}

interface BubbleProps {
  readonly message: MessageView;
  readonly kind: ConversationView["kind"];
  readonly language: ConversationView["language"];
}

function Bubble({ message: { messageId, speaker, text, media, at }, kind, language }: BubbleProps) {
  const messages = useMessages(conversationMessages);
  const formats = useFormats();
  const who = speaker === "caller" && kind === "sms" ? messages.sender : messages.speakers[speaker];
  return (
    <li className={styles.message} data-speaker={speaker}>
      <p className={styles.who}>
        {who}{" "}
        <time dateTime={at} title={formats.exact(new Date(at))}>
          {formats.time(new Date(at))}
        </time>
      </p>
      <p className={styles.bubble} lang={language}>
        {text}
      </p>
      {media.map(({ contentType, url }) => (
        <a key={url} className={styles.entry} href={url} target="_blank" rel="noreferrer">
          {messages.attachment(contentType)}
        </a>
      ))}
      {kind === "sms" && (
        <Link className={styles.entry} to={`/funds?reference=${encodeURIComponent(messageId)}`}>
          {messages.entry}
        </Link>
      )}
    </li>
  );
}
