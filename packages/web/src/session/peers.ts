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
  /** An answer that nobody waits for any more. */
  readonly onLateAnswer: (stored: string) => void;
  readonly onEnd: () => void;
}

type Message =
  | { readonly type: "ask"; readonly id: string }
  | { readonly type: "answer"; readonly id: string; readonly stored: string }
  | { readonly type: "renewed"; readonly stored: string }
  | { readonly type: "ended" };

/** Tabs of one browser answer within a few milliseconds, one that is frozen never. What comes later counts all the same. */
const PATIENCE_MS = 120;

export function connectPeers({ current, onRenewal, onLateAnswer, onEnd }: Listener): Peers {
  const channel = new BroadcastChannel("aira.session");
  /** What this tab has asked, until somebody signs out: an answer from before that is not an answer any more. */
  const asked = new Set<string>();
  const waiting = new Map<string, (stored: string) => void>();
  const send = (message: Message) => channel.postMessage(message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === "renewed") return onRenewal(data.stored);
    if (data.type === "ended") {
      asked.clear();
      return onEnd();
    }
    if (data.type === "answer") return asked.has(data.id) ? (waiting.get(data.id) ?? onLateAnswer)(data.stored) : undefined;
    const stored = current();
    if (stored !== undefined) send({ type: "answer", id: data.id, stored });
  };
  return {
    ask: () =>
      new Promise((resolve) => {
        const id = crypto.randomUUID();
        asked.add(id);
        const finish = (stored: string | undefined) => {
          waiting.delete(id);
          resolve(stored);
        };
        waiting.set(id, finish);
        setTimeout(finish, PATIENCE_MS);
        send({ type: "ask", id });
      }),
    announceRenewal: (stored) => send({ type: "renewed", stored }),
    announceEnd() {
      asked.clear();
      send({ type: "ended" });
    },
  };
}
