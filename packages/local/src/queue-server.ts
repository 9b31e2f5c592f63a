import type { ReceiveMessageRequest, ReceiveMessageResult } from "@aws-sdk/client-sqs";
import { type BuildAppOptions, buildApp } from "fauxqs";
import { listenFailure } from "./ports.ts";

type Stores = NonNullable<BuildAppOptions["stores"]>;
type QueueStore = Stores["sqsStore"];

/** What of the emulator's inside is used. Its version is pinned exactly. */
type ReceiveMessage = (request: ReceiveMessageRequest, store: QueueStore) => Promise<ReceiveMessageResult>;

/** Likewise. */
interface Persistence {
  load(sqs: QueueStore, sns: Stores["snsStore"], s3: Stores["s3Store"]): void;
  close(): void;
}

export interface QueueServer {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly store: QueueStore;
  /** What the emulator answers to ReceiveMessage, as JSON has it, without the way over HTTP. Rejects once it has ended. */
  receive(request: ReceiveMessageRequest): Promise<ReceiveMessageResult>;
  stop(): Promise<void>;
}

/**
 * The SQS emulator on the loopback interface. Its own `startFauxqs` listens on every interface, so that anybody in the same
 * network could queue events that count as verified; so its parts, which its `exports` do not name, are put together here.
 */
export async function startQueueServer(port: number, dataDir: string | undefined): Promise<QueueServer> {
  const { SqsStore } = await inside<{ SqsStore: new () => QueueStore }>("sqs/sqsStore.js");
  const { SnsStore } = await inside<{ SnsStore: new () => Stores["snsStore"] }>("sns/snsStore.js");
  const { S3Store } = await inside<{ S3Store: new () => Stores["s3Store"] }>("s3/s3Store.js");
  const { receiveMessage } = await inside<{ receiveMessage: ReceiveMessage }>("sqs/actions/receiveMessage.js");
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  let persistence: Persistence | undefined;
  if (dataDir !== undefined) {
    const { PersistenceManager } = await inside<{ PersistenceManager: new (dataDir: string) => Persistence }>("persistence.js");
    persistence = new PersistenceManager(dataDir);
    // Load first, attach second: its writes replace rows, and that would cascade over the messages just being read.
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    Object.assign(stores.sqsStore, { persistence });
    for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
  }
  let stopped = false;
  const app = buildApp({ logger: false, stores });
  try {
    const endpoint = await app.listen({ port, host: "127.0.0.1" });
    return {
      endpoint,
      store: stores.sqsStore,
      async receive(request) {
        if (stopped) throw new Error("the queue emulator has ended");
        return receiveMessage(request, stores.sqsStore);
      },
      async stop() {
        stopped = true;
        await app.close();
        persistence?.close();
      },
    };
  } catch (error) {
    await app.close();
    persistence?.close();
    throw listenFailure("queue", port, error);
  }
}

function inside<Module>(path: string): Promise<Module> {
  return import(new URL(path, import.meta.resolve("fauxqs")).href);
}
