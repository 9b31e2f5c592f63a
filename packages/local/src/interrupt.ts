/** npm passes a Ctrl-C on that the terminal has already sent to everybody. */
const SAME_KEYSTROKE_MS = 500;

/** What a shell expects of a program that Ctrl-C has ended. */
export const INTERRUPTED = 130;

/** Aborted by the first Ctrl-C, which asks for an orderly end; the second one forces it. Being told to terminate counts as one. */
export function listenForInterrupt(): AbortSignal {
  const stopping = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt !== undefined && performance.now() - firstAt > SAME_KEYSTROKE_MS) process.exit(INTERRUPTED);
    firstAt ??= performance.now();
    stopping.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return stopping.signal;
}
