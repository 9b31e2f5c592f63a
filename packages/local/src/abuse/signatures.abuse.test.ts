import { randomInt } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { seededRandom } from "../random.ts";
import type { Attack } from "./attack.ts";
import { changes } from "./books.ts";
import { leaks } from "./logs.ts";
import { isQuiet, JSON_TYPE, type Scene, sign, startScene } from "./scene.ts";
import { besiege } from "./siege.ts";
import { mutations } from "./signature-mutations.ts";
import { targetsOf } from "./targets.ts";

const COUNT = 1_000;
const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const [webhook] = targetsOf("webhook");
if (!webhook) throw new Error("openapi.json has a webhook");

let scene: Scene;
let secret: string;
beforeAll(async () => {
  scene = await startScene();
  secret = scene.runtime.stripe?.webhookSecret ?? "";
});
afterAll(() => scene?.stop());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const deliver = (body: string, header: string) =>
  scene.attacker.send({ method: webhook.method, path: webhook.path, headers: [JSON_TYPE, ["stripe-signature", header]], body });

test(`${COUNT} mutations of a good delivery are each refused, and nothing is queued (SEED=${seed})`, { timeout: 60_000 }, async () => {
  const { event } = scene.victim;
  const attacks: Attack[] = mutations(seededRandom(seed), COUNT, event, sign(event, secret)).map(({ name, body, header }, at) => ({
    name: `mutation ${at} (${name})`,
    request: { method: webhook.method, path: webhook.path, headers: [JSON_TYPE, ["stripe-signature", header]], body },
    expected: { by: "api", status: 400, code: "webhook.signature_invalid" },
  }));
  expect(await besiege(scene, webhook, attacks)).toEqual([]);
});

describe("a valid delivery that comes again", () => {
  const books = async () => {
    const { stripe: _provider, ...kept } = await scene.bookkeeper.read();
    return kept;
  };
  const delivered = async (body: string, header: string) => {
    const { status } = await deliver(body, header);
    await vi.waitUntil(() => isQuiet(scene.runtime), { timeout: 20_000, interval: 20 });
    return status;
  };

  test("is taken each time, and the books do not change", async () => {
    const before = await books();
    const header = sign(scene.victim.event, secret);
    for (let time = 0; time < 5; time++) expect(await delivered(scene.victim.event, header)).toBe(200);
    expect(changes(before, await books())).toEqual([]);
  });

  test.each([
    [299, 200],
    [300, 200],
    [301, 400],
    [86_400, 400],
    [-299, 200],
    [-300, 200],
    [-301, 400],
    [-86_400, 400],
  ])("%i seconds after its signature is answered %i, and the books do not change", async (ageSeconds, status) => {
    const before = await books();
    // Only the clock of dates stands: timers and sockets go on.
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now });
    expect(await delivered(scene.victim.event, sign(scene.victim.event, secret, Math.floor(now / 1_000) - ageSeconds))).toBe(status);
    expect(changes(before, await books())).toEqual([]);
  });
});

describe("while the secret is rotated", () => {
  const both = (body: string, first: string, second: string) => `${sign(body, first)},v1=${sign(body, second).split("v1=")[1]}`;
  const rows = [
    ["the current secret", "current", ["current", "previous"], 200],
    ["the previous secret", "previous", ["current", "previous"], 200],
    ["the previous secret, once it is gone", "previous", ["current"], 400],
    ["a secret that never was", "other", ["current", "previous"], 400],
    ["both secrets", "both", ["current", "previous"], 200],
    ["both secrets, once one is gone", "both", ["current"], 200],
    ["both secrets, of which neither is left", "both", ["other"], 400],
  ] as const;
  test.each(rows)("a delivery signed with %s", async (_what, signedWith, listed, status) => {
    vi.stubEnv("STRIPE_WEBHOOK_SECRETS", listed.map((name) => `whsec_${name}`).join(","));
    const body = JSON.stringify({
      id: "evt_rotation",
      object: "event",
      type: "plan.created",
      created: 1,
      livemode: false,
      data: { object: {} },
    });
    const header = signedWith === "both" ? both(body, "whsec_current", "whsec_previous") : sign(body, `whsec_${signedWith}`);
    expect((await deliver(body, header)).status).toBe(status);
  });
});

test("no delivery, signature or secret is logged", async () => {
  await vi.waitUntil(() => isQuiet(scene.runtime), { timeout: 20_000, interval: 20 });
  expect(leaks(scene.logs.text(), { ...scene.canaries, "a signature": sign(scene.victim.event, secret).split("v1=")[1] ?? "" })).toEqual(
    [],
  );
});
