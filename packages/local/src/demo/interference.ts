import type { documentClient } from "@aira/functions/edge/services";
import { crashCurrentInvocation } from "../invocation.ts";
import { addFaults, type SdkCall } from "../testing/sdk-faults.ts";

/** Has read and decided, and written nothing; or has written everything, and told nobody. */
export type Moment = "before the commit" | "after the commit";

/** What happens to functions at the worst moment, done from within their own client of the table. */
export interface Interference {
  /** Kills the next invocation that commits a transaction on this item, by its partition key, once. Answers whether that has happened. */
  killNext(pk: string, moment: Moment): () => boolean;
  /**
   * Keeps the invocations that are about to commit a transaction on this item until there are so many of them, and then lets all go
   * at once. Answers how many have come.
   */
  gather(pk: string, count: number): () => number;
  /** Takes it out of the client, and lets go of whoever is kept. */
  remove(): void;
}

type Client = ReturnType<typeof documentClient>;

interface TransactItem {
  readonly Update?: { readonly Key?: { readonly pk?: unknown } };
  readonly Put?: { readonly Item?: { readonly pk?: unknown } };
}

const commits = ({ command, input }: SdkCall, pk: string): boolean =>
  command === "TransactWriteItems" &&
  (input.TransactItems as readonly TransactItem[]).some(({ Update, Put }) => (Update?.Key ?? Put?.Item)?.pk === pk);

/** Interferes with everything that uses this client. */
export function interfere(client: Client): Interference {
  let victim: { readonly pk: string; readonly moment: Moment; killed: boolean } | undefined;
  const removeFaults = addFaults(
    client,
    (call) => {
      if (!victim || victim.killed || !commits(call, victim.pk)) return undefined;
      victim.killed = true;
      return victim.moment === "before the commit" ? "crash_before" : "crash_after";
    },
    { crash: crashCurrentInvocation, random: Math.random },
  );
  const gate = addGate(client);
  return {
    killNext(pk, moment) {
      const next = { pk, moment, killed: false };
      victim = next;
      return () => next.killed;
    },
    gather: gate.gather,
    remove() {
      removeFaults();
      gate.remove();
    },
  };
}

function addGate(client: Client): Pick<Interference, "gather" | "remove"> {
  const name = "gate";
  const { promise: removed, resolve: letGo } = Promise.withResolvers<void>();
  let pass = async (_: SdkCall): Promise<void> => {};
  client.middlewareStack.add(
    (next, context) => async (args) => {
      await pass({ command: String(context.commandName).replace(/Command$/, ""), input: args.input as SdkCall["input"] });
      return next(args);
    },
    { step: "initialize", priority: "high", name },
  );
  return {
    gather(pk, count) {
      const { promise: complete, resolve: open } = Promise.withResolvers<void>();
      let come = 0;
      pass = async (call) => {
        if (!commits(call, pk)) return;
        come++;
        if (come >= count) open();
        await Promise.race([complete, removed]);
      };
      return () => come;
    },
    remove() {
      client.middlewareStack.remove(name);
      letGo();
    },
  };
}
