import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Empty } from "../../components/empty.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useMessages } from "../../i18n/language.tsx";
import type { ReadConversation } from "../conversations/detail/use-conversation.ts";
import styles from "./assistant.module.css";
import { Composer } from "./composer.tsx";
import { assistantMessages } from "./messages.ts";
import { Said } from "./said.tsx";
import { Unanswered } from "./unanswered.tsx";
import type { Turn } from "./use-turns.ts";

interface Props {
  readonly conversationId: string | undefined;
  readonly read: ReadConversation;
  readonly turns: readonly Turn[];
  readonly send: (text: string) => void;
  readonly sendAgain: (turn: Turn) => void;
  readonly drop: (id: string) => void;
}

/** What was said, what is being asked, and where one writes. */
export function Chat({ conversationId, read, turns, send, sendAgain, drop }: Props) {
  const messages = useMessages(assistantMessages);
  const end = useRef<HTMLDivElement>(null);
  const stored = conversationId === undefined ? [] : read.messages;
  const answers = new Set(stored.filter(({ speaker }) => speaker === "assistant").map(({ at }) => at));
  // What was answered just now is shown from here until the list, which may lag, has it.
  const fresh = turns.filter(({ answer }) => !answer || !answers.has(answer.at));
  const running = turns.some(({ answer, error }) => !answer && error === undefined);
  const lastAnswer = turns.findLast(({ answer }) => answer)?.answer;
  const length = stored.length + fresh.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new at the end is to be seen.
  useEffect(() => {
    if (length > 0) end.current?.scrollIntoView({ block: "end" });
  }, [length, running, lastAnswer]);
  const isEmpty = length === 0 && (conversationId === undefined || read.data !== undefined);
  return (
    <section className={styles.chat} aria-label={messages.conversation}>
      <div className={styles.log}>
        {isEmpty && <Welcome onAsk={send} />}
        {conversationId !== undefined && read.isPending && fresh.length === 0 && <LogSkeleton />}
        {read.error && <ProblemNotice error={read.error} onRetry={() => void read.refetch()} />}
        {read.hasNextPage && (
          <Button variant="default" size="xs" loading={read.isFetchingNextPage} onClick={() => read.fetchNextPage()}>
            {messages.earlierMessages}
          </Button>
        )}
        <ol className={styles.messages}>
          {stored.map(({ messageId, speaker, text, proposals, at }) => (
            <Said key={messageId} mine={speaker === "customer"} text={text} proposals={proposals} at={at} />
          ))}
          {fresh.map((turn) => (
            <FreshTurn key={turn.id} turn={turn} onAgain={() => sendAgain(turn)} onDrop={() => drop(turn.id)} />
          ))}
        </ol>
        <VisuallyHidden role="status">
          {running ? messages.thinking : lastAnswer ? `${messages.assistant}: ${lastAnswer.reply}` : ""}
        </VisuallyHidden>
        <div ref={end} className={styles.end} />
      </div>
      <Composer busy={running} onSend={send} />
    </section>
  );
}

interface FreshProps {
  readonly turn: Turn;
  readonly onAgain: () => void;
  readonly onDrop: () => void;
}

function FreshTurn({ turn: { text, askedAt, answer, error }, onAgain, onDrop }: FreshProps) {
  const messages = useMessages(assistantMessages);
  return (
    <>
      <Said mine text={text} proposals={[]} at={askedAt} />
      {answer && <Said mine={false} text={answer.reply} proposals={answer.proposals} at={answer.at} />}
      {!answer && error === undefined && (
        <li className={styles.message} aria-hidden="true">
          <span className={styles.thinking} title={messages.thinking}>
            <i />
            <i />
            <i />
          </span>
        </li>
      )}
      {error !== undefined && <Unanswered error={error} onAgain={onAgain} onDrop={onDrop} />}
    </>
  );
}

function Welcome({ onAsk }: { readonly onAsk: (text: string) => void }) {
  const messages = useMessages(assistantMessages);
  return (
    <Empty
      icon={IconSparkles}
      title={messages.welcome}
      action={
        // biome-ignore lint/a11y/useSemanticElements: these are no fields.
        <div className={styles.suggestions} role="group" aria-label={messages.suggestionsLabel}>
          {Object.entries(messages.suggestions).map(([name, text]) => (
            <button key={name} type="button" className={styles.suggestion} onClick={() => onAsk(text)}>
              {text}
            </button>
          ))}
        </div>
      }
    >
      {messages.welcomeText}
    </Empty>
  );
}

function LogSkeleton() {
  return (
    <div className={styles.messages} aria-busy="true">
      <Skeleton height={42} width="48%" ml="auto" radius="lg" />
      <Skeleton height={64} width="66%" radius="lg" />
      <Skeleton height={42} width="36%" ml="auto" radius="lg" />
    </div>
  );
}
