import { randomUUID } from "node:crypto";
import type { Currency } from "@aira/contract";
import { type Client, createClient } from "@aira/contract/client";
import { type PaymentForm, payOnPage } from "./checkout-page.ts";
import { signIn } from "./sign-in.ts";

/** An amount in minor units of one currency. */
export interface Money {
  readonly currency: Currency;
  readonly amountMinor: number;
}

/** A top-up that the customer has asked for, and Stripe's page to pay it on. */
export interface StartedTopUp extends Money {
  readonly topUpId: string;
  readonly sessionId: string;
  readonly url: string;
  /** Whether the API said that this answer repeats an earlier one. */
  readonly replayed: boolean;
}

export type StatementLine = Awaited<ReturnType<Client["listTransactions"]>>["transactions"][number];
export type Offer = Awaited<ReturnType<Client["searchNumbers"]>>["numbers"][number];
export type OwnNumber = Awaited<ReturnType<Client["getNumber"]>>;
export type Conversation = Awaited<ReturnType<Client["listConversations"]>>["conversations"][number];

/** What a number is bought by: as a search or the assistant named it. */
export type Wanted = Pick<Offer, "phoneNumber" | "country" | "type"> & { readonly price: Pick<Offer["price"], "currency" | "dueNowMinor"> };

/** Somebody with a browser: signs in, tops up, pays, reads the statement. Knows nothing but the app's address. */
export interface Customer {
  readonly name: string;
  readonly api: Client;
  /** Every top-up so far, each once. */
  readonly topUps: readonly StartedTopUp[];
  signIn(): Promise<void>;
  /** Asks for a page to pay on. Without a key, for a new one. */
  startTopUp(money: Money, idempotencyKey?: string): Promise<StartedTopUp>;
  pay(topUp: StartedTopUp, form: PaymentForm): Promise<{ readonly status: number; readonly location: string }>;
  /** Buys a number under a name. Without a key, a purchase of its own. 202: whether it was bought is not known yet. */
  buy(wanted: Wanted, name: string, idempotencyKey?: string): Promise<{ readonly number: OwnNumber; readonly status: number }>;
  /** Every number that was ever bought, oldest first. */
  numbers(): Promise<OwnNumber[]>;
  /** Every conversation, newest first. */
  conversations(): Promise<Conversation[]>;
  /** The statement, oldest first; of one top-up, purchase or call only, if it is named. */
  statement(reference?: string): Promise<StatementLine[]>;
}

/** A customer who has not signed in yet. Every request ends with the signal. */
export function createCustomer(name: string, appUrl: string, signal: AbortSignal): Customer {
  let token = "";
  let answered = new Response();
  const topUps = new Map<string, StartedTopUp>();
  const api = createClient({
    baseUrl: appUrl,
    token: () => token,
    // The typed client answers bodies; its status and whether it is a repeat are beside them.
    fetch: async (url, options) => {
      answered = await fetch(url, { ...options, signal });
      return answered;
    },
  });
  return {
    name,
    api,
    get topUps() {
      return [...topUps.values()];
    },
    async signIn() {
      token = await signIn(appUrl, name, signal);
    },
    async startTopUp({ currency, amountMinor }, idempotencyKey = randomUUID()) {
      const { topUpId, url } = await api.createCheckoutSession({ body: { currency, amountMinor } }, { idempotencyKey });
      const sessionId = new URL(url).pathname.split("/").at(-1) ?? "";
      const started = { topUpId, sessionId, url, currency, amountMinor, replayed: answered.headers.get("idempotency-replayed") === "true" };
      topUps.set(topUpId, started);
      return started;
    },
    pay: ({ url }, form) => payOnPage(url, form, signal),
    async buy({ phoneNumber, country, type, price: { currency, dueNowMinor } }, friendlyName, idempotencyKey = randomUUID()) {
      const body = { phoneNumber, country, type, currency, expectedMinor: dueNowMinor, friendlyName };
      const number = await api.purchaseNumber({ body }, { idempotencyKey });
      return { number, status: answered.status };
    },
    async numbers() {
      const [current, released] = [await api.listNumbers(), await api.listNumbers({ query: { state: "released" } })];
      return [...current.numbers, ...released.numbers].sort((a, b) => (a.numberId < b.numberId ? -1 : 1));
    },
    conversations: async () => (await api.listConversations({ query: { limit: 100 } })).conversations,
    async statement(reference) {
      const lines: StatementLine[] = [];
      let cursor: string | undefined;
      do {
        const query = { ...(reference === undefined ? {} : { reference }), ...(cursor === undefined ? {} : { cursor }) };
        const page = await api.listTransactions({ query });
        lines.push(...page.transactions);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return lines.reverse();
    },
  };
}
