import { Notice, type Tone } from "../../../components/notice.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { runMessages } from "./run-messages.ts";
import type { Run } from "./use-runs.ts";

interface Told {
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
}

/** What a run came to, or how it stands, and what to do about it. */
export function RunOutcome({ run }: { readonly run: Run }) {
  const { tone, title, text } = useTold(run);
  return (
    <Notice tone={tone} title={title}>
      <p>{text}</p>
    </Notice>
  );
}

function useTold({ kind, state, findingCount, complete, error, requestedBy }: Run): Told {
  const messages = useMessages(runMessages);
  const { sound, soundText, found, foundText } = messages.kinds[kind];
  switch (state) {
    case "queued":
      if (error !== null) return { tone: "warning", title: messages.putOff, text: messages.putOffText(error) };
      return { tone: "busy", title: messages.queued, text: messages.queuedText };
    case "running":
      return { tone: "busy", title: messages.going, text: messages.goingText };
    case "stalled":
      return { tone: "warning", title: messages.stalled, text: messages.stalledText };
    case "failed": {
      const textOf = requestedBy === "schedule" ? messages.scheduleFailedText : messages.failedText;
      return { tone: "problem", title: messages.failed, text: textOf(error ?? "–") };
    }
    case "finished":
      if (findingCount > 0) return { tone: kind === "ledger_verification" ? "problem" : "warning", title: found, text: foundText };
      if (!complete) return { tone: "plain", title: messages.part, text: messages.partText };
      return { tone: "good", title: sound, text: soundText };
  }
}
