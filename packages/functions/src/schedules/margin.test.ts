import { keys } from "@aira/core/table";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { type Running, type Service, startService, startTable } from "../fixtures/services.ts";
import { tick } from "../fixtures/tick.ts";
import { handler as margins } from "../http/operator-margins.ts";
import { handler } from "./margin.ts";

const DAY_MS = 86_400_000;
const OUR = "+14155550100";
const CANARY = "+14155550999";
const dayBefore = (days: number) => new Date(Date.now() - 3_600_000 - days * DAY_MS).toISOString().slice(0, 10);

let table: Running;
let twilio: Service;
let down = false;
const asked: string[] = [];
/** One call of the newest finished day, which nobody was charged for. */
const call = { sid: "CA1", direction: "inbound", from: CANARY, to: OUR, duration: "60", price: "-0.0085", price_unit: "USD" };

beforeAll(async () => {
  table = await startTable();
  twilio = await startService((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    response.writeHead(down ? 503 : 200, { "content-type": "application/json" });
    const calls = url.includes(`StartTime=${dayBefore(1)}`) ? [call] : [];
    response.end(JSON.stringify(down ? { message: `canary ${CANARY}` } : url.includes("/Calls.json") ? { calls } : { messages: [] }));
  });
  vi.stubEnv("TWILIO_ACCOUNT_SID", `AC${"0".repeat(32)}`);
  vi.stubEnv("TWILIO_AUTH_TOKENS", "0123456789abcdef0123456789abcdef");
  vi.stubEnv("TWILIO_API_BASE", twilio.url);
  await ledgerPorts().table.write({ put: { ...keys.number(OUR), owner: "asha", currency: "USD", state: "active" } });
});
afterAll(async () => {
  await twilio?.stop();
  await table?.stop();
});

const run = () => outputOf(() => handler(tick, contextWith(900_000)).catch((error: unknown) => error));

test("a run that can't reach Twilio fails aloud, without Twilio's words", async () => {
  down = true;
  const { result, output } = await run();
  down = false;
  expect(result).toBeInstanceOf(Error);
  expect(output).toContain("number_provider.unavailable");
  expect(output).not.toContain("canary");
});

test("a call that nobody was charged for is counted and named by its SID, with nobody's number", async () => {
  const { result, output } = await run();
  expect(result).toEqual({ days: 7, uncharged: 1, unpriced: 0, complete: true });
  const metric = output.split("\n").find((line) => line.includes("CloudWatchMetrics"));
  expect(JSON.parse(metric ?? "{}")).toMatchObject({ UsageUncharged: 1, UsageUnpriced: 0 });
  expect(output).toContain('"sid":"CA1"');
  expect(output).not.toContain(CANARY.slice(1));
});

test("another run asks only for the day that is not settled", async () => {
  asked.length = 0;
  expect((await run()).result).toMatchObject({ uncharged: 1, complete: true });
  expect(asked.filter((url) => url.includes("/Calls.json"))).toHaveLength(1);
});

test("a run without time leaves the rest to the next", async () => {
  await ledgerPorts().table.write({ delete: keys.margin(dayBefore(3)) });
  const { result } = await outputOf(() => handler(tick, contextWith(15_000)).catch((error: unknown) => error));
  expect(result).toMatchObject({ complete: false });
  expect((await run()).result).toMatchObject({ days: 7, complete: true });
});

test("operators read the margins by day", async () => {
  const request = requestOf({ query: `from=${dayBefore(7)}&to=${dayBefore(1)}`, claims: { sub: "op-1", "cognito:groups": "[operators]" } });
  const { result } = await outputOf(async () => answered(await margins(request, contextWith())));
  expect(result.status).toBe(200);
  const { days } = result.body as { days: { day: string }[] };
  expect(days).toHaveLength(7);
  expect(days.at(-1)).toMatchObject({
    day: dayBefore(1),
    calls: 1,
    unchargedCount: 1,
    uncharged: [{ sid: "CA1", kind: "call", price: "-0.0085", priceUnit: "USD" }],
    currencies: [{ currency: "USD", chargedMinor: 0, askedMinor: 1, marginMinor: -1, marginPercent: null }],
  });
});
