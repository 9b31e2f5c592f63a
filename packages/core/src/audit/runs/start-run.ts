import type { RunKind } from "@aira/contract";
import type { LedgerPorts } from "../../ledger/index.ts";
import { AiraError, deriveId } from "../../lib/index.ts";
import { insertRun, loadLatest, loadRun } from "./run.store.ts";
import { type Asked, needsMessage, newRun, type Run, serves } from "./run.ts";
import { type RunView, viewOf } from "./view.ts";

/** What the queue carries: which run, and nothing that could be another by the time that it arrives. */
export interface RunMessage {
  readonly type: "run.requested";
  readonly kind: RunKind;
  readonly runId: string;
}

export const messageOf = ({ kind, runId }: Run): RunMessage => ({ type: "run.requested", kind, runId });

export interface RunPorts extends LedgerPorts {
  /** Resolves once the queue has it. */
  readonly send: (message: RunMessage) => Promise<void>;
}

export interface StartRun extends Asked {
  /** The `sub` of the token. */
  readonly operator: string;
  readonly route: string;
  readonly idempotencyKey: string;
}

const ATTEMPTS = 5;

/**
 * Starts a run for an operator, or joins the operators' one of that kind that is under way, unless that has stalled or looks at less.
 * The run is stored before its message is sent, so a repeat after any failure in between finds it and sends again.
 * Errors: `service.busy`, and what `send` throws.
 */
export async function startRun(ports: RunPorts, request: StartRun): Promise<RunView> {
  const run = await runFor(ports, request);
  if (needsMessage(run, ports.clock())) await ports.send(messageOf(run));
  return viewOf(run, ports.clock());
}

async function runFor({ table, clock, random, wait }: RunPorts, request: StartRun): Promise<Run> {
  const { operator, route, idempotencyKey, kind } = request;
  const asked = deriveId("run", operator, route, idempotencyKey);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const latest = await loadLatest(table, kind);
    const standing = latest && (await loadRun(table, { kind, runId: latest.runId }));
    // A repeat of the request that began it means this run, whatever has become of it.
    if (standing && (latest.asked === asked || serves(standing, request, clock()))) return standing;
    const run = newRun(request, `operator:${operator}`, clock(), asked);
    const { outcome } = await insertRun(table, run, asked, latest);
    if (outcome === "committed") return run;
    // Somebody else's was first, or whether this one was written is not known: the next look tells.
    await wait(random() * 50 * attempt);
  }
  throw new AiraError("service.busy", "The run could not be started. Please try again in a moment.", { retryAfterSeconds: 1 });
}
