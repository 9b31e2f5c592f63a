import { useEffect, useState } from "react";

/** Whether the page has come to rest once: what nobody needs at first is fetched after that. */
export function useAfterIdle(): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    // Safari has no idle callback.
    if (!("requestIdleCallback" in globalThis)) {
      const timer = setTimeout(setRested, 1_000, true);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(() => setRested(true), { timeout: 3_000 });
    return () => cancelIdleCallback(idle);
  }, []);
  return rested;
}
