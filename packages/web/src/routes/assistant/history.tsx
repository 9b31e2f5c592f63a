import { Button, Skeleton } from "@mantine/core";
import { Link } from "react-router";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { NO_FILTERS } from "../conversations/filters.ts";
import { useConversations } from "../conversations/use-conversations.ts";
import styles from "./assistant.module.css";
import { assistantMessages } from "./messages.ts";

interface Props {
  readonly current: string | undefined;
  readonly onOpen?: () => void;
}

const CHATS = { ...NO_FILTERS, kind: "chat" } as const;

/** Earlier chats, newest first. */
export function History({ current, onOpen }: Props) {
  const messages = useMessages(assistantMessages);
  const formats = useFormats();
  const { pages, shown } = useConversations(CHATS);
  const { error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = pages;
  if (isPending) return <Skeleton height={96} />;
  if (error && shown.length === 0) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (shown.length === 0) return <p className={styles.fine}>{messages.noEarlier}</p>;
  return (
    <>
      <ul className={styles.chats}>
        {shown.map(({ conversationId, preview, updatedAt }) => (
          <li key={conversationId}>
            <Link
              to={`/assistant/${conversationId}`}
              aria-current={conversationId === current ? "page" : undefined}
              {...(onOpen ? { onClick: onOpen } : {})}
            >
              <span className={styles.preview}>{preview}</span>
              <time className={styles.fine} dateTime={updatedAt}>
                {formats.moment(new Date(updatedAt))}
              </time>
            </Link>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="subtle" size="xs" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {messages.moreEarlier}
        </Button>
      )}
    </>
  );
}
