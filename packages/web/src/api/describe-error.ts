import { ProblemError } from "@aira/contract/client";
import { useMessages, useSpeech } from "../i18n/language.tsx";
import { SignInRequired } from "../session/session.ts";
import { HINDI_TITLES, problemMessages } from "./problem-messages.ts";
import { Unreachable } from "./unreachable.ts";

export interface Described {
  readonly title: string;
  readonly detail: string | undefined;
  /** The API's own sentences are English. */
  readonly detailLanguage: "en" | undefined;
  readonly requestId: string | undefined;
  readonly fields: readonly { readonly field: string; readonly detail: string }[];
}

/** Any error as a person reads it. */
export function useDescribeError(): (error: unknown) => Described {
  const messages = useMessages(problemMessages);
  const { language } = useSpeech();
  const own = (title: string, detail: string): Described => ({
    title,
    detail,
    detailLanguage: undefined,
    requestId: undefined,
    fields: [],
  });
  return (error) => {
    if (error instanceof ProblemError) {
      const { title, code, detail, requestId, errors = [] } = error.problem;
      return {
        title: (language === "hi" ? HINDI_TITLES[code] : undefined) ?? title,
        detail: detail.replace(/\.$/, "") === title ? undefined : detail,
        detailLanguage: "en",
        requestId: requestId || undefined,
        fields: errors,
      };
    }
    if (error instanceof Unreachable)
      return error.timedOut ? own(messages.timedOut, messages.timedOutDetail) : own(messages.unreachable, messages.unreachableDetail);
    if (error instanceof SignInRequired) return own(messages.sessionEnded, messages.sessionEndedDetail);
    return own(messages.failed, messages.failedDetail);
  };
}
