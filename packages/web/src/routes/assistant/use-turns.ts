import type { Language, Proposal } from "@aira/contract";
import { ProblemError } from "@aira/contract/client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useApi } from "../../api/use-api.ts";
import { useSpeech } from "../../i18n/language.tsx";

/** Something that was asked in this visit, and what became of it. */
export interface Turn {
  readonly id: string;
  /** Undefined: the first of a chat that has no id yet. */
  readonly conversationId: string | undefined;
  readonly text: string;
  readonly askedAt: string;
  readonly answer?: { readonly reply: string; readonly proposals: readonly Proposal[]; readonly at: string };
  readonly error?: unknown;
}

const TRIES = 6;
const PAUSE_MS = 2_000;

const isBusy = (error: unknown): error is ProblemError => error instanceof ProblemError && error.problem.code === "conversation.busy";

/** The turns of this visit. One runs at a time; one that failed was not stored, and can be sent again. */
export function useTurns(conversationId: string | undefined) {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const language = useChatLanguage();
  const [all, setAll] = useState<readonly Turn[]>([]);
  const here = useRef(conversationId);
  useEffect(() => {
    here.current = conversationId;
  }, [conversationId]);
  const change = (id: string, next: Partial<Turn>) =>
    setAll((turns) => turns.map((turn) => (turn.id === id ? { ...turn, ...next } : turn)));
  const drop = (id: string) => setAll((turns) => turns.filter((turn) => turn.id !== id));

  const ask = async ({ id, text, conversationId: where }: Turn) => {
    const body = { message: text, language, ...(where === undefined ? {} : { conversationId: where }) };
    try {
      const { conversationId: answered, ...answer } = await patiently(() => api.sendChatMessage({ body }));
      change(id, { conversationId: answered, answer });
      if (where === undefined && here.current === undefined) navigate(`/assistant/${answered}`, { replace: true });
      void queries.invalidateQueries({ queryKey: ["conversations"] });
    } catch (error) {
      change(id, { error });
    }
  };
  return {
    turns: all.filter((turn) => turn.conversationId === conversationId),
    send(text: string) {
      const turn: Turn = { id: crypto.randomUUID(), conversationId, text, askedAt: new Date().toISOString() };
      setAll((turns) => [...turns, turn]);
      void ask(turn);
    },
    sendAgain(turn: Turn) {
      change(turn.id, { error: undefined });
      void ask(turn);
    },
    drop,
    /** Before a new chat: what failed in one that never began goes. */
    startAnew: () => setAll((turns) => turns.filter((turn) => turn.conversationId !== undefined)),
  };
}

/** Another turn of the same conversation may still be answered, as in another tab: it is waited for. */
async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (!isBusy(error) || tries === TRIES) throw error;
      await new Promise((resolve) =>
        setTimeout(resolve, error.retryAfterSeconds === undefined ? PAUSE_MS : error.retryAfterSeconds * 1_000),
      );
    }
  }
}

function useChatLanguage(): Language {
  const { language, locales } = useSpeech();
  if (language === "hi") return "hi-IN";
  return new Intl.Locale(locales[0] ?? "en").maximize().region === "IN" ? "en-IN" : "en-US";
}
