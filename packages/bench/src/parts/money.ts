import type { OperationCost } from "../call-meter.ts";
import { CALL_END, CALL_START, FIRST_ANSWER, TEXT, TEXT_RECORDED, TURN } from "../operations/conversations.ts";
import { MONTH, NOTHING_DUE, PURCHASE_REQUEST } from "../operations/numbers.ts";
import { addUsage, noUsage, priceOf, prices, timesUsage, type Usage } from "../prices.ts";
import { dollars, significant, units, whole } from "../report/format.ts";
import type { Section } from "../report/section.ts";
import { billedWriteUnits, type CallFigures } from "./calls.ts";
import type { FaultFigures } from "./faults.ts";

const TOP_UPS = 1_000;
const MEMORY_GB = 0.5;

/**
 * One step of a top-up's life: an operation of the calls part, how often it happens per top-up, and what is around it. Billed time is an
 * assumption, since a laptop cannot tell a Lambda's: generous, and mostly waiting for DynamoDB or Stripe.
 */
interface Step {
  readonly name: string;
  readonly operation: string | undefined;
  readonly perTopUp: number;
  readonly billedMs: number;
  readonly around: Partial<Usage>;
}

const overHttp = { apiRequests: 1, lambdaInvocations: 1 } as const;

const STEPS: readonly Step[] = [
  { name: "open the page to pay on", operation: "create a checkout session", perTopUp: 1, billedMs: 600, around: overHttp },
  // Stripe announces one payment by more events than one. All pass the door.
  { name: "webhook: verify and queue", operation: undefined, perTopUp: 1, billedMs: 20, around: { ...overHttp, sqsRequests: 1 } },
  {
    name: "consume: receive, credit, delete",
    operation: "credit of a paid top-up",
    perTopUp: 1,
    billedMs: 50,
    around: { sqsRequests: 2, lambdaInvocations: 1 },
  },
  {
    name: "the same event once more",
    operation: "a credit's event once more",
    perTopUp: 0.1,
    billedMs: 70,
    around: { ...overHttp, sqsRequests: 3, lambdaInvocations: 2 },
  },
  { name: "state of the top-up, polled", operation: "state of a top-up", perTopUp: 3, billedMs: 15, around: overHttp },
  { name: "balance", operation: "balance", perTopUp: 4, billedMs: 15, around: overHttp },
  { name: "statement, a page of 50", operation: "statement, a page of 50", perTopUp: 2, billedMs: 25, around: overHttp },
];

/** What Lambda and SQS do behind a queue for one message. */
const consumed = { sqsRequests: 2, lambdaInvocations: 1 } as const;
const queued = { ...overHttp, sqsRequests: 1 } as const;

/** What else customers do, and the operations that it is made of. `share`: -1 takes off what a run of the schedule costs without it. */
const DEEDS: readonly {
  readonly name: string;
  readonly parts: readonly {
    readonly operation?: string;
    readonly share?: number;
    readonly billedMs: number;
    readonly around: Partial<Usage>;
  }[];
}[] = [
  { name: "numbers bought", parts: [{ operation: PURCHASE_REQUEST, billedMs: 1_500, around: overHttp }] },
  {
    name: "months charged",
    parts: [
      { operation: MONTH, billedMs: 50, around: {} },
      { operation: NOTHING_DUE, share: -1, billedMs: 0, around: {} },
    ],
  },
  {
    name: "calls of two turns",
    parts: [
      { operation: FIRST_ANSWER, billedMs: 40, around: queued },
      { operation: TURN, share: 2, billedMs: 60, around: overHttp },
      // Twilio tells the end.
      { billedMs: 20, around: queued },
      { operation: CALL_START, billedMs: 80, around: consumed },
      { operation: CALL_END, billedMs: 80, around: consumed },
    ],
  },
  {
    name: "texts, answered",
    parts: [
      { operation: TEXT, billedMs: 60, around: queued },
      { operation: TEXT_RECORDED, billedMs: 80, around: consumed },
    ],
  },
];

export interface MoneyFigures {
  readonly steps: readonly { readonly name: string; readonly perTopUp: number; readonly usage: Usage }[];
  readonly total: Usage;
  /** A thousand of each. */
  readonly deeds: readonly { readonly name: string; readonly usage: Usage }[];
  /** The credit alone, by each way to do it: DynamoDB only. */
  readonly credits: readonly { readonly name: string; readonly usage: Usage; readonly right: string }[];
}

const tableUsage = (cost: OperationCost | undefined): Usage =>
  cost ? { ...noUsage, writeUnits: billedWriteUnits(cost), readUnits: cost.readUnits } : noUsage;

/** Adds up a thousand top-ups from what the operations were measured to cost. */
export function addUpMoney(calls: CallFigures, faults: FaultFigures): MoneyFigures {
  const usageOf = (operation: string | undefined, billedMs: number, around: Partial<Usage>): Usage => {
    const measured = calls.operations.find((one) => one.name === operation);
    if (operation !== undefined && !measured) throw new Error(`the calls part has no operation "${operation}"`);
    return addUsage(tableUsage(measured?.cost), { ...noUsage, ...around, lambdaGbSeconds: (billedMs / 1000) * MEMORY_GB });
  };
  const steps = STEPS.map(({ name, operation, perTopUp, billedMs, around }) => {
    return { name, perTopUp, usage: timesUsage(usageOf(operation, billedMs, around), perTopUp * TOP_UPS) };
  });
  const deeds = DEEDS.map(({ name, parts }) => {
    const usages = parts.map(({ operation, share = 1, billedMs, around }) =>
      timesUsage(usageOf(operation, billedMs, around), share * TOP_UPS),
    );
    return { name, usage: usages.reduce(addUsage, noUsage) };
  });
  return {
    steps,
    deeds,
    total: steps.map(({ usage }) => usage).reduce(addUsage, noUsage),
    credits: faults.contestants.map(({ name, cost, faults: tally, points }) => ({
      name,
      usage: timesUsage(tableUsage(cost), TOP_UPS),
      right: `${tally.right} of ${points}`,
    })),
  };
}

export function moneySection({ steps, total, deeds, credits }: MoneyFigures): Section {
  const priced = (usage: Usage) => [
    units(Math.round(usage.writeUnits)),
    units(Math.round(usage.readUnits)),
    whole(usage.sqsRequests),
    whole(usage.lambdaInvocations),
    significant(usage.lambdaGbSeconds),
    whole(usage.apiRequests),
    dollars(priceOf(usage).total),
  ];
  const row = (name: string, often: string, usage: Usage) => [name, often, ...priced(usage)];
  const price = priceOf(total);
  return {
    title: `The price of ${whole(TOP_UPS)} top-ups`,
    method: [
      `Units as measured above, times how often a step happens per top-up, at ${prices.region} prices as of ${prices.asOf} (check them before you quote this): on demand, per million:`,
      `$${prices.dynamoDbWriteUnit * 1e6} write units, $${prices.dynamoDbReadUnit * 1e6} read units, $${(prices.sqsRequest * 1e6).toFixed(2)} SQS requests, $${(prices.lambdaRequest * 1e6).toFixed(2)} Lambda requests,`,
      `$${(prices.httpApiRequest * 1e6).toFixed(2)} HTTP API requests; $${prices.lambdaGbSecond} per GB-second of Lambda on arm64. Lambda's billed time is an assumption, at ${MEMORY_GB * 1000} MB.`,
    ],
    tables: [
      {
        head: ["step", "per top-up", "write units", "read units", "SQS", "Lambda", "GB-seconds", "API", "price"],
        rows: [...steps.map(({ name, perTopUp, usage }) => row(name, String(perTopUp), usage)), row("together", "", total)],
      },
      {
        head: ["of which", "price", "share"],
        rows: (
          [
            ["DynamoDB", price.dynamoDb],
            ["SQS", price.sqs],
            ["Lambda", price.lambda],
            ["HTTP API", price.api],
          ] as const
        ).map(([name, amount]) => [name, dollars(amount), `${Math.round((amount / price.total) * 100)} %`]),
      },
      {
        head: ["the credit alone, by", "write units", "read units", "DynamoDB's price", "fault points right"],
        rows: credits.map(({ name, usage, right }) => [
          name,
          units(Math.round(usage.writeUnits)),
          units(Math.round(usage.readUnits)),
          dollars(priceOf(usage).dynamoDb),
          right,
        ]),
      },
      {
        head: [`${whole(TOP_UPS)} of`, "write units", "read units", "SQS", "Lambda", "GB-seconds", "API", "price"],
        rows: deeds.map(({ name, usage }) => [name, ...priced(usage)]),
      },
    ],
    notes: [
      "Every consumer's batch is taken to hold one message, which is the dearest case: ten of one wallet cost 42 units instead of 60, and one invocation.",
      "A charged month is told without its share of the schedule's runs, which look through 16 shards every five minutes, whatever is due: 8 read units each.",
      "Not in it: Stripe's own fee and Twilio's prices, which are hundreds to thousands of times this; storage, logs, CloudFront, alarms; and the polling of an empty queue by Lambda, about 0.65 million requests a month ($0.26).",
    ],
    verdicts: [],
  };
}
