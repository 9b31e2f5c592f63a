import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leaks } from "./logs.ts";
import { bearer, type Scene, startScene } from "./scene.ts";
import { type Target, targets } from "./targets.ts";
import { complaints } from "./verdict.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

const guarded = targets.filter(({ auth }) => auth === "jwt");

/** The victim's own request, word for word, but under the stranger's token. */
function asStranger(target: Target) {
  const good = scene.good(target);
  return { ...good, headers: [bearer(scene.tokens.stranger), ...good.headers.filter(([name]) => name !== "authorization")] };
}

/** What in an answer would show that it is about the victim. */
const belongings = () => {
  const { owner, paidTopUpId, openTopUpId, numberId, phoneNumber, transactionIds } = scene.victim;
  return [owner, paidTopUpId, openTopUpId, numberId, phoneNumber, ...transactionIds];
};

describe("with another owner's id", () => {
  for (const target of guarded.filter(({ params }) => params.length > 0))
    test(`${target.id} answers 404 or 403, as if there were no such thing`, async () => {
      for (const { name } of target.params) expect(scene.owned, `say in scene.ts which ${name} is the victim's`).toHaveProperty(name);
      const request = asStranger(target);
      const answer = await scene.attacker.send(request);
      const expected = { by: "api", status: target.group === "operator" ? 403 : [404, 403] } as const;
      expect(complaints(target, { name: "another owner's id", request, expected, marks: belongings() }, answer)).toEqual([]);
    });

  test("a top-up of another customer is told apart from none by nothing", async () => {
    const read = async (topUpId: string) => {
      const { status, body } = await scene.attacker.send({
        method: "GET",
        path: `/api/payment/top-ups/${topUpId}`,
        headers: [bearer(scene.tokens.stranger)],
      });
      return { status, ...(JSON.parse(body) as object), requestId: "" };
    };
    expect(await read(scene.victim.paidTopUpId)).toEqual(await read(`top_${"0".repeat(26)}`));
  });

  test("a number of another customer is told apart from none by nothing, whatever is asked of it", async () => {
    const asks = [
      ["GET", "", undefined],
      ["PATCH", "", "{}"],
      ["PATCH", "", '{"greeting":"mine"}'],
      ["POST", "/release", "{}"],
      ["POST", "/release", '{"dryRun":true}'],
    ] as const;
    for (const [method, action, body] of asks) {
      const ask = async (numberId: string) => {
        const headers = [bearer(scene.tokens.stranger), ["content-type", "application/json"] as const];
        const answer = await scene.attacker.send({ method, path: `/api/numbers/${numberId}${action}`, headers, body });
        return { status: answer.status, ...(JSON.parse(answer.body) as object), requestId: "" };
      };
      const theirs = await ask(scene.victim.numberId);
      expect(theirs).toMatchObject({ status: 404, code: "number.not_found" });
      expect(theirs).toEqual(await ask(`num_${"0".repeat(26)}`));
    }
  });
});

describe("without an id", () => {
  for (const target of guarded.filter(({ params, method, group }) => params.length === 0 && method === "GET" && group !== "operator"))
    test(`${target.id} shows nobody else's things`, async () => {
      const good = asStranger(target);
      const tries = [
        good.path,
        `${good.path}?limit=100`,
        `${good.path}?cursor=${scene.victim.cursor}`,
        `${good.path}?reference=${scene.victim.paidTopUpId}`,
      ];
      for (const path of tries) {
        const { status, body } = await scene.attacker.send({ ...good, path });
        expect(status, path).toBeLessThan(500);
        expect(
          belongings().filter((each) => body.includes(each)),
          path,
        ).toEqual([]);
      }
    });
});

test("another customer's Idempotency-Key is another key", async () => {
  const answer = await scene.attacker.send({
    method: "POST",
    path: "/api/payment/create-checkout-session",
    headers: [bearer(scene.tokens.stranger), ["content-type", "application/json"], ["idempotency-key", scene.victim.key]],
    body: JSON.stringify(scene.victim.terms),
  });
  expect(answer.status).toBe(201);
  expect(answer.headers).not.toHaveProperty("idempotency-replayed");
  expect(belongings().filter((each) => answer.body.includes(each))).toEqual([]);
});

test("what was refused is logged without the victim", () => {
  expect(leaks(scene.logs.text(), scene.canaries)).toEqual([]);
});
