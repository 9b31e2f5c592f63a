import { setTimeout as sleep } from "node:timers/promises";
import type { Attack } from "./attack.ts";
import { changes } from "./books.ts";
import { knownDefect } from "./known-defects.ts";
import type { Scene } from "./scene.ts";
import type { Target } from "./targets.ts";
import { complaints } from "./verdict.ts";

/** How many attacks are under way at a time. */
const CONCURRENCY = 8;
/** A write that was started by a refused request would be there by now: nothing here works in the background for longer. */
const AFTERMATH_MS = 150;

/** Everything that a batch of attacks brought to light, one line each. All is well: an empty list. */
export async function besiege(scene: Scene, target: Target, attacks: readonly Attack[]): Promise<string[]> {
  const before = await scene.bookkeeper.read();
  const found: string[] = [];
  const waiting = attacks.values();
  const worker = async () => {
    for (const attack of waiting) found.push(...(await judge(scene, target, attack)));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  await sleep(AFTERMATH_MS);
  const changed = changes(before, await scene.bookkeeper.read());
  return [...found, ...changed.map((name) => `${target.id}: the batch changed ${name}`)];
}

/** What is wrong with the answer to one attack, one line each. */
export async function judge({ attacker }: Scene, target: Target, attack: Attack): Promise<string[]> {
  const found = await attacker.send(attack.request).then(
    (answer) => complaints(target, attack, answer),
    (error: unknown) => [`no answer: ${error instanceof Error ? error.message : String(error)}`],
  );
  const defect = knownDefect(target.id, attack.name);
  if (!defect) return found.map((complaint) => `${target.id}, ${attack.name}: ${complaint}`);
  return found.length > 0 ? [] : [`${target.id}, ${attack.name}: mended, so remove it from the known defects (${defect.reason})`];
}
