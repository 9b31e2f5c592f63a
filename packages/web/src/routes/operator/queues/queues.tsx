import type { Client } from "@aira/contract/client";
import { Button, Modal, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../../api/use-api.ts";
import { StateBadge } from "../../../components/badge.tsx";
import { Card } from "../../../components/card.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";
import { DeadLetters } from "./dead-letters.tsx";

type QueueCounts = Awaited<ReturnType<Client["listQueues"]>>["queues"][number];

const LOOK_MS = 10_000;

/** How deep the queues are, and what no consumer could do. */
export function Queues() {
  const api = useApi();
  const { queue: messages } = useMessages(operatorMessages);
  const formats = useFormats();
  const [looking, setLooking] = useState<string>();
  const [redriving, setRedriving] = useState<string>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["operator", "queues"],
    queryFn: ({ signal }) => api.listQueues({}, { signal }),
    refetchInterval: LOOK_MS,
  });
  const columns: Column<QueueCounts>[] = [
    { name: messages.name, cell: ({ queue }) => <code>{queue}</code> },
    { name: messages.waiting, figure: true, cell: ({ waiting }) => formats.number(waiting) },
    { name: messages.inFlight, figure: true, cell: ({ inFlight }) => formats.number(inFlight) },
    {
      name: messages.dead,
      figure: true,
      cell: ({ dead }) => (dead === 0 ? formats.number(dead) : <StateBadge tone="problem">{formats.number(dead)}</StateBadge>),
    },
    {
      name: messages.actions,
      figure: true,
      cell: ({ queue, dead }) => (
        <span className={styles.actions}>
          <Button variant="default" size="xs" aria-label={messages.lookAt(queue)} onClick={() => setLooking(queue)}>
            {messages.look}
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={dead === 0}
            aria-label={messages.redriveQueue(queue)}
            onClick={() => setRedriving(queue)}
          >
            {messages.redrive}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <Card title={messages.title} flush>
      <p className={styles.lead}>{messages.lead}</p>
      {isPending && (
        <div className={styles.aside}>
          <Skeleton height={96} />
        </div>
      )}
      {error && (
        <div className={styles.aside}>
          <ProblemNotice error={error} onRetry={refetch} />
        </div>
      )}
      {data && <DataTable label={messages.title} columns={columns} rows={data.queues} keyOf={({ queue }) => queue} />}
      <DeadLetters queue={looking} onClose={() => setLooking(undefined)} />
      <RedriveDialog queue={redriving} onClose={() => setRedriving(undefined)} />
    </Card>
  );
}

function RedriveDialog({ queue, onClose }: { readonly queue: string | undefined; readonly onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const { queue: messages, close, cancel } = useMessages(operatorMessages);
  const formats = useFormats();
  const redrive = useMutation({
    mutationFn: (name: string) => api.redriveQueue({ params: { queue: name } }),
    onSuccess: ({ moved, complete }) => {
      const count = formats.number(moved);
      notifications.show({ message: complete ? messages.moved(count) : messages.movedPartly(count) });
      void queries.invalidateQueries({ queryKey: ["operator", "queues"] });
      onClose();
    },
  });
  const start = () => queue !== undefined && redrive.mutate(queue);
  return (
    <Modal
      opened={queue !== undefined}
      onClose={onClose}
      size={440}
      title={messages.redriveQueue(queue ?? "")}
      closeButtonProps={{ "aria-label": close }}
    >
      <div className={styles.form}>
        <p className={styles.text}>{messages.redriveText}</p>
        {redrive.error && <ProblemNotice error={redrive.error} onRetry={start} />}
        <div className={styles.buttons}>
          <Button variant="subtle" onClick={onClose}>
            {cancel}
          </Button>
          <Button data-autofocus loading={redrive.isPending} onClick={start}>
            {messages.redrive}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
