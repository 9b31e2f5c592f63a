import { Button, Loader } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { IconListSearch, IconMessages } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ConversationRow, SkeletonRows } from "./conversation-row.tsx";
import styles from "./conversations.module.css";
import { FilterBar } from "./filter-bar.tsx";
import { type ConversationFilters, countFilters, NO_FILTERS, readFilters, writeFilters } from "./filters.ts";
import { conversationMessages } from "./messages.ts";
import type { ConversationView } from "./shapes.ts";
import { useConversations } from "./use-conversations.ts";

export function Timeline() {
  const messages = useMessages(conversationMessages);
  const [query, setQuery] = useSearchParams();
  const filters = useMemo(() => readFilters(query), [query]);
  const change = (next: Partial<ConversationFilters>) =>
    setQuery((old) => writeFilters(old, next), { replace: true, preventScrollReset: true });
  return (
    <>
      <PageHead title={messages.title} />
      <Card label={messages.list} flush>
        <FilterBar filters={filters} onChange={change} />
        <Rows filters={filters} onFilter={change} />
      </Card>
    </>
  );
}

interface Props {
  readonly filters: ConversationFilters;
  readonly onFilter: (change: Partial<ConversationFilters>) => void;
}

function Rows({ filters, onFilter }: Props) {
  const messages = useMessages(conversationMessages);
  const formats = useFormats();
  const { shown, loaded, error, isPending, isPlaceholderData, isFetchingNextPage, hasNextPage, searching, refetch, fetchNextPage } =
    useConversations(filters);
  const { ref, entry } = useIntersection({ rootMargin: "600px" });
  const atEnd = entry?.isIntersecting ?? false;
  // What is looked for is not chased through years of pages by itself.
  const more = hasNextPage && !isFetchingNextPage && !error && !searching && filters.q === null;
  useEffect(() => {
    if (atEnd && more && loaded.length > 0) void fetchNextPage();
  }, [atEnd, more, loaded.length, fetchNextPage]);

  if (isPending) return <SkeletonRows />;
  const retry = () => void (loaded.length > 0 ? fetchNextPage() : refetch());
  if (error && loaded.length === 0)
    return (
      <div className={styles.aside}>
        <ProblemNotice error={error} onRetry={retry} />
      </div>
    );
  if (shown.length === 0 && !hasNextPage && countFilters(filters) === 0)
    return (
      <Empty
        icon={IconMessages}
        title={messages.emptyTitle}
        action={
          <Button component={Link} to="/numbers">
            {messages.toNumbers}
          </Button>
        }
      >
        {messages.emptyText}
      </Empty>
    );
  return (
    <div aria-busy={isPlaceholderData}>
      {shown.length === 0 && !searching && !isFetchingNextPage && (
        <Empty
          icon={IconListSearch}
          title={messages.noneTitle}
          action={
            <Button variant="default" onClick={() => onFilter(NO_FILTERS)}>
              {messages.clear}
            </Button>
          }
        >
          {hasNextPage ? messages.noneLoaded(formats.number(loaded.length)) : messages.noneText}
        </Empty>
      )}
      <Days conversations={shown} />
      <p className={styles.hidden} role="status">
        {messages.shown(formats.number(shown.length))}
      </p>
      {error && (
        <div className={styles.aside}>
          <ProblemNotice error={error} onRetry={retry} />
        </div>
      )}
      {(shown.length > 0 || hasNextPage) && (
        <div ref={ref} className={styles.more}>
          {isFetchingNextPage || searching ? (
            <span className={styles.searching}>
              <Loader size={16} /> {messages.searching}
            </span>
          ) : hasNextPage ? (
            <Button variant="default" onClick={() => fetchNextPage()}>
              {messages.older}
            </Button>
          ) : (
            messages.end
          )}
        </div>
      )}
    </div>
  );
}

const DAY_MS = 86_400_000;

/** Under the days on which they were last heard of. */
function Days({ conversations }: { readonly conversations: readonly ConversationView[] }) {
  const messages = useMessages(conversationMessages);
  const formats = useFormats();
  const nameOf = (at: string) => formats.day(new Date(at));
  const now = Date.now();
  const special = new Map([
    [formats.day(new Date(now - DAY_MS)), messages.yesterday],
    [formats.day(new Date(now)), messages.today],
  ]);
  const days = Map.groupBy(conversations, ({ updatedAt }) => nameOf(updatedAt));
  return [...days].map(([day, those]) => (
    <section key={day} aria-label={special.get(day) ?? day}>
      <h2 className={styles.dayName}>{special.get(day) ?? day}</h2>
      <ul className={styles.list}>
        {those.map((conversation) => (
          <ConversationRow key={conversation.conversationId} conversation={conversation} />
        ))}
      </ul>
    </section>
  ));
}
