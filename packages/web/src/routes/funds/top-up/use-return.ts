import { useCallback, useEffect, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { forget, recall, remember } from "../../../session/tab-storage.ts";
import { intentsOf } from "./intent.ts";

/** A top-up that the page watches. */
export interface Following {
  /** Undefined: somebody came back from paying, and this browser does not know what. */
  readonly topUpId: string | undefined;
  /** Came back from Stripe's page without having paid, so says the address; the top-up itself knows better. */
  readonly left: boolean;
}

/** Takes up what the address says about a return from Stripe, or what a reload interrupted. */
export function useReturn(sub: string) {
  const [query, setQuery] = useSearchParams();
  const intents = useMemo(() => intentsOf(sub), [sub]);
  const name = `following.${sub}`;
  const [following, setFollowing] = useState<Following | undefined>(() => recall(name));
  const [paid, cancelled] = [query.has("paid"), query.has("cancelled")];

  const follow = (next: Following) => {
    remember(name, next);
    setFollowing(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the address says starts this.
  useEffect(() => {
    if (!paid && !cancelled) return;
    const topUpId = intents.lastTopUpId();
    if (paid || topUpId !== undefined) follow({ topUpId, left: !paid });
    if (paid) {
      // What was paid is not asked for again by accident.
      intents.forget();
      forget(`draft.${sub}`);
    }
    setQuery(
      (old) => {
        old.delete("paid");
        old.delete("cancelled");
        return old;
      },
      { replace: true },
    );
  }, [paid, cancelled]);

  const settled = useCallback(() => forget(name), [name]);

  return {
    following,
    follow: (topUpId: string) => follow({ topUpId, left: false }),
    /** Settled: a reload has nothing to take up, but the words stay until they are dismissed. */
    settled,
    dismiss: () => {
      forget(name);
      setFollowing(undefined);
    },
  };
}
