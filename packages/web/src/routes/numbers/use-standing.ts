import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { numberMessages } from "./messages.ts";
import type { NumberView } from "./shapes.ts";

export interface Standing {
  readonly text: string;
  readonly tone: "plain" | "warning" | "problem";
  /** Adding funds would mend it. */
  readonly unpaid: boolean;
}

/** What is unusual about a number, and what happens next. Undefined: all is well. */
export function useStanding(): (number: NumberView) => Standing | undefined {
  const messages = useMessages(numberMessages);
  const formats = useFormats();
  return ({ state, price: { currency, monthlyMinor, dueNowMinor }, unpaidNext }) => {
    const monthly = formats.money(monthlyMinor, currency);
    const day = unpaidNext && formats.day(new Date(unpaidNext.at));
    if (state === "pending") return { tone: "plain", unpaid: false, text: messages.held(formats.money(dueNowMinor, currency)) };
    if (state === "releasing") return { tone: "plain", unpaid: false, text: messages.releasingText };
    if (state === "suspended")
      return { tone: "problem", unpaid: true, text: day ? messages.unpaidRelease(monthly, day) : messages.suspendedText };
    if (day) return { tone: "warning", unpaid: true, text: messages.unpaidSuspend(monthly, day) };
    return undefined;
  };
}
