const LEVELS = ["debug", "log", "info", "warn", "error", "trace"] as const;

export interface CapturedLogs {
  /** Takes a line of the runtime's own. */
  readonly take: (line: string) => void;
  text(): string;
  /** Gives the process its outputs back. */
  stop(): void;
}

/** Keeps whatever this process writes to its outputs, by whatever way, instead of showing it. */
export function captureLogs(): CapturedLogs {
  const lines: string[] = [];
  const undo: (() => void)[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = (chunk: string | Uint8Array) => {
      lines.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
      return true;
    };
    undo.push(() => {
      stream.write = write;
    });
  }
  for (const level of LEVELS) {
    const original = console[level];
    console[level] = (...parts: unknown[]) => void lines.push(parts.map(String).join(" "));
    undo.push(() => {
      console[level] = original;
    });
  }
  return {
    take: (line) => void lines.push(line),
    text: () => lines.join("\n"),
    stop: () => {
      for (const restore of undo.splice(0)) restore();
    },
  };
}

/** What never stands in a log, whoever it belongs to. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  "an e-mail address": /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/,
  "a phone number": /\+\d{8,15}\b/,
  "a token": /\beyJ[\w-]{8,}\.[\w-]/,
  "a secret": /\b(?:whsec|sk_test|rk_test)_\w{8,}/,
};

/** The canaries and shapes that stand in a log all the same, each with a little of its line. */
export function leaks(text: string, canaries: Readonly<Record<string, string>>): string[] {
  const around = (at: number) => text.slice(Math.max(0, at - 120), at + 80);
  const named = Object.entries(canaries).flatMap(([what, canary]) => {
    const at = text.indexOf(canary);
    return at < 0 ? [] : [`${what}: ${around(at)}`];
  });
  const shaped = Object.entries(SHAPES).flatMap(([what, shape]) => {
    const at = text.search(shape);
    return at < 0 ? [] : [`${what}: ${around(at)}`];
  });
  return [...named, ...shaped];
}
