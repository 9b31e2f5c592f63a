import type { Client } from "@aira/contract/client";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useApi } from "../../../api/use-api.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import { runMessages } from "./run-messages.ts";

export type Run = Awaited<ReturnType<Client["listRuns"]>>["runs"][number];
type RunKind = Run["kind"];

const SHOWN = 8;

/** How often a run that is under way is looked at: the longer it takes, the less a moment matters. */
const PAUSES = [
  { forMs: 15_000, pauseMs: 1_000 },
  { forMs: 90_000, pauseMs: 3_000 },
] as const;
const LAST_PAUSE_MS = 10_000;

export const isUnderWay = ({ state }: Run): boolean => state === "queued" || state === "running";

function pauseOf(runs: readonly Run[] | undefined): number | false {
  const [newest] = runs?.filter(isUnderWay) ?? [];
  if (!newest) return false;
  const age = Date.now() - Date.parse(newest.requestedAt);
  return PAUSES.find(({ forMs }) => age < forMs)?.pauseMs ?? LAST_PAUSE_MS;
}

/** The runs of one kind, followed while one is under way, and the start of another. */
export function useRuns(kind: RunKind) {
  const api = useApi();
  const queries = useQueryClient();
  const queryKey = ["operator", "runs", kind];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await api.listRuns({ query: { kind, limit: SHOWN } }, { signal })).runs,
    refetchInterval: ({ state }) => pauseOf(state.data),
  });
  const [chosenId, choose] = useState<string>();
  /** Whose end is still to be told. */
  const followed = useRef(new Set<string>());
  const start = useMutation({
    // The key comes with what is asked for, so that trying again after a lost answer is the same run.
    mutationFn: ({ full, key }: { readonly full: boolean; readonly key: string }) =>
      api.startRun({ body: { kind, full } }, { idempotencyKey: key }),
    onSuccess: ({ runId }) => {
      // From its start on: a quick one is over before it is seen under way.
      followed.current.add(runId);
      choose(runId);
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const runs = query.data ?? [];
  useEnds(kind, runs, followed.current);
  return {
    kind,
    query,
    runs,
    /** The one that somebody chose or started here, else the newest. */
    shown: runs.find(({ runId }) => runId === chosenId) ?? runs[0],
    choose,
    start,
  };
}

export type Runs = ReturnType<typeof useRuns>;

/** Says when a run that was under way here has come to its end, and has the reports read again. */
function useEnds(kind: RunKind, runs: readonly Run[], followed: Set<string>): void {
  const queries = useQueryClient();
  const { kinds, failed } = useMessages(runMessages);
  const { close } = useMessages(operatorMessages);
  const { title, sound, found } = kinds[kind];
  useEffect(() => {
    for (const run of runs) {
      if (isUnderWay(run)) followed.add(run.runId);
      else if (followed.delete(run.runId)) {
        const message = run.state === "finished" ? (run.findingCount === 0 ? sound : found) : `${title}: ${failed}`;
        const color = run.state === "finished" && run.findingCount === 0 ? {} : { color: "red" };
        if (run.state !== "stalled") notifications.show({ ...color, message, closeButtonProps: { "aria-label": close } });
        void queries.invalidateQueries({ queryKey: ["operator", "reconciliations"] });
      }
    }
  }, [runs, followed, queries, title, sound, found, failed, close]);
}
