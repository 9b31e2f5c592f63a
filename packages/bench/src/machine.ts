import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, platform, totalmem } from "node:os";

/** What the figures were measured on. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly system: string;
  /** Load of the last minute when the run began: more than the cores means that others were at work. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() || "unknown processor",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: `${platform()}`,
    load: loadavg()[0] ?? 0,
  };
}

/** The version that the project pins for its scripts. */
export function pinnedNode(project: string): string {
  const { devDependencies } = JSON.parse(readFileSync(`${project}/package.json`, "utf8")) as { devDependencies: Record<string, string> };
  return `v${devDependencies.node}`;
}
