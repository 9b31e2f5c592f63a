import type { Work } from "../sandbox/work.ts";
import type { Alerts } from "./alerts.ts";
import { awaitPrice } from "./late-prices.ts";
import type { Message } from "./objects.ts";
import { textStatusParameters } from "./parameters.ts";
import { replace, type Store } from "./store.ts";
import type { Switches } from "./switches.ts";
import type { Method } from "./twiml-verbs.ts";
import type { Webhooks } from "./webhooks.ts";

export interface TextWorld {
  readonly store: Store;
  readonly switches: Switches;
  readonly webhooks: Webhooks;
  readonly work: Work;
  readonly alerts: Alerts;
  readonly onChange: () => void;
}

/** The receiver's telephone can't be reached. */
const UNREACHABLE = 30003;

function move({ store, onChange }: TextWorld, sid: string, from: Message["status"], change: Partial<Message>): Message | undefined {
  const message = store.messages.get(sid);
  // Somebody else has moved it on meanwhile, or the world was reset.
  if (message?.status !== from) return undefined;
  onChange();
  return replace(store.messages, message, { ...change, date_updated: store.now() });
}

/** Carries a text of the account's to its receiver, and tells on the way where it is. */
export function carry(
  world: TextWorld,
  { sid, to }: Message,
  callback: { readonly url: string; readonly method: Method } | undefined,
): void {
  const { store, switches, webhooks, work } = world;
  const tell = (message: Message | undefined) => {
    if (message && callback) webhooks.tell({ sid, ...callback, parameters: textStatusParameters(message) });
  };
  tell(store.messages.get(sid));
  const { textStepMs, undeliverable, priceAfterMs } = switches.get();
  work.later(textStepMs, () => {
    tell(move(world, sid, "queued", { status: "sent", date_sent: store.now() }));
    awaitPrice(store, sid, priceAfterMs);
    work.later(textStepMs, () => {
      const lost = undeliverable.includes(to);
      tell(
        move(
          world,
          sid,
          "sent",
          lost
            ? { status: "undelivered", error_code: UNREACHABLE, error_message: "Unreachable destination handset" }
            : { status: "delivered" },
        ),
      );
    });
  });
}
