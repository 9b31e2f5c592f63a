import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import { type Runtime, startRuntime } from "../runtime.ts";
import { signatureHeader } from "../stripe/index.ts";
import { projectTables } from "../tables.ts";
import type { Sent } from "./attack.ts";
import { type Answer, type Attacker, createAttacker } from "./attacker.ts";
import { type Bookkeeper, createBookkeeper } from "./books.ts";
import { canaries } from "./canaries.ts";
import { type CapturedLogs, captureLogs } from "./logs.ts";
import { bodyOf, sampleOf } from "./samples.ts";
import type { Schema, Target } from "./targets.ts";

/** A customer with money, whose things others try to reach. */
interface Victim {
  readonly owner: string;
  readonly paidTopUpId: string;
  readonly openTopUpId: string;
  /** A cursor of her own statement: without filters, and of one currency. */
  readonly cursor: string;
  readonly filteredCursor: string;
  readonly transactionIds: readonly string[];
  /** The key of a top-up of hers, and what she asked for under it. */
  readonly key: string;
  readonly terms: Readonly<Record<string, unknown>>;
  /** A number of hers. */
  readonly numberId: string;
  readonly phoneNumber: string;
  /** An event that has credited her, as it was signed. */
  readonly event: string;
}

/** The app with one customer's money in it, and everything that an attack needs. */
export interface Scene {
  readonly runtime: Runtime;
  readonly attacker: Attacker;
  readonly bookkeeper: Bookkeeper;
  readonly logs: CapturedLogs;
  readonly victim: Victim;
  /** The ids of the victim by the name of the path parameter. */
  readonly owned: Readonly<Record<string, string>>;
  /** Good access tokens. */
  readonly tokens: { readonly victim: string; readonly stranger: string; readonly operator: string };
  /** Everything that must not be logged, by what it is. */
  readonly canaries: Readonly<Record<string, string>>;
  /** A request that succeeds, by its rightful caller. */
  good(target: Target): Sent;
  stop(): Promise<void>;
}

export const OPERATORS = "operators";

/** Starts the app, lets the victim pay twice and open a third page. Schedules do not run: what changes the books is a request. */
export async function startScene(): Promise<Scene> {
  await using starting = new AsyncDisposableStack();
  const logs = captureLogs();
  starting.defer(() => logs.stop());
  const runtime = await startRuntime({
    tables: { ...projectTables, schedules: {} },
    // Nobody is to be told of a limit when they may not be told anything.
    environment: { LOG_LEVEL: "DEBUG", NUMBERS_PER_OWNER: "1000", PURCHASES_PER_DAY: "1000" },
    log: logs.take,
  });
  starting.defer(() => runtime.stop());
  const { identity, stripe, twilio } = runtime;
  if (!identity || !stripe || !twilio) throw new Error("the scene needs the local identity provider and the sandboxes");
  const tokens = {
    victim: await identity.mint({ sub: canaries.owner }),
    stranger: await identity.mint({ sub: "stranger" }),
    operator: await identity.mint({ sub: "operator", groups: [OPERATORS] }),
  };
  const attacker = createAttacker(runtime.url);
  starting.defer(() => attacker.close());
  const bookkeeper = createBookkeeper(runtime);
  starting.defer(() => bookkeeper.close());
  const sold = await findNumbers(attacker, tokens.victim);
  const victim = await createVictim(runtime, attacker, tokens.victim, sold[0] ?? "");
  const taken = () => new Set([...twilio.state.store.numbers.values()].map(({ phone_number }) => phone_number));
  /** What a good body names that only this scene knows, by the operation. */
  const named: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
    purchaseNumber: () => ({ phoneNumber: sold.find((number) => !taken().has(number)) }),
    repairNumber: () => ({ phoneNumber: victim.phoneNumber }),
  };
  const owned = {
    topUpId: victim.openTopUpId,
    numberId: victim.numberId,
    owner: victim.owner,
    conversationId: await startConversation(attacker, tokens.victim),
    queue: "payments",
    quarantineId: await createFinding(runtime, attacker, tokens),
  };
  const scene: Omit<Scene, "stop"> = {
    runtime,
    attacker,
    bookkeeper,
    logs,
    victim,
    owned,
    tokens,
    canaries: { ...canaries, ...tokens, webhookSecret: stripe.webhookSecret, secretKey: stripe.secretKey },
    good: (target) => goodRequest(target, tokens, owned, stripe.webhookSecret, named[target.id]?.() ?? {}),
  };
  const parts = starting.move();
  return { ...scene, stop: () => parts.disposeAsync() };
}

export const bearer = (token: string) => ["authorization", `Bearer ${token}`] as const;
export const JSON_TYPE = ["content-type", "application/json"] as const;

/** The path with its parameters filled in, each escaped. */
export const pathOf = (target: Target, textOf: (name: string, schema: Schema) => string): string =>
  target.params.reduce((path, { name, schema }) => path.replace(`{${name}}`, encodeURIComponent(textOf(name, schema))), target.path);

function goodRequest(
  target: Target,
  tokens: Scene["tokens"],
  owned: Scene["owned"],
  webhookSecret: string,
  fields: Readonly<Record<string, unknown>>,
): Sent {
  const path = pathOf(target, (name, schema) => owned[name] ?? String(sampleOf(schema)));
  const required = target.query
    .filter((parameter) => parameter.required)
    .map(({ name, schema }): [string, string] => [name, String(sampleOf(schema))]);
  const query = required.length > 0 ? `?${new URLSearchParams(required)}` : "";
  const token = target.group === "operator" ? tokens.operator : tokens.victim;
  const event = JSON.stringify({ id: "evt_plain", object: "event", type: "plan.created", data: { object: { note: canaries.message } } });
  const body = target.auth === "signature" ? event : target.body && JSON.stringify({ ...bodyOf(target.id, target.body), ...fields });
  return {
    method: target.method,
    path: `${path}${query}`,
    headers: [
      ...(target.auth === "jwt" ? [bearer(token)] : []),
      ...(body === undefined ? [] : [JSON_TYPE]),
      ...(target.auth === "signature" ? [["stripe-signature", sign(event, webhookSecret)] as const] : []),
      ...(target.keyed ? [["idempotency-key", randomUUID()] as const] : []),
    ],
    body,
  };
}

/** A signature of now. */
export const sign = (body: string, secret: string, atSeconds = Math.floor(Date.now() / 1_000)): string =>
  signatureHeader(body, [secret], atSeconds);

async function get<T>(attacker: Attacker, token: string, path: string): Promise<T> {
  return parse(await attacker.send({ method: "GET", path, headers: [bearer(token)] }), 200);
}

async function post<T>(
  attacker: Attacker,
  token: string,
  path: string,
  body: object,
  status: number,
  key: string = randomUUID(),
): Promise<T> {
  const headers = [bearer(token), JSON_TYPE, ["idempotency-key", key] as const];
  return parse(await attacker.send({ method: "POST", path, headers, body: JSON.stringify(body) }), status);
}

const openTopUp = (attacker: Attacker, token: string, terms: object, key?: string): Promise<{ topUpId: string; url: string }> =>
  post(attacker, token, "/api/payment/create-checkout-session", terms, 201, key);

async function createVictim(runtime: Runtime, attacker: Attacker, token: string, phoneNumber: string): Promise<Victim> {
  const terms = {
    currency: "USD",
    amountMinor: 2_500,
    receiptEmail: canaries.receiptEmail,
    successUrl: `https://shop.example/paid?for=${canaries.urlParameter}`,
  };
  const open = (key?: string) => openTopUp(attacker, token, terms, key);
  const sandbox = runtime.stripe;
  if (!sandbox) throw new Error("the scene needs the sandbox");
  const events: string[] = [];
  const unsubscribe = sandbox.state.onEvent((event) => {
    if (event.type === "checkout.session.completed") events.push(JSON.stringify(event));
  });
  const paid = [await open(canaries.keyWithEmail), await open()];
  for (const { url } of paid) sandbox.state.pay(url.slice(url.lastIndexOf("/") + 1), "card");
  const statement = await vi.waitUntil(
    async () => {
      type Page = { transactions: { transactionId: string }[]; nextCursor: string | null };
      const page = await get<Page>(attacker, token, "/api/wallet/transactions");
      return page.transactions.length >= paid.length && isQuiet(runtime) ? page : undefined;
    },
    { timeout: 30_000, interval: 50 },
  );
  unsubscribe();
  const { numberId } = await buyNumber(attacker, token, phoneNumber);
  const pageOf = (query: string) => get<{ nextCursor: string }>(attacker, token, `/api/wallet/transactions?limit=1${query}`);
  const still = await open();
  await vi.waitUntil(() => isQuiet(runtime), { timeout: 30_000, interval: 50 });
  return {
    owner: canaries.owner,
    paidTopUpId: paid[0]?.topUpId ?? "",
    openTopUpId: still.topUpId,
    cursor: (await pageOf("")).nextCursor,
    filteredCursor: (await pageOf("&currency=USD")).nextCursor,
    numberId,
    phoneNumber,
    transactionIds: statement.transactions.map(({ transactionId }) => transactionId),
    key: canaries.keyWithEmail,
    terms,
    event: events[0] ?? "",
  };
}

/** Numbers that can be had, at the price that a good request names. */
async function findNumbers(attacker: Attacker, token: string): Promise<readonly string[]> {
  type Found = { numbers: { phoneNumber: string }[] };
  const { numbers } = await get<Found>(attacker, token, "/api/numbers/search?country=US&limit=50");
  return numbers.map(({ phoneNumber }) => phoneNumber);
}

function buyNumber(attacker: Attacker, token: string, phoneNumber: string): Promise<{ readonly numberId: string }> {
  const body = { phoneNumber, currency: "USD", expectedMinor: 300, friendlyName: canaries.name };
  return post(attacker, token, "/api/numbers/purchase", body, 201);
}

async function startConversation(attacker: Attacker, token: string): Promise<string> {
  const { conversationId } = await post<{ conversationId: string }>(attacker, token, "/api/chatbot", { message: canaries.message }, 200);
  return conversationId;
}

/** A payment that contradicts its top-up, held back for an operator. */
async function createFinding(runtime: Runtime, attacker: Attacker, { stranger, operator }: Scene["tokens"]): Promise<string> {
  const { url } = await openTopUp(attacker, stranger, { currency: "USD", amountMinor: 1_000 });
  runtime.stripe?.state.tamper.payAltered(url.slice(url.lastIndexOf("/") + 1), { amountMinor: 900 });
  type Findings = { findings: { quarantineId: string }[] };
  return vi.waitUntil(
    async () => {
      const { findings } = await get<Findings>(attacker, operator, "/api/operator/quarantine");
      return isQuiet(runtime) && findings[0]?.quarantineId;
    },
    { timeout: 30_000, interval: 50 },
  );
}

/** Nothing is on its way: no event of the sandbox, no message in a queue. */
export function isQuiet(runtime: Runtime): boolean {
  const delivered = runtime.stripe?.delivery.records().every(({ status }) => status === "delivered") ?? true;
  const empty = Object.keys(runtime.queueUrls).every((queue) => {
    const { waiting, inFlight, delayed } = runtime.depth(queue);
    return waiting + inFlight + delayed === 0;
  });
  return delivered && empty;
}

function parse<T>(answer: Answer, status: number): T {
  if (answer.status !== status) throw new Error(`the scene was answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body) as T;
}
