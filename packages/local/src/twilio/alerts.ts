/** A document or an answer that Twilio can't work with: the fallback address is asked, and the console shows it. */
export class ApplicationError extends Error {
  override readonly name = "ApplicationError";
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What Twilio's console would show of the app's mistakes. */
export interface Alert {
  readonly atMs: number;
  readonly code: number;
  readonly message: string;
  /** The call or the text that it happened to. */
  readonly sid: string;
  readonly url: string;
}

export interface Alerts {
  add(alert: Alert): void;
  /** Oldest first, the newest 1,000. */
  entries(): readonly Alert[];
  clear(): void;
}

const KEPT = 1000;

export function createAlerts(): Alerts {
  let alerts: readonly Alert[] = [];
  return {
    add: (alert) => {
      alerts = [...alerts, alert].slice(-KEPT);
    },
    entries: () => alerts,
    clear: () => {
      alerts = [];
    },
  };
}
