import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changes } from "./books.ts";
import { generatedAttacks } from "./generated.ts";
import { leaks } from "./logs.ts";
import { type Scene, startScene } from "./scene.ts";
import { judge } from "./siege.ts";
import { targets } from "./targets.ts";

/** How many requests each operation is sent. */
const cases = Number(process.env.ABUSE_CASES ?? 60);
const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
/** How long a request may take here, on a slow machine too. */
const CASE_MS = 40;

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

for (const target of targets)
  test(`${target.id} answers ${cases} generated requests as openapi.json says (SEED=${seed})`, {
    timeout: 60_000 + cases * CASE_MS,
  }, async () => {
    const before = await scene.bookkeeper.read();
    await fc.assert(
      fc.asyncProperty(generatedAttacks(target, scene), async (attack) => {
        expect(await judge(scene, target, attack)).toEqual([]);
      }),
      { seed, numRuns: cases, endOnFailure: false },
    );
    expect(changes(before, await scene.bookkeeper.read())).toEqual([]);
  });

test("a good request succeeds still", async () => {
  for (const target of targets) expect((await scene.attacker.send(scene.good(target))).status, target.id).toBe(target.success);
});

test("none of them left a customer's data in the logs", () => {
  expect(leaks(scene.logs.text(), scene.canaries)).toEqual([]);
});
