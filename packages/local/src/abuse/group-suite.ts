import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isBad, type Sent } from "./attack.ts";
import { changes } from "./books.ts";
import { curatedAttacks } from "./curated.ts";
import { leaks } from "./logs.ts";
import { isQuiet, type Scene, startScene } from "./scene.ts";
import { besiege } from "./siege.ts";
import { type Group, targetsOf } from "./targets.ts";

/** As many bad inputs as each group of routes must have been tried with. */
const LEAST = 200;

/** The promises that every group of routes keeps against the curated attacks. */
export function describeGroup(group: Group): void {
  const targets = targetsOf(group);
  describe.skipIf(targets.length === 0)(`${group} routes`, () => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await startScene();
    });
    afterAll(() => scene?.stop());

    test(`are attacked with at least ${LEAST} bad inputs, each under a name of its own`, () => {
      const names = targets.flatMap((target) =>
        curatedAttacks(target, scene)
          .filter(isBad)
          .map(({ name }) => `${target.id}, ${name}`),
      );
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeGreaterThanOrEqual(LEAST);
    });

    // Side by side, since each waits for what its requests may have left behind. None of them may write, so whatever one finds written is a fault.
    for (const target of targets)
      test.concurrent(`${target.id} refuses every bad input cleanly, and nothing is written`, { timeout: 120_000 }, async () => {
        expect(await besiege(scene, target, curatedAttacks(target, scene))).toEqual([]);
      });

    for (const target of targets.filter(({ keyed, body }) => keyed && body))
      test(`${target.id} refuses a used Idempotency-Key with another body, and repeats its answer to the same one`, async () => {
        const request = scene.good(target);
        const first = await scene.attacker.send(request);
        expect(first.status).toBe(target.success);
        // What it began is through before the books are compared.
        await vi.waitUntil(() => isQuiet(scene.runtime), { timeout: 30_000, interval: 50 });
        const other = { name: "a used key", request: { ...request, body: otherTerms(request.body) }, expected: REUSED };
        expect(await besiege(scene, target, [other])).toEqual([]);
        const before = await scene.bookkeeper.read();
        const repeat = await scene.attacker.send(request);
        expect([repeat.status, repeat.body, repeat.headers["idempotency-replayed"]]).toEqual([first.status, first.body, "true"]);
        expect(changes(before, await scene.bookkeeper.read())).toEqual([]);
      });

    test("still answer a good request", async () => {
      for (const target of targets) expect((await scene.attacker.send(scene.good(target))).status, target.id).toBe(target.success);
    });

    test("log no token, secret, e-mail address, phone number, name or message", () => {
      expect(scene.logs.text()).toContain("invocation");
      expect(leaks(scene.logs.text(), scene.canaries)).toEqual([]);
    });
  });
}

const REUSED = { by: "api", status: 422, code: "idempotency.key_reused" } as const;

/** A body as good as this one that asks for something else: another amount, the opposite, or another reason. */
function otherTerms(body: Sent["body"]): string {
  const terms = JSON.parse(String(body)) as Record<string, unknown>;
  const [name, value] = Object.entries(terms).find(([, each]) => typeof each !== "string") ?? Object.entries(terms)[0] ?? [];
  if (name === undefined) throw new Error("a body without fields cannot be another");
  const other = typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${String(value)} again`;
  return JSON.stringify({ ...terms, [name]: other });
}
