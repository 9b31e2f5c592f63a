import type { NumberRecord } from "../numbers/index.ts";
import { affordsTranscript, connectableSeconds, VOICEMAIL_SECONDS } from "./allowance.ts";
import { isOpen, nextOpening } from "./business-hours.ts";
import { actionUrl, type CallState } from "./call-state.ts";
import { isPhoneNumber } from "./phone-number.ts";
import { cutAtSentence, plainText } from "./responder/plain-text.ts";
import type { NoReply, Reply } from "./responder/responder.ts";
import { type SentenceKey, sentence } from "./sentences.ts";
import type { Verb } from "./telephony.ts";

/** Everything that decides what a caller hears next. */
export interface CallScene {
  readonly number: NumberRecord;
  readonly state: CallState;
  readonly publicUrl: string;
  readonly nowMs: number;
}

/** A call that has so little time left ends with a sentence, before it could cost more than was set aside. */
const LAST_SECONDS = 20;
const MINUTE = 60;
/** More than a conversation needs; less than somebody can run up by talking to a machine. */
const MOST_TURNS = 40;
/** After so many times of nothing in a row we hang up. */
const MOST_SILENCES = 3;
const LISTEN = { timeoutSeconds: 5, maxSpeechSeconds: 30 } as const;
const RING_SECONDS = 25;
/** What is spoken in a minute, about: a longer answer is cut after a sentence. */
const SPOKEN_CHARACTERS = 700;

const HANG_UP: Verb = { hangUp: true };

const secondsSoFar = ({ state, nowMs }: Pick<CallScene, "state" | "nowMs">): number =>
  Math.max(0, Math.ceil(nowMs / 1000) - state.startedAt);

const secondsLeft = (scene: Pick<CallScene, "state" | "nowMs">): number => scene.state.capSeconds - secondsSoFar(scene);

/** A sentence, and the end of the call. */
export const farewell = (state: Pick<CallState, "language">, key: SentenceKey): readonly Verb[] => [
  { say: sentence(state.language, key), language: state.language },
  HANG_UP,
];

/** What a caller hears when something failed on our side and even the language is not known. */
export const TROUBLE: readonly Verb[] = [
  ...farewell({ language: "en-IN" }, "trouble").slice(0, 1),
  ...farewell({ language: "hi-IN" }, "trouble"),
];

/** Says something and listens. */
function listen({ state, publicUrl }: Pick<CallScene, "state" | "publicUrl">, say: string, next: Partial<CallState>): readonly Verb[] {
  const { language } = state;
  return [{ gather: { ...LISTEN, say, language, action: actionUrl(publicUrl, "turn", { ...state, ...next }) } }];
}

/** The sentence that a call begins with, which the owner may have written. */
function greetingOf({ settings }: NumberRecord, key: "greeting" | "voicemailGreeting"): string {
  if (settings.greeting !== null) return settings.greeting;
  // A number that was not given a name is called what it reads like: nobody wants to hear that.
  const isNamed = /\p{L}/u.test(settings.friendlyName);
  return sentence(settings.language, isNamed ? `${key}Named` : key, { name: settings.friendlyName });
}

/** Who takes a call: by the owner's settings, and by who is there at this time. */
export type Taker = "assistant" | "forward" | "voicemail" | "closed";

/** Who takes a call now. `connects`: whether the other phone may be dialled; if not, forwarding ends in a voicemail box. */
export function takerOf({ settings }: Pick<NumberRecord, "settings">, connects: boolean, nowMs: number): Taker {
  if (!isOpen(settings.businessHours, nowMs)) return "closed";
  return settings.answeringMode === "forward" && !connects ? "voicemail" : settings.answeringMode;
}

/** What a call begins with, and what of it was spoken. */
export function begin(scene: CallScene, taker: Taker, from: string): { readonly verbs: readonly Verb[]; readonly greeting: string } {
  const { number } = scene;
  if (taker === "assistant") {
    const greeting = greetingOf(number, "greeting");
    return { greeting, verbs: listen(scene, greeting, { turn: 1 }) };
  }
  // Nothing is said before the other phone is picked up: a call is answered, and costs, by the first word.
  if (taker === "forward") {
    const { said, verbs } = connect(scene, "", from);
    return { greeting: said, verbs };
  }
  const greeting = taker === "closed" ? closedSentence(scene) : greetingOf(number, "voicemailGreeting");
  return { greeting, verbs: leaveMessage(scene, greeting) };
}

function closedSentence({ number: { settings }, nowMs }: CallScene): string {
  const { language, businessHours, greeting } = settings;
  const opening = businessHours ? nextOpening(businessHours, nowMs, language) : undefined;
  const closed = opening === undefined ? sentence(language, "closed") : sentence(language, "closedUntil", { opening });
  return greeting === null ? closed : `${greeting} ${closed}`;
}

/** Says why, and takes a message, if there is time for one. `ask` is how it is asked for: an assistant may have said the most of it. */
function leaveMessage(scene: CallScene, why: string, ask: "leaveMessage" | "endMessage" = "leaveMessage"): readonly Verb[] {
  const { number, state, publicUrl } = scene;
  const { language } = state;
  const maxSeconds = Math.min(VOICEMAIL_SECONDS, secondsLeft(scene));
  if (maxSeconds < LAST_SECONDS) return [{ say: why, language }, ...farewell(state, "goodbye")];
  const transcribes = affordsTranscript(number, state.budgetMinor, secondsSoFar(scene));
  return [
    { say: `${why} ${sentence(language, ask)}`, language },
    {
      record: {
        maxSeconds,
        action: actionUrl(publicUrl, "recorded", state),
        transcribeAction: transcribes ? actionUrl(publicUrl, "transcript", state) : undefined,
      },
    },
    // Only reached when nothing was recorded.
    ...farewell(state, "goodbye"),
  ];
}

/** What the caller hears, and what of it was an answer. */
interface Answered {
  readonly verbs: readonly Verb[];
  readonly said: string;
}

/**
 * Dials the other phone, for as long as the money lasts. Without one, the caller hears that nobody is there, never `say`, which promises
 * somebody, and can leave a message.
 */
function connect(scene: CallScene, say: string, from: string): Answered {
  const { number, state, publicUrl } = scene;
  const { language } = state;
  const to = number.settings.forwardTo;
  const timeLimitSeconds = to === null || !state.connects ? 0 : connectableSeconds(number, to, state.budgetMinor, secondsSoFar(scene));
  if (to === null || timeLimitSeconds < MINUTE) {
    const said = sentence(language, "nobodyThere");
    return { said, verbs: leaveMessage(scene, said) };
  }
  const dial = {
    to,
    // Who calls is what the other phone shows, unless it was withheld.
    callerId: isPhoneNumber(from) ? from : number.phoneNumber,
    timeLimitSeconds,
    ringSeconds: RING_SECONDS,
    action: actionUrl(publicUrl, "dialed", state, to),
    legAction: actionUrl(publicUrl, "leg", state, to),
  };
  return { said: say, verbs: [...(say === "" ? [] : [{ say, language }]), { dial }] };
}

/** What the caller did. */
export interface Heard {
  readonly speech: string;
  readonly digits: string;
}

/** Either what the caller hears at once, or what is to be asked of the assistant. */
export type TurnDecision = { readonly verbs: readonly Verb[] } | { readonly ask: string };

/** What becomes of what the caller did. */
export function takeTurn(scene: CallScene, heard: Heard, from: string): TurnDecision {
  const { state } = scene;
  if (secondsLeft(scene) < LAST_SECONDS || state.turn > MOST_TURNS) return { verbs: farewell(state, "timeIsUp") };
  if (heard.digits === "0") return connect(scene, sentence(state.language, "connecting"), from);
  if (heard.digits !== "") return { verbs: askAgain(scene, "unknownKey") };
  const ask = heard.speech.trim();
  return ask === "" ? { verbs: askAgain(scene, "notHeard") } : { ask };
}

/** Asks to say it again, a few times at most. */
export function askAgain(scene: Pick<CallScene, "state" | "publicUrl">, key: "notHeard" | "unknownKey" | "stumbled"): readonly Verb[] {
  const silent = scene.state.silent + 1;
  if (silent >= MOST_SILENCES) return farewell(scene.state, "silentGoodbye");
  return listen(scene, sentence(scene.state.language, key), { silent });
}

/**
 * What the caller hears for what the assistant answered, and the words of it. An assistant that is late gets another try behind a filler;
 * after that, or when it has no answer, the caller can leave a message.
 */
export function answerTurn(
  scene: CallScene,
  answer: Reply | NoReply,
  { triedBefore, from }: { readonly triedBefore: boolean; readonly from: string },
): Answered {
  const { state, publicUrl } = scene;
  const { language } = state;
  const next = { ...state, turn: state.turn + 1, silent: 0 };
  if ("failed" in answer) {
    if (answer.failed === "late" && !triedBefore) {
      const said = sentence(language, "oneMoment");
      return { said, verbs: [{ say: said, language }, { redirect: actionUrl(publicUrl, "again", next) }] };
    }
    const said = sentence(language, answer.failed === "refused" ? "cantHelp" : "tryVoicemail");
    return { said, verbs: leaveMessage(scene, said) };
  }
  // The responder promises plain words. Whoever answers the phone for somebody sees to it once more.
  const said = cutAtSentence(plainText(answer.text, { spoken: true }), SPOKEN_CHARACTERS);
  if (said === "") return answerTurn(scene, { failed: "unavailable" }, { triedBefore, from });
  const answered: Record<Reply["next"], () => Answered> = {
    continue: () => ({ said, verbs: listen(scene, said, next) }),
    voicemail: () => ({ said, verbs: leaveMessage(scene, said, "endMessage") }),
    human: () => connect(scene, said, from),
    hang_up: () => ({ said, verbs: [{ say: said, language }, HANG_UP] }),
  };
  return answered[answer.next]();
}

/** What came of dialling the other phone, in the provider's words. */
export interface DialledLeg {
  readonly to: string;
  readonly status: string;
  readonly lengthSeconds: number;
}

/** Both have hung up, the money is used up, or nobody was there. */
export function afterDial(scene: CallScene, { to, status, lengthSeconds }: DialledLeg): readonly Verb[] {
  const { number, state } = scene;
  if (status !== "completed" && status !== "answered") return leaveMessage(scene, sentence(state.language, "nobodyThere"));
  const wasCut = connectableSeconds(number, to, state.budgetMinor, secondsSoFar(scene), lengthSeconds) < MINUTE;
  return wasCut ? farewell(state, "timeIsUp") : [HANG_UP];
}
