import type { Capability } from "@aira/contract";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { numberMessages } from "./messages.ts";

/** What a number takes, as one phrase: `Calls, texts and pictures`. */
export function useAbilities(): (capabilities: readonly Capability[]) => string {
  const names = useMessages(numberMessages).capabilities;
  const formats = useFormats();
  return (capabilities) => formats.list(capabilities.map((each, at) => (at === 0 ? names[each] : names[each].toLocaleLowerCase())));
}
