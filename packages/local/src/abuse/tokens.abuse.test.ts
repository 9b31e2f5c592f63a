import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BadToken, badTokens, tokenAttacks } from "./cases/tokens.ts";
import { leaks } from "./logs.ts";
import { bearer, OPERATORS, type Scene, startScene } from "./scene.ts";
import { besiege } from "./siege.ts";
import { targets } from "./targets.ts";

let scene: Scene;
let tokens: BadToken[];
beforeAll(async () => {
  scene = await startScene();
  tokens = await badTokens(scene);
});
afterAll(() => scene?.stop());

const guarded = targets.filter(({ auth }) => auth === "jwt");

// Side by side, since each waits for what its requests may have left behind. None of them may write, so whatever one finds written is a fault.
describe.concurrent("a token that opens nothing", () => {
  for (const target of guarded)
    test(`does not open ${target.id}`, { timeout: 60_000 }, async () => {
      expect(await besiege(scene, target, tokenAttacks(target, scene, tokens))).toEqual([]);
    });
});

describe.concurrent("a token of no operator", () => {
  const groups: Readonly<Record<string, readonly string[]>> = {
    "of no group": [],
    "of another group": ["customers"],
    "of a group that begins so": [`${OPERATORS}-readonly`],
    "of a group that ends so": [`not-${OPERATORS}`],
    "of the group in capitals": [OPERATORS.toUpperCase()],
    "of a group with a comma": [`customers,${OPERATORS}`],
    "of a group in brackets": [`[${OPERATORS}]x`],
    "of an empty group": [""],
  };
  for (const target of guarded.filter(({ group }) => group === "operator"))
    test(`is refused by ${target.id}`, { timeout: 60_000 }, async () => {
      const good = scene.good(target);
      const attacks = await Promise.all(
        Object.entries(groups).map(async ([what, named]) => {
          const token = (await scene.runtime.identity?.mint({ sub: "operator", groups: named })) ?? "";
          const headers = [bearer(token), ...good.headers.filter(([name]) => name !== "authorization")];
          return {
            name: `token ${what}`,
            request: { ...good, headers },
            expected: { by: "api", status: 403, code: "auth.forbidden" } as const,
          };
        }),
      );
      expect(await besiege(scene, target, attacks)).toEqual([]);
    });
});

describe("a subject with signs of a key in it", () => {
  for (const sub of ["a#b", "WALLET#stranger", "stranger#REQUEST", "#", "../stranger", "*", "{}", "__proto__", "constructor"])
    test(`${sub} is one of its own, and owns nothing`, async () => {
      const token = (await scene.runtime.identity?.mint({ sub })) ?? "";
      const statement = await scene.attacker.send({ method: "GET", path: "/api/wallet/transactions", headers: [bearer(token)] });
      expect([statement.status, JSON.parse(statement.body)]).toEqual([200, { transactions: [], nextCursor: null }]);
    });
});

test("a good token opens them still", async () => {
  for (const target of guarded) expect((await scene.attacker.send(scene.good(target))).status, target.id).toBe(target.success);
});

test("no token is logged, good or bad", () => {
  expect(leaks(scene.logs.text(), scene.canaries)).toEqual([]);
  const secrets = tokens.flatMap(({ secret }) => (secret === undefined || /^(.)\1*$/.test(secret) ? [] : [secret]));
  expect(secrets.filter((secret) => scene.logs.text().includes(secret))).toEqual([]);
});
