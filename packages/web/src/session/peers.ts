/** The tabs of one browser share one session: what one of them renews or ends, the others learn. Nothing of it is stored. */
export interface Peers {
  /** The session of another tab, in its stored form, if one has it. */
  ask(): Promise<string | undefined>;
  announceRenewal(stored: string): void;
  announceEnd(): void;
}

interface Listener {
  /** This tab's session, in its stored form. */
  readonly current: () => string | undefined;
  readonly onRenewal: (stored: string) => void;
  readonly onEnd: () => void;
}

type Message =
  | { readonly type: "ask"; readonly id: string }
  | { readonly type: "answer"; readonly id: string; readonly stored: string }
  | { readonly type: "renewed"; readonly stored: string }
  | { readonly type: "ended" };

/** Tabs of one browser answer within a few milliseconds, one that is frozen never. */
const PATIENCE_MS = 120;

export function connectPeers({ current, onRenewal, onEnd }: Listener): Peers {
  const channel = new BroadcastChannel("aira.session");
  const waiting = new Map<string, (stored: string) => void>();
  const send = (message: Message) => channel.postMessage(message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === "renewed") return onRenewal(data.stored);
    if (data.type === "ended") return onEnd();
    if (data.type === "answer") return waiting.get(data.id)?.(data.stored);
    const stored = current();
    if (stored !== undefined) send({ type: "answer", id: data.id, stored });
  };
  return {
    ask: () =>
      new Promise((resolve) => {
        const id = crypto.randomUUID();
        const finish = (stored: string | undefined) => {
          waiting.delete(id);
          resolve(stored);
        };
        waiting.set(id, finish);
        setTimeout(finish, PATIENCE_MS);
        send({ type: "ask", id });
      }),
    announceRenewal: (stored) => send({ type: "renewed", stored }),
    announceEnd: () => send({ type: "ended" }),
  };
}
