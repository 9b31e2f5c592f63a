import { StateBadge } from "../../components/badge.tsx";
import { useMessages } from "../../i18n/language.tsx";
import { numberMessages } from "./messages.ts";
import type { NumberView } from "./shapes.ts";

const TONES = {
  pending: "plain",
  active: "good",
  suspended: "problem",
  releasing: "plain",
  released: "plain",
  failed: "plain",
} as const;

/** Where a number stands, in a word. */
export function NumberState({ number: { state, unpaidSince } }: { readonly number: Pick<NumberView, "state" | "unpaidSince"> }) {
  const messages = useMessages(numberMessages);
  if (state === "active" && unpaidSince !== null) return <StateBadge tone="warning">{messages.unpaid}</StateBadge>;
  return <StateBadge tone={TONES[state]}>{messages.states[state]}</StateBadge>;
}
