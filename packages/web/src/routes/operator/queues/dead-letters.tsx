import { Drawer, Skeleton } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../../api/use-api.ts";
import { Empty } from "../../../components/empty.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";

/** A look at up to ten dead letters, by what leads to their cause. */
export function DeadLetters({ queue, onClose }: { readonly queue: string | undefined; readonly onClose: () => void }) {
  const { queue: messages, close } = useMessages(operatorMessages);
  return (
    <Drawer
      opened={queue !== undefined}
      onClose={onClose}
      size={480}
      title={messages.letters(queue ?? "")}
      closeButtonProps={{ "aria-label": close }}
    >
      {queue !== undefined && <Letters queue={queue} />}
    </Drawer>
  );
}

function Letters({ queue }: { readonly queue: string }) {
  const api = useApi();
  const { queue: messages } = useMessages(operatorMessages);
  const formats = useFormats();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["operator", "dead-letters", queue],
    queryFn: ({ signal }) => api.listDeadLetters({ params: { queue } }, { signal }),
    staleTime: 0,
    gcTime: 0,
    // Each look counts as a receive and hides the letters for a while.
    refetchOnWindowFocus: false,
  });
  if (isPending) return <Skeleton height={120} />;
  if (error) return <ProblemNotice error={error} onRetry={refetch} />;
  if (data.deadLetters.length === 0)
    return (
      <Empty icon={IconInbox} title={messages.lettersNone}>
        {messages.lettersNoneText}
      </Empty>
    );
  return (
    <ul className={styles.findings}>
      {data.deadLetters.map(({ messageId, eventType, eventId, firstSentAt, receiveCount }) => (
        <li key={messageId} className={styles.finding}>
          <strong>{eventType ?? "–"}</strong>
          <dl className={styles.facts}>
            {(
              [
                [messages.event, eventId ?? "–"],
                [messages.message, messageId],
                [messages.sent, formats.moment(new Date(firstSentAt))],
                [messages.receives, formats.number(receiveCount)],
              ] as const
            ).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
