import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

interface Ready {
  readonly is: "ready";
  readonly url: string;
  readonly webhookSecret: string;
  readonly tableEndpoint: string;
  readonly tableName: string;
}

/** What the host tells its parent. */
export type FromHost =
  | Ready
  /** Times in epoch milliseconds, with a fraction; the processor's time of the whole process so far. */
  | { readonly is: "credited"; readonly credits: readonly { readonly topUpId: string; readonly atMs: number }[]; readonly cpuMs: number }
  /** Messages in the payments queue: waiting, being consumed, or to be delivered again when their visibility timeout ends. */
  | { readonly is: "queued"; readonly messages: number }
  | { readonly is: "log"; readonly line: string };

/** The local runtime, running in another process. */
export interface RuntimeProcess extends Omit<Ready, "is"> {
  /** When each top-up was credited, as far as the host has told. A top-up that is credited twice is in `doubled`. */
  readonly creditedAt: ReadonlyMap<string, number>;
  readonly doubled: readonly string[];
  /** Messages in the payments queue, in whatever state, as the host last told. */
  queued(): number;
  /** Processor time that the host had used when it last told of a credit. */
  cpuMs(): number;
  /** Failures that the runtime has logged. */
  readonly failures: readonly string[];
}

/** Starts the runtime with all of its parts on free ports, data in memory. It ends with `own`. */
export async function startRuntimeProcess(own: AsyncDisposableStack): Promise<RuntimeProcess> {
  const host = fork(join(import.meta.dirname, "runtime-host.ts"), { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const creditedAt = new Map<string, number>();
  const doubled: string[] = [];
  const failures: string[] = [];
  let cpuMs = 0;
  let queued = 0;
  let words = "";
  host.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4_000);
  });
  own.defer(async () => {
    if (host.exitCode !== null || host.signalCode !== null) return;
    const ended = once(host, "exit");
    host.disconnect();
    await ended;
  });
  const ready = Promise.withResolvers<Ready>();
  host.on("message", (message: FromHost) => {
    if (message.is === "ready") ready.resolve(message);
    if (message.is === "queued") queued = message.messages;
    if (message.is === "log") failures.push(message.line);
    if (message.is === "credited") {
      cpuMs = message.cpuMs;
      for (const { topUpId, atMs } of message.credits) {
        if (creditedAt.has(topUpId)) doubled.push(topUpId);
        else creditedAt.set(topUpId, atMs);
      }
    }
  });
  host.once("exit", (code) => ready.reject(new Error(`The local runtime ended with code ${code}. ${words}`.trim())));
  const { is: _, ...parts } = await ready.promise;
  return { ...parts, creditedAt, doubled, queued: () => queued, cpuMs: () => cpuMs, failures };
}
