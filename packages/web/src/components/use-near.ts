import { useIntersection } from "@mantine/hooks";
import { useEver } from "./use-ever.ts";

/** Whether a place has come close to view: what is further down is neither asked for nor drawn before. */
export function useNear() {
  const { ref, entry } = useIntersection({ rootMargin: "160px" });
  const near = useEver(entry?.isIntersecting ?? false);
  return { ref, near };
}
