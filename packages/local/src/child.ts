import { spawn } from "node:child_process";

/** How long a child may take to end by itself before it is killed. */
const GRACE_MS = 3_000;
/** How much of a child's last words is kept for the report of its end. */
const OUTPUT_LIMIT = 4_000;

/**
 * A shell that runs the program and ends it when its own standard input closes, which the kernel sees to however the parent
 * dies, `kill -9` included. The parent never writes to it. Descriptor 3 stands for it, since a shell gives `&` no input.
 */
const GUARD = `
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
( read -r _ <&3; kill "$child" ) 2>/dev/null &
guard=$!
wait "$child"
code=$?
kill "$guard" 2>/dev/null
exit "$code"`;

export interface Child {
  /** What it has printed lately. */
  output(): string;
  /** Settles when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Asks it to end, and kills it when it does not. */
  stop(): Promise<void>;
}

/**
 * Starts a program that cannot outlive this process. It stands in a process group of its own, so that Ctrl-C reaches the
 * runtime alone, which ends its parts in order.
 */
export function startChild(command: string, args: readonly string[], options: { readonly cwd?: string } = {}): Child {
  const guarded = process.platform !== "win32";
  const child = guarded
    ? spawn("/bin/sh", ["-c", GUARD, "guard", command, ...args], { ...options, detached: true, stdio: "pipe" })
    : spawn(command, args, { ...options, stdio: "pipe" });
  let text = "";
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-OUTPUT_LIMIT);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  // The pipe breaks when the child ends first.
  child.stdin.on("error", () => {});
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      resolve();
    };
    child.once("close", end);
    child.once("error", (error) => {
      text += error.message;
      end();
    });
  });
  const kill = () => {
    if (child.pid === undefined || over) return;
    try {
      process.kill(guarded ? -child.pid : child.pid, "SIGKILL");
    } catch (error) {
      // It ended in between.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  };
  return {
    output: () => text.trim(),
    ended,
    hasEnded: () => over,
    async stop() {
      if (over) return;
      if (guarded) child.stdin.end();
      else child.kill();
      const force = setTimeout(kill, GRACE_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
