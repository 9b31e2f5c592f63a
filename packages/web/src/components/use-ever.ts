import { useEffect, useState } from "react";

/** Whether it has ever been so: what was opened once stays, to slide out and to open at once the next time. */
export function useEver(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return now || ever;
}

/** A dialog that is born open does not know whom to give the focus back to: it opens a moment after it came. */
export function useOpening(opened: boolean): boolean {
  const [born, setBorn] = useState(false);
  useEffect(() => setBorn(true), []);
  return born && opened;
}
