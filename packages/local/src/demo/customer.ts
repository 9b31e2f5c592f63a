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
  /** The statement, oldest first; of one top-up only, if it is named. */
  statement(topUpId?: string): Promise<StatementLine[]>;
}

/** A customer who has not signed in yet. Every request ends with the signal. */
export function createCustomer(name: string, appUrl: string, signal: AbortSignal): Customer {
  let token = "";
  let answered = new Headers();
  const topUps = new Map<string, StartedTopUp>();
  const api = createClient({
    baseUrl: appUrl,
    token: () => token,
    // The typed client answers bodies; whether an answer is a repeat is said in a header.
    fetch: async (url, options) => {
      const response = await fetch(url, { ...options, signal });
      answered = response.headers;
      return response;
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
      const started = { topUpId, sessionId, url, currency, amountMinor, replayed: answered.get("idempotency-replayed") === "true" };
      topUps.set(topUpId, started);
      return started;
    },
    pay: ({ url }, form) => payOnPage(url, form, signal),
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
