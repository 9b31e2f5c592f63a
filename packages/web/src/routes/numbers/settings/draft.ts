import type { AnsweringMode, Language } from "@aira/contract";
import { formatPhone } from "../phone-number.ts";
import type { NumberSettings, SettingsPatch } from "../shapes.ts";

export type BusinessHours = NonNullable<NumberSettings["businessHours"]>;

/** The settings as they stand in the form. */
export interface Draft {
  readonly friendlyName: string;
  readonly greeting: string;
  readonly language: Language;
  readonly answeringMode: AnsweringMode;
  readonly forwardTo: string;
  readonly businessHours: BusinessHours | null;
}

export const toDraft = ({ greeting, forwardTo, ...rest }: NumberSettings): Draft => ({
  ...rest,
  greeting: greeting ?? "",
  forwardTo: forwardTo ? formatPhone(forwardTo) : "",
});

/** A number as somebody writes it, in E.164; undefined when it cannot be read as one. */
export function readPhone(text: string): string | undefined {
  const number = text.replace(/[\s().-]/g, "").replace(/^00/, "+");
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
}

/** A greeting is spoken as one line. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

const settingsOf = ({ friendlyName, greeting, forwardTo, ...rest }: Draft): NumberSettings => ({
  ...rest,
  friendlyName: oneLine(friendlyName),
  greeting: oneLine(greeting) || null,
  forwardTo: readPhone(forwardTo) ?? null,
});

/** What was changed, as the API takes it. What was not is left out, so that another tab's change stays. */
export function toPatch(before: NumberSettings, draft: Draft): SettingsPatch {
  const after = settingsOf(draft);
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof NumberSettings]),
  );
  return Object.fromEntries(changed) as SettingsPatch;
}
