import type { NumberType } from "@aira/contract";
import type { AvailableNumber, NumberOrder, NumberProvider, NumberWebhooks, OrderOutcome, ProvidedNumber } from "@aira/core/numbers";
import type { CoreUnderTest } from "./core-under-test.ts";
import type { Container, FaultPlan } from "./faults.ts";
import type { Scheduler } from "./scheduler.ts";

const MINUTE = 60_000;

/** The provider's lists are behind by less than this. */
const LAG_MS = 3 * MINUTE;

/** A number as the provider has it, or had it. */
export interface TwilioNumber {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly boughtAtMs: number;
  tag: string;
  webhooks: NumberWebhooks;
  releasedAtMs: number | undefined;
}

/** One order, as it was called for. */
export interface LoggedOrder extends NumberOrder {
  readonly atMs: number;
}

/** Twilio's numbers in memory: what is on sale, what our account has, and what is still on its way there. */
export class SimulatedTwilio {
  readonly clock: () => number;
  /** An order, change or release gets here within this time of its call, or never. */
  lateMs = 4 * MINUTE;
  /** Everything that is ever sold, by number. */
  readonly stock = new Map<string, { readonly country: string; readonly type: NumberType }>();
  /** Numbers that other customers of Twilio's have. */
  readonly taken = new Set<string>();
  /** Every number that our account has or had. */
  readonly numbers: TwilioNumber[] = [];
  /** Every order, in the order in which they were called for. */
  readonly orders: LoggedOrder[] = [];
  /** What is carried out when its caller has given up on it. */
  readonly late: { readonly deadlineMs: number; readonly carryOut: () => unknown }[] = [];
  /** Told of each order at the moment of its call. */
  onOrder: (order: LoggedOrder) => void = () => undefined;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  owned(phoneNumber: string): TwilioNumber | undefined {
    return this.numbers.find((number) => number.phoneNumber === phoneNumber && number.releasedAtMs === undefined);
  }

  bySid(sid: string): TwilioNumber | undefined {
    return this.numbers.find((number) => number.sid === sid && number.releasedAtMs === undefined);
  }

  /** A number that the account owns already is pointed elsewhere, and answered like a purchase. */
  order({ phoneNumber, tag, webhooks }: Pick<NumberOrder, "phoneNumber" | "tag" | "webhooks">): OrderOutcome {
    const owned = this.owned(phoneNumber);
    if (owned) {
      Object.assign(owned, { tag, webhooks });
      return { outcome: "bought", sid: owned.sid };
    }
    if (!this.stock.has(phoneNumber) || this.taken.has(phoneNumber)) return notAvailable;
    const sid = `PN${this.numbers.length + 1}`;
    this.numbers.push({ sid, phoneNumber, tag, webhooks, boughtAtMs: this.clock(), releasedAtMs: undefined });
    return { outcome: "bought", sid };
  }

  release(sid: string): "released" | "gone" {
    const number = this.bySid(sid);
    if (!number) return "gone";
    number.releasedAtMs = this.clock();
    return "released";
  }

  /** The account's numbers as a list shows them that is so much behind. */
  list(lagMs = 0): TwilioNumber[] {
    if (lagMs === 0) return this.numbers.filter(({ releasedAtMs }) => releasedAtMs === undefined);
    const seenMs = this.clock() - lagMs;
    return this.numbers.filter(
      ({ boughtAtMs, releasedAtMs }) => boughtAtMs <= seenMs && (releasedAtMs === undefined || releasedAtMs > seenMs),
    );
  }

  /** Carries out what must have arrived by this time: all of it by default. */
  land(byMs = Number.POSITIVE_INFINITY): void {
    for (const one of this.late.filter(({ deadlineMs }) => deadlineMs <= byMs)) {
      this.late.splice(this.late.indexOf(one), 1);
      one.carryOut();
    }
  }
}

const notAvailable: OrderOutcome = { outcome: "refused", code: "number.not_available", detail: "injected" };

export interface SimulatedNumberProviderOptions {
  readonly core: CoreUnderTest;
  readonly twilio: SimulatedTwilio;
  readonly scheduler: Scheduler;
  readonly random: () => number;
  readonly plan: FaultPlan;
  readonly container: Container;
}

/** The port to Twilio as one container sees it, with what goes wrong on the way. Whatever waits here, waits while time passes. */
export function simulatedNumberProvider(options: SimulatedNumberProviderOptions): NumberProvider {
  const { core, twilio, scheduler, random, plan, container } = options;
  const { AiraError } = core.lib;
  const unavailable = () => new AiraError("number_provider.unavailable", "injected");
  const refused = () => new AiraError("number_provider.refused", "injected");
  const unknown: OrderOutcome = { outcome: "unknown", cause: new Error("injected") };
  const linger = async (): Promise<void> => {
    for (let points = 20 * random(); points > 0; points--) await scheduler.point();
  };

  async function read<T>(look: (lagMs: number) => T): Promise<T> {
    await scheduler.point();
    const fault = plan("numbers.read");
    if (fault === "crash") return container.crash();
    if (fault === "unavailable") throw unavailable();
    if (fault === "refused") throw refused();
    const answer = look(fault === "stale" ? random() * LAG_MS : 0);
    await scheduler.point();
    if (fault === "slow") await linger();
    return answer;
  }

  async function change<T>(carryOut: () => T): Promise<T> {
    const deadlineMs = twilio.clock() + twilio.lateMs;
    await scheduler.point();
    const fault = plan("numbers.change");
    if (fault === "refused") throw refused();
    if (fault === "unavailable" || fault === "timeout_before" || twilio.clock() >= deadlineMs) throw unavailable();
    if (fault === "crash") return container.crash();
    if (fault === "late") {
      twilio.late.push({ deadlineMs, carryOut });
      throw unavailable();
    }
    const answer = carryOut();
    if (fault === "timeout_after") throw unavailable();
    if (fault === "crash_after") return container.crash();
    await scheduler.point();
    if (fault === "slow") await linger();
    return answer;
  }

  async function order(asked: NumberOrder): Promise<OrderOutcome> {
    const logged = { ...asked, atMs: twilio.clock() };
    const deadlineMs = logged.atMs + twilio.lateMs;
    twilio.orders.push(logged);
    twilio.onOrder(logged);
    await scheduler.point();
    if (twilio.clock() >= deadlineMs) return unknown;
    const carryOut = () => twilio.order(asked);
    const fault = plan("numbers.order");
    switch (fault) {
      case "unavailable":
        return { outcome: "refused", code: "number_provider.unavailable", detail: "injected" };
      case "refused":
        return { outcome: "refused", code: "number.address_required", detail: "injected" };
      case "taken":
        if (!twilio.owned(asked.phoneNumber)) twilio.taken.add(asked.phoneNumber);
        return carryOut();
      case "doubled":
        carryOut();
        return notAvailable;
      case "timeout_before":
        return unknown;
      case "timeout_after":
        carryOut();
        return unknown;
      case "late":
        twilio.late.push({ deadlineMs, carryOut });
        return unknown;
      case "crash":
        return container.crash();
      case "crash_after":
        carryOut();
        return container.crash();
      default: {
        const answer = carryOut();
        await scheduler.point();
        if (fault === "slow") await linger();
        return answer;
      }
    }
  }

  const provided = ({ sid, phoneNumber, tag, webhooks }: TwilioNumber): ProvidedNumber => ({ sid, phoneNumber, tag, webhooks });
  const onSale = (phoneNumber: string, lagMs: number): boolean =>
    twilio.stock.has(phoneNumber) &&
    !twilio.taken.has(phoneNumber) &&
    !twilio.list(lagMs).some((number) => number.phoneNumber === phoneNumber);

  return {
    countries: () => read(() => [{ country: "US", name: "United States", types: ["local"] as const }]),
    typesOf: () => read(() => ["local"] as const),
    search: () => read((lagMs) => [...twilio.stock.keys()].filter((number) => onSale(number, lagMs)).map(described)),
    findAvailable: (phoneNumber, country, type) =>
      read((lagMs) => {
        const kind = twilio.stock.get(phoneNumber);
        return kind?.country === country && kind.type === type && onSale(phoneNumber, lagMs) ? described(phoneNumber) : undefined;
      }),
    buy: order,
    findOwned: (phoneNumber) =>
      read((lagMs) => {
        const found = twilio.list(lagMs).findLast((number) => number.phoneNumber === phoneNumber);
        return found && provided(found);
      }),
    listOwned: (after) =>
      read((lagMs) => {
        const numbers = twilio.list(lagMs);
        const start = after === undefined ? 0 : numbers.findIndex(({ sid }) => sid === after) + 1;
        const page = numbers.slice(start, start + 3);
        return { numbers: page.map(provided), next: start + 3 < numbers.length ? page.at(-1)?.sid : undefined };
      }),
    update: (sid, settings) =>
      change(() => {
        const number = twilio.bySid(sid);
        return number && provided(Object.assign(number, settings));
      }),
    release: (sid) => change(() => twilio.release(sid)),
    prices: () => read(() => [{ type: "local", currency: "USD", monthly: "1.15" }]),
    balance: () => read(() => ({ amount: "1000.00", currency: "USD" })),
  };
}

const described = (phoneNumber: string): AvailableNumber => ({
  phoneNumber,
  nationalFormat: phoneNumber.slice(2),
  country: "US",
  type: "local",
  region: null,
  locality: null,
  postalCode: null,
  capabilities: ["voice", "sms"],
  addressRequirement: "none",
});
