import type { Currency, Language, NumberType } from "@aira/contract";

/** Whose number it was when a call or text came in. It goes with every event, so that what is charged later is charged to them. */
export interface Context {
  readonly owner: string;
  readonly numberId: string;
  readonly purchaseId: string;
  readonly phoneNumber: string;
  readonly country: string;
  readonly numberType: NumberType;
  readonly currency: Currency;
  readonly language: Language;
}

interface Event {
  /** ISO 8601: when the provider's request reached us. */
  readonly receivedAt: string;
}

/** A call came in and was answered with our first words. */
export interface CallStarted extends Event {
  readonly type: "call.started";
  readonly callSid: string;
  readonly from: string;
  readonly context: Context;
  /** How long it may last with what the wallet holds. */
  readonly capSeconds: number;
  /** What is set aside for that, in minor units. */
  readonly holdMinor: number;
  /** Empty when another phone rings at once. */
  readonly greeting: string;
  /** Turned away with a sentence, since the number is suspended or there is no money: it is recorded, and costs its owner nothing. */
  readonly refused?: true;
}

/** Something was said in a call, and answered. */
export interface CallTurn extends Event {
  readonly type: "call.turn";
  readonly callSid: string;
  /** Counts the turns of a call: a repeat of one is no other. */
  readonly turn: number;
  /** Empty when it is another try to answer what was heard in the turn before. */
  readonly heard: string;
  readonly reply: string;
  readonly context: Context;
}

/** The provider says where a call stands. Repeats and disorder are normal. `to` and `from` find the number when its start is not recorded yet. */
export interface CallStatusChanged extends Event {
  readonly type: "call.status";
  readonly callSid: string;
  /** The leg that it was forwarded on has the call's SID here. */
  readonly parentCallSid: string | undefined;
  readonly from: string;
  readonly to: string;
  /** The provider's word. */
  readonly status: string;
  /** Of a finished one. */
  readonly lengthSeconds: number | undefined;
}

/** A forwarded leg has ended. */
export interface CallForwarded extends Event {
  readonly type: "call.forwarded";
  readonly callSid: string;
  readonly legSid: string;
  readonly to: string;
  readonly status: string;
  readonly lengthSeconds: number;
  readonly context: Context;
}

/** A voicemail was left. */
export interface VoicemailLeft extends Event {
  readonly type: "call.voicemail";
  readonly callSid: string;
  readonly recordingSid: string;
  readonly url: string;
  readonly lengthSeconds: number;
  readonly context: Context;
}

/** A voicemail was put into words. */
export interface VoicemailTranscribed extends Event {
  readonly type: "call.transcript";
  readonly callSid: string;
  readonly recordingSid: string;
  readonly transcript: string;
}

/** A text came in. */
export interface TextReceived extends Event {
  readonly type: "sms.received";
  readonly messageSid: string;
  readonly from: string;
  readonly text: string;
  readonly segments: number;
  readonly media: readonly { readonly contentType: string; readonly url: string }[];
  readonly context: Context;
  /** What it was answered with; undefined: not at all. */
  readonly reply: string | undefined;
  /** Asked not to be written to any more, or to be again. */
  readonly opts: "out" | "in" | undefined;
  /** Came to a suspended number or an empty wallet: it is recorded, and neither it nor its reply costs the owner anything. */
  readonly refused?: true;
}

/** The provider says where a text of ours stands. */
export interface TextStatusChanged extends Event {
  readonly type: "sms.status";
  readonly messageSid: string;
  readonly status: string;
}

/** One message of the telephony queue. */
export type TelephonyEvent =
  | CallStarted
  | CallTurn
  | CallStatusChanged
  | CallForwarded
  | VoicemailLeft
  | VoicemailTranscribed
  | TextReceived
  | TextStatusChanged;

/** What a caller hears and what happens then, as data: TwiML is only how it is written. Addresses are absolute. */
export type Verb =
  | { readonly say: string; readonly language: Language }
  | { readonly pause: number }
  /** Listens for speech and keys, and posts what it heard to `action`, also when it heard nothing. */
  | {
      readonly gather: {
        readonly say: string;
        readonly language: Language;
        readonly action: string;
        /** How long it waits for a beginning. */
        readonly timeoutSeconds: number;
        /** How long somebody may speak. */
        readonly maxSpeechSeconds: number;
      };
    }
  /** Connects to another phone, at most so long. */
  | {
      readonly dial: {
        readonly to: string;
        readonly callerId: string;
        readonly timeLimitSeconds: number;
        readonly ringSeconds: number;
        readonly action: string;
        /** Told when the other leg ends, also if the caller is gone by then. */
        readonly legAction: string;
      };
    }
  | {
      readonly record: {
        readonly maxSeconds: number;
        readonly action: string;
        /** Undefined: not put into words. */
        readonly transcribeAction: string | undefined;
      };
    }
  | { readonly redirect: string }
  | { readonly hangUp: true }
  | { readonly reject: true };
