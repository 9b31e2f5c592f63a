import type { Client } from "@aira/contract/client";
import { Button, Skeleton } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../../api/use-api.ts";
import { StateBadge } from "../../../components/badge.tsx";
import { Card } from "../../../components/card.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";

type Finding = Awaited<ReturnType<Client["listQuarantine"]>>["findings"][number];

/** What was paid and never credited, since it contradicts its top-up. */
export function Quarantine() {
  const api = useApi();
  const { findings: messages } = useMessages(operatorMessages);
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ["operator", "quarantine"],
    queryFn: ({ pageParam, signal }) => api.listQuarantine({ query: pageParam === undefined ? {} : { cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const findings = data?.pages.flatMap((page) => page.findings) ?? [];
  return (
    <Card title={messages.title} flush>
      <p className={styles.lead}>{messages.lead}</p>
      {isPending && (
        <div className={styles.aside}>
          <Skeleton height={120} />
        </div>
      )}
      {error && (
        <div className={styles.aside}>
          <ProblemNotice error={error} onRetry={refetch} />
        </div>
      )}
      {data && findings.length === 0 && (
        <Empty icon={IconShieldCheck} title={messages.emptyTitle}>
          {messages.emptyText}
        </Empty>
      )}
      {findings.length > 0 && (
        <ul className={styles.findings}>
          {findings.map((finding) => (
            <FindingRow key={finding.quarantineId} finding={finding} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div className={styles.more}>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {messages.more}
          </Button>
        </div>
      )}
    </Card>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { quarantineId, reason, topUpId, sessionId, expected, found, at } = finding;
  const api = useApi();
  const queries = useQueryClient();
  const { findings: messages } = useMessages(operatorMessages);
  const formats = useFormats();
  const replay = useMutation({
    mutationFn: () => api.replayQuarantine({ params: { quarantineId } }),
    onSuccess: ({ closed }) => closed && queries.invalidateQueries({ queryKey: ["operator"] }),
  });
  const facts = [
    [messages.expected, expected],
    [messages.found, found],
    [messages.topUp, topUpId],
    [messages.session, sessionId],
  ] as const;
  return (
    <li className={styles.finding}>
      <div className={styles.findingHead}>
        <span className={styles.owner}>
          <StateBadge tone="warning">{messages.reasons[reason]}</StateBadge>
          <time dateTime={at}>{formats.moment(new Date(at))}</time>
        </span>
        <Button variant="default" aria-disabled={replay.isPending} onClick={() => !replay.isPending && replay.mutate()}>
          {replay.isPending ? messages.replaying : messages.replay}
        </Button>
      </div>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
      {replay.error && <ProblemNotice error={replay.error} onRetry={() => replay.mutate()} />}
      {replay.data && (
        <Notice tone={replay.data.closed ? "good" : "warning"} title={replay.data.closed ? messages.closed : messages.open} />
      )}
    </li>
  );
}
