import { LANGUAGES, type Language } from "@aira/contract";

/** What the provider asks for in the course of a call, one after the other. */
const CALL_STEPS = [
  /** The caller spoke, pressed a key, or did nothing. */
  "turn",
  /** Another try to answer what was heard. */
  "again",
  /** The other phone was dialled, and this is what came of it. */
  "dialed",
  /** The leg to the other phone has ended: told also when the caller is gone. */
  "leg",
  /** A voicemail was recorded. */
  "recorded",
  /** A voicemail was put into words. */
  "transcript",
] as const;
export type CallStep = (typeof CALL_STEPS)[number];

/** What is known of a call between two requests. It travels in the addresses that the provider signs, so nobody else can change it. */
export interface CallState {
  /** E.164 of our number. */
  readonly our: string;
  readonly language: Language;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly capSeconds: number;
  /** All that it may cost, in minor units. */
  readonly budgetMinor: number;
  /** Whether the other phone may be dialled. */
  readonly connects: boolean;
  /** Counts what was answered so far. */
  readonly turn: number;
  /** How often in a row nothing was heard. */
  readonly silent: number;
}

/** Digits and letters only, so that no gateway on the way writes an address in another way than it was signed. */
export function actionUrl(publicUrl: string, step: CallStep, state: CallState, to?: string): string {
  const query: Record<string, string | number> = {
    step,
    our: state.our.slice(1),
    language: state.language,
    at: state.startedAt,
    cap: state.capSeconds,
    budget: state.budgetMinor,
    connects: state.connects ? 1 : 0,
    turn: state.turn,
    silent: state.silent,
    ...(to === undefined ? {} : { to: to.slice(1) }),
  };
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return `${publicUrl}/api/voice-agent/handle-call?${pairs.join("&")}`;
}

/** Which step of a call is asked for, with what was known. Undefined: it is not an address of ours. */
export function readCallState(
  query: URLSearchParams,
): { readonly step: CallStep; readonly state: CallState; readonly to: string | undefined } | undefined {
  const step = CALL_STEPS.find((name) => name === query.get("step"));
  const language = LANGUAGES.find((name) => name === query.get("language"));
  const [our, to] = ["our", "to"].map((name) => phoneIn(query.get(name)));
  const [startedAt, capSeconds, budgetMinor, connects, turn, silent] = NUMBERS.map((name) => wholeIn(query.get(name)));
  if (!step || !language || our === undefined) return undefined;
  if (startedAt === undefined || capSeconds === undefined || budgetMinor === undefined) return undefined;
  if (turn === undefined || silent === undefined) return undefined;
  return { step, to, state: { our, language, startedAt, capSeconds, budgetMinor, connects: connects === 1, turn, silent } };
}

const NUMBERS = ["at", "cap", "budget", "connects", "turn", "silent"] as const;

const phoneIn = (digits: string | null): string | undefined => (digits && /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined);
const wholeIn = (digits: string | null): number | undefined => (digits && /^\d{1,12}$/.test(digits) ? Number(digits) : undefined);
