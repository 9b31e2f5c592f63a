import type { RunCount, RunFinding } from "@aira/contract";
import { AiraError, type Clock, iso } from "../../lib/index.ts";
import type { Table } from "../../table/index.ts";
import { writeRun } from "./run.store.ts";
import { MAX_FINDINGS, type Run } from "./run.ts";

type Counts = Partial<Record<RunCount, number>>;

/** How long what has come together may wait to be written. */
const WRITE_EVERY_MS = 3_000;

/** Collects what an attempt at a run comes to, and writes it now and then: so it can be followed, and gone on with after a crash. */
export class RunBook {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #nonce: string;
  #run: Run;
  #writtenMs: number;
  #writing: Promise<void> = Promise.resolve();
  #lost = false;

  constructor({ table, clock }: { readonly table: Table; readonly clock: Clock }, run: Run, nonce: string) {
    this.#table = table;
    this.#clock = clock;
    this.#run = run;
    this.#nonce = nonce;
    this.#writtenMs = clock();
  }

  /** As it stands here, written or not. */
  get run(): Run {
    return this.#run;
  }

  add(counts: Counts): void {
    const sums = Object.entries(counts).map(([name, more]) => [name, (this.#run.counts[name as RunCount] ?? 0) + more]);
    this.set(Object.fromEntries(sums));
  }

  set(counts: Counts): void {
    this.#run = { ...this.#run, counts: { ...this.#run.counts, ...counts } };
  }

  /** Counts it, and lists it while there is room. */
  find(finding: RunFinding): void {
    const { findingCount, findings } = this.#run;
    this.#run = {
      ...this.#run,
      findingCount: findingCount + 1,
      findings: findings.length < MAX_FINDINGS ? [...findings, finding] : findings,
    };
  }

  /** What was found as a whole, in place of what stands there. */
  findOnly(findings: readonly RunFinding[], findingCount: number): void {
    this.#run = { ...this.#run, findings: findings.slice(0, MAX_FINDINGS), findingCount };
  }

  /**
   * A step is done. With `position`, everything up to it is counted, and another attempt would begin behind it. Errors: `service.busy`
   * once another attempt has the run.
   */
  async step(position?: string): Promise<void> {
    if (position !== undefined) this.#run = { ...this.#run, position };
    this.beat();
    await this.#writing;
    if (this.#lost) throw new AiraError("service.busy", "Another attempt has taken the run over.");
  }

  /** A sign of life, for where nobody can wait for it. */
  beat(): void {
    const nowMs = this.#clock();
    if (nowMs - this.#writtenMs < WRITE_EVERY_MS) return;
    this.#writtenMs = nowMs;
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Everything that was begun to be written has been. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** What this could not write, the next one or the end of the attempt writes: only having lost the run matters. */
  async #write(): Promise<void> {
    this.#run = { ...this.#run, updatedAt: iso(this.#clock()) };
    const result = await writeRun(this.#table, this.#run, this.#nonce).catch(() => undefined);
    if (result?.outcome === "refused") this.#lost = true;
  }
}
