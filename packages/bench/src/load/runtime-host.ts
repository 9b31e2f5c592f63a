/** The local runtime in a process of its own, as `npm start` runs it. Tells its parent when each credit was committed. */
import { startRuntime } from "@aira/local/runtime";
import { documentClient } from "../../../functions/src/edge/services.ts";
import type { FromHost } from "./runtime-process.ts";

const TELL_EVERY_MS = 20;

// Ctrl-C reaches the whole process group. The parent ends first, and that ends this one.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

const tell = (message: FromHost) => process.connected && process.send?.(message);

const runtime = await startRuntime({ log: (line) => tell({ is: "log", line }) });
process.once("disconnect", () => void runtime.stop().finally(() => process.exit(0)));
if (!process.connected) await runtime.stop().finally(() => process.exit(0));

let credits: { topUpId: string; atMs: number }[] = [];
documentClient().middlewareStack.add(
  (next) => async (args) => {
    const result = await next(args);
    const atMs = performance.timeOrigin + performance.now();
    if (!("TransactItems" in args.input)) return result;
    // From here on every consistent read of the balance shows it.
    for (const { Put } of (args.input.TransactItems ?? []) as readonly { Put?: { Item?: Record<string, unknown> } }[])
      if (String(Put?.Item?.sk).startsWith("ENTRY#")) credits.push({ topUpId: String(Put?.Item?.refId), atMs });
    return result;
  },
  { step: "initialize", name: "tell-credits" },
);
setInterval(() => {
  const { waiting, inFlight, delayed } = runtime.depth("payments");
  tell({ is: "queued", messages: waiting + inFlight + delayed });
  if (credits.length === 0) return;
  const { user, system } = process.cpuUsage();
  tell({ is: "credited", credits, cpuMs: (user + system) / 1000 });
  credits = [];
}, TELL_EVERY_MS);

tell({
  is: "ready",
  url: runtime.url,
  webhookSecret: runtime.stripe?.webhookSecret ?? "",
  tableEndpoint: runtime.tableEndpoint,
  tableName: runtime.tableName,
});
