import { DIFFERENCES, type Examination, examineTopUp } from "@aira/core/audit";
import { attributionOf, type TopUp } from "@aira/core/payments";
import Stripe from "stripe";
import { StartFailure } from "../start-failure.ts";
import { counted, money } from "./money.ts";
import { type OpenStripe, openStripe, paymentPorts, STRIPE_HELP, STRIPE_OPTIONS } from "./open-stripe.ts";
import { openTable, TABLE_HELP, TABLE_OPTIONS } from "./open-table.ts";
import { EXIT, readArguments, runTool, type Surroundings, type Tool } from "./tool.ts";

const HELP = `npm run where-is -- ID [options]

Where is my money? Shows one payment whole: the top-up, its objects at Stripe, its entries in the ledger, and what stands in the way.
ID: a top-up (top_…), or at Stripe a Checkout Session (cs_…), payment intent (pi_…), charge (ch_…, py_…), refund (re_…, pyr_…) or
dispute (du_…, dp_…). It only reads.

${TABLE_HELP}
${STRIPE_HELP}
  --json         everything as JSON
  --help         this text

Exit code: 0 Stripe and the ledger agree over it, 1 they differ, 2 it was not found or could not be looked for.`;

/** The command `npm run where-is`. */
export const whereIsTool: Tool = async (args, surroundings) => {
  const { values, positionals } = readArguments("where-is", args, { ...TABLE_OPTIONS, ...STRIPE_OPTIONS, json: { type: "boolean" } }, 1);
  const { out, note } = surroundings;
  if (values.help) {
    out(HELP);
    return EXIT.ok;
  }
  const [id] = positionals;
  if (id === undefined)
    throw new StartFailure("Name a top-up, or a session, payment, charge, refund or dispute of Stripe: `npm run where-is -- ID`");
  await using target = await openTable(values, surroundings);
  const stripe = await openStripe(target, values, surroundings);
  note(`Table: ${target.where}\nStripe: ${stripe.where}`);
  const found = await find(stripe, id);
  const look = await examineTopUp(paymentPorts(target, stripe), found.topUpId, found);
  if (!look.topUp && look.payments.length === 0) throw new StartFailure(`There is no top-up ${found.topUpId} in ${target.where}`);
  const charges = await chargesOf(stripe, look);
  if (values.json) out(JSON.stringify({ ...look, topUp: look.topUp && withoutTerms(look.topUp), charges }, null, 2));
  else print(look, charges, surroundings);
  return look.difference === undefined ? EXIT.ok : EXIT.found;
};

/** The terms may hold the customer's address, and the page's URL lets anybody pay. */
const withoutTerms = ({ terms: _, url: __, ...topUp }: TopUp) => topUp;

interface Found {
  readonly topUpId: string;
  readonly paymentIntentIds: readonly string[];
  readonly sessionIds: readonly string[];
}

/** The top-up that an id leads to. */
async function find({ provider, sdk, stage }: OpenStripe, id: string): Promise<Found> {
  if (id.startsWith("top_")) return { topUpId: id, paymentIntentIds: [], sessionIds: [] };
  const lookUp = <T>(asked: Promise<T>): Promise<T> =>
    asked.catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      if (cause instanceof Stripe.errors.StripeInvalidRequestError)
        throw new StartFailure(`Stripe knows no ${id} in this account and mode`, { cause });
      throw error;
    });
  const ours = (metadata: Readonly<Record<string, string>>): string => {
    const attribution = attributionOf(metadata, stage);
    if (attribution) return attribution.topUpId;
    throw new StartFailure(`${id} is a payment of another app or stage: it does not name a top-up of the stage ${stage}`);
  };
  if (id.startsWith("cs_")) {
    const session = await lookUp(provider.getSession(id));
    return { topUpId: ours(session.metadata), paymentIntentIds: [], sessionIds: [id] };
  }
  const intent = await lookUp(intentOf(sdk, id));
  if (intent === null) throw new StartFailure(`${id} belongs to no payment intent, so it is no payment of a top-up`);
  return { topUpId: ours(await lookUp(provider.getPaymentMetadata(intent))), paymentIntentIds: [intent], sessionIds: [] };
}

async function intentOf(sdk: Stripe, id: string): Promise<string | null> {
  const retrieve = {
    pi: async () => id,
    ch: async () => (await sdk.charges.retrieve(id)).payment_intent,
    py: async () => (await sdk.charges.retrieve(id)).payment_intent,
    re: async () => (await sdk.refunds.retrieve(id)).payment_intent,
    pyr: async () => (await sdk.refunds.retrieve(id)).payment_intent,
    du: async () => (await sdk.disputes.retrieve(id)).payment_intent,
    dp: async () => (await sdk.disputes.retrieve(id)).payment_intent,
  }[id.split("_")[0] ?? ""];
  if (!retrieve) throw new StartFailure(`"${id}" is no id that this command knows: \`npm run where-is -- --help\` lists them`);
  const intent = await retrieve();
  return intent === null || typeof intent === "string" ? intent : intent.id;
}

/** The newest charge of each payment: what the customer's bank knows it by. */
async function chargesOf({ sdk }: OpenStripe, { payments }: Examination): Promise<{ id: string; status: string; intent: string }[]> {
  const intents = payments.map(({ session }) => session.paymentIntentId).filter((id) => id !== null);
  const found = await Promise.all(
    intents.map(async (intent) => {
      const { latest_charge: charge } = await sdk.paymentIntents.retrieve(intent, { expand: ["latest_charge"] });
      return charge !== null && typeof charge === "object" ? [{ id: charge.id, status: charge.status, intent }] : [];
    }),
  );
  return found.flat();
}

type Charges = Awaited<ReturnType<typeof chargesOf>>;

function print(look: Examination, charges: Charges, { out }: Surroundings): void {
  const { topUp, topUpId } = look;
  const currency = topUp?.currency ?? look.payments[0]?.session.currency ?? "USD";
  out(`Top-up ${topUpId}`);
  if (topUp) {
    out(`  ${money(topUp.amountMinor, currency)} for the wallet of ${topUp.owner}, asked for at ${topUp.createdAt}`);
    out(`  State: ${topUp.state}, last settled ${topUp.v === 0 ? "never" : `at ${topUp.updatedAt}`}`);
  } else out("  It is not in the table.");
  printStripe(look, charges, currency, out);
  out("In the ledger");
  for (const { at, kind, amountMinor, seq, description, owner } of look.entries)
    out(
      `  ${at}  ${kind}  ${amountMinor > 0 ? "+" : ""}${money(amountMinor, currency)}  entry ${seq}${owner === topUp?.owner ? "" : ` of ${owner}`}  ${description}`,
    );
  out(`  ${look.entries.length === 0 ? "No entry. " : ""}The wallet has been given ${money(look.inLedgerMinor, currency)} of it.`);
  printObstacles(look, out);
  out(
    look.difference === undefined
      ? `Stripe and the ledger agree: ${money(look.atStripeMinor, currency)}.`
      : `DIFFERENCE  ${look.difference}: ${DIFFERENCES[look.difference]} At Stripe ${money(look.atStripeMinor, currency)}, in the ledger ${money(look.inLedgerMinor, currency)}.`,
  );
}

function printStripe(look: Examination, charges: Charges, currency: string, out: Surroundings["out"]): void {
  out("At Stripe");
  for (const { session, refunds, disputes } of look.payments) {
    const amount = session.amountMinor === null ? "no amount" : money(session.amountMinor, session.currency ?? currency);
    out(`  Session ${session.id}: ${session.status}, ${session.paymentStatus}, ${amount}`);
    if (session.paymentIntentId !== null) out(`  Payment ${session.paymentIntentId}: ${session.paymentIntentStatus}`);
    for (const { id, status, intent } of charges) if (intent === session.paymentIntentId) out(`  Charge ${id}: ${status}`);
    for (const refund of refunds) out(`  Refund ${refund.id}: ${refund.status}, ${money(refund.amountMinor, refund.currency)}`);
    for (const dispute of disputes) out(`  Dispute ${dispute.id}: ${dispute.status}, ${money(dispute.amountMinor, dispute.currency)}`);
  }
  for (const id of look.withoutSession) out(`  Payment ${id}: names the top-up, and no session`);
  out(
    look.payments.length === 0
      ? "  No payment page was opened for it, so nothing was paid."
      : `  After refunds and disputes Stripe has kept ${money(look.atStripeMinor, currency)} of it.`,
  );
}

function printObstacles({ quarantined, deferral }: Examination, out: Surroundings["out"]): void {
  out("In the way");
  for (const { quarantineId, reason, at, expected, found } of quarantined)
    out(`  Quarantine ${quarantineId} since ${at}, over the ${reason}: the top-up says ${expected}; Stripe says ${found}`);
  if (deferral) out(`  Its settlement failed ${counted(deferral.tries, "time")} and is put off; the sweep tries it again.`);
  if (quarantined.length === 0 && !deferral) out("  Nothing: no quarantine, no settlement put off.");
}

if (import.meta.main) await runTool(whereIsTool);
