export type Method = "GET" | "POST";

/** How a number's setting or an attribute names a method: POST unless it says GET. */
export const methodOf = (text: string | undefined): Method => (text?.toUpperCase() === "GET" ? "GET" : "POST");

export interface Say {
  readonly verb: "Say";
  readonly text: string;
  readonly language: string;
  readonly voice: string;
}
export interface Play {
  readonly verb: "Play";
  /** Of a sound; undefined: keys are sounded. */
  readonly url: string | undefined;
  readonly digits: string;
}
export interface Pause {
  readonly verb: "Pause";
  readonly seconds: number;
}
export interface Gather {
  readonly verb: "Gather";
  readonly speech: boolean;
  readonly keys: boolean;
  readonly action: string;
  readonly method: Method;
  readonly timeoutSeconds: number;
  readonly numDigits: number;
  readonly finishOnKey: string;
  readonly actionOnEmptyResult: boolean;
  readonly language: string;
  readonly prompts: readonly (Say | Play | Pause)[];
}
export interface Dial {
  readonly verb: "Dial";
  readonly number: string;
  readonly callerId: string | undefined;
  readonly action: string | undefined;
  readonly method: Method;
  readonly timeoutSeconds: number;
  readonly timeLimitSeconds: number;
  readonly answerOnBridge: boolean;
  readonly hangupOnStar: boolean;
  readonly statusCallback: string | undefined;
  readonly statusMethod: Method;
  readonly statusEvents: readonly string[];
}
export interface Record {
  readonly verb: "Record";
  readonly action: string;
  readonly method: Method;
  readonly timeoutSeconds: number;
  readonly finishOnKey: string;
  readonly maxSeconds: number;
  readonly playBeep: boolean;
  readonly transcribe: boolean;
  readonly transcribeCallback: string | undefined;
  readonly statusCallback: string | undefined;
  readonly statusMethod: Method;
}
export interface Redirect {
  readonly verb: "Redirect";
  readonly url: string;
  readonly method: Method;
}
export type Verb =
  | Say
  | Play
  | Pause
  | Gather
  | Dial
  | Record
  | Redirect
  | { readonly verb: "Hangup" }
  | { readonly verb: "Reject"; readonly reason: string };

export interface Reply {
  readonly verb: "Message";
  readonly body: string;
  readonly media: readonly string[];
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly action: string | undefined;
  readonly method: Method;
  readonly statusCallback: string | undefined;
}
