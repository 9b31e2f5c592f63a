import { Button } from "@mantine/core";
import { IconListSearch, IconMessages } from "@tabler/icons-react";
import { Link } from "react-router";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { EndlessList } from "../../components/endless/endless-list.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { useAddressFilters } from "../../filters/use-address-filters.ts";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ConversationRow, SkeletonRows } from "./conversation-row.tsx";
import styles from "./conversations.module.css";
import { FilterBar } from "./filter-bar.tsx";
import { type ConversationFilters, countFilters, NO_FILTERS, readFilters } from "./filters.ts";
import { conversationMessages } from "./messages.ts";
import type { ConversationView } from "./shapes.ts";
import { useConversations } from "./use-conversations.ts";

export function Timeline() {
  const messages = useMessages(conversationMessages);
  const [filters, change] = useAddressFilters(readFilters);
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
  const { pages, loaded, shown, searching } = useConversations(filters);
  const { hasNextPage, isFetchingNextPage } = pages;
  return (
    <EndlessList
      pages={pages}
      searching={searching}
      loaded={loaded.length}
      shown={shown.length}
      count={messages.shown(formats.number(shown.length))}
      // What is looked for is not chased through years of pages by itself.
      byItself={filters.q === null}
      skeleton={<SkeletonRows />}
    >
      {shown.length > 0 || searching || isFetchingNextPage ? (
        <Days conversations={shown} />
      ) : countFilters(filters) > 0 || hasNextPage ? (
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
      ) : (
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
      )}
    </EndlessList>
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
