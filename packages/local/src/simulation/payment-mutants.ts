// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code, with its templates.

import type { Mutant } from "./mutant.ts";

const CHECKOUT = "payments/checkout.ts";
const CONSUME = "payments/consume.ts";
const EVENT = "payments/event.ts";
const SETTLE = "payments/settle.ts";
const SWEEP = "payments/sweep.ts";
const PROVIDER = "payments/provider.ts";
const TOP_UP = "payments/top-up.ts";
const TOP_UP_STORE = "payments/top-up.store.ts";
const QUARANTINE = "payments/quarantine.ts";

/** The life of a top-up. */
export const paymentMutants: readonly Mutant[] = [
  // Checkout.
  {
    rule: "a top-up's id derives from owner, route and key, so that a retry means the same top-up",
    file: CHECKOUT,
    find: `deriveId("topUp", owner, ROUTE, idempotencyKey)`,
    replace: `deriveId("topUp", owner, ROUTE, idempotencyKey, String(ports.random()))`,
  },
  {
    rule: "the idempotency key at Stripe derives from the top-up, not from the call",
    file: CHECKOUT,
    find: ":session:${topUp.topUpId}`",
    replace: ":session:${topUp.topUpId}:${ports.clock()}:${ports.random()}`",
  },
  {
    rule: "the top-up is stored before Stripe is called",
    file: CHECKOUT,
    find: "  const inserted = await insertTopUp(ports.table, topUp);",
    replace:
      "  await ports.provider.createSession(terms, `${APP}:${ports.stage}:session:${topUpId}`);\n  const inserted = await insertTopUp(ports.table, topUp);",
  },
  {
    rule: "a repeat sends Stripe the stored parameters, not those of its own time",
    file: CHECKOUT,
    find: "  return stored;",
    replace: "  return { ...stored, terms: asked };",
  },
  {
    rule: "a key that stands for other terms is refused",
    scenario: "a key that stands for other terms is refused",
    file: CHECKOUT,
    find: `  if (!same) throw new AiraError("idempotency.key_reused", "This Idempotency-Key stands for a top-up with other terms.");\n`,
    replace: "",
  },
  {
    rule: "a session is closed only when binding is definitely refused, not when its outcome is unknown",
    file: CHECKOUT,
    find: "    await ports.wait(ports.random() * Math.min(10 * 2 ** tries, 200));\n",
    replace:
      '    await ports.provider.expireSession(session.id);\n    throw new AiraError("outcome.unknown", "The outcome is not known yet. Please ask again with the same key.");\n',
  },
  {
    rule: "a top-up is bound to one session for ever",
    scenario: "a session is refused and closed when the top-up was credited by another one meanwhile",
    file: TOP_UP_STORE,
    find: "all: [{ equals: { owner: topUp.owner } }, { any: [{ equals: { sessionId: undefined } }, { equals: { sessionId: session.id } }] }],",
    replace: "all: [{ equals: { owner: topUp.owner } }],",
  },

  // The fast credit.
  ...(
    [
      ["the fast credit is conditional on v = 0", "owner, currency, amountMinor, sessionId", undefined],
      [
        "the fast credit is conditional on the stored amount: the event's own is never trusted",
        "v: 0, owner, currency, sessionId",
        "money of another amount is quarantined, not credited",
      ],
      [
        "the fast credit is conditional on the stored currency",
        "v: 0, owner, amountMinor, sessionId",
        "money of another currency is quarantined, not credited",
      ],
      [
        "the fast credit is conditional on the stored owner",
        "v: 0, currency, amountMinor, sessionId",
        "money of another owner is quarantined, not credited",
      ],
      [
        "the fast credit is conditional on the bound session",
        "v: 0, owner, currency, amountMinor",
        "a second paid session is quarantined, before and after the first is credited",
      ],
    ] as const
  ).map(([rule, names, scenario]) => ({
    rule,
    file: TOP_UP_STORE,
    find: "if: { equals: { v: 0, owner, currency, amountMinor, sessionId } },",
    replace: `if: { equals: { ${names} } },`,
    scenario,
  })),
  {
    rule: "a refused guard is no proof that it was done",
    file: CONSUME,
    find: `else if (result.outcome === "already") finish(read, "already");`,
    replace: `else if (result.outcome === "already" || (result.outcome === "guarded" && result.found)) finish(read, "already");`,
  },
  {
    rule: "the same terms by another session are not a repeat of the credit",
    scenario: "a second paid session is quarantined, before and after the first is credited",
    file: TOP_UP_STORE,
    find: "return credit?.fingerprint === fingerprint && found.sessionId === sessionId",
    replace: "return credit?.fingerprint === fingerprint",
  },
  {
    rule: "a completed session that is unpaid credits nothing",
    file: EVENT,
    find: "    isPaid({ paymentStatus: session.payment_status }) &&\n",
    replace: "",
  },

  // Settling.
  {
    rule: "every status but `unpaid` is paid",
    scenario: "a session that needs no payment counts as paid",
    file: TOP_UP,
    find: `session.paymentStatus !== "unpaid";`,
    replace: `session.paymentStatus === "paid";`,
  },
  {
    rule: "a settlement that moves no money still moves v",
    file: TOP_UP_STORE,
    find: "table.write(settleWrite(topUp, settled, {}));",
    replace: "table.write({ ...settleWrite(topUp, settled, {}), set: { ...settled } } as Write);",
  },
  {
    rule: "a settlement that moves no money is written all the same",
    file: SETTLE,
    find: `    const { outcome } = await settleWithoutMoney(ports.table, topUp, settled);
    return outcome === "committed" ? { outcome: "settled", deltaMinor } : undefined;`,
    replace: `    return { outcome: "settled", deltaMinor };`,
  },
  {
    rule: "a settlement is conditional on the version that it read",
    file: TOP_UP_STORE,
    find: "if: { equals: { v: topUp.v, sessionId: topUp.sessionId } },",
    replace: "if: { equals: { sessionId: topUp.sessionId } },",
  },
  {
    rule: "a settlement is conditional on the binding that it read",
    scenario: "a session that is bound while another one is settled stays bound",
    file: TOP_UP_STORE,
    find: "if: { equals: { v: topUp.v, sessionId: topUp.sessionId } },",
    replace: "if: { equals: { v: topUp.v } },",
  },
  {
    rule: "the top-up is read before Stripe is asked",
    scenario: "a settlement that grew old on its way changes nothing",
    file: SETTLE,
    find: `    const topUp = await loadTopUp(ports.table, topUpId, { consistent: true });
    invariant(topUp, "top-ups are never deleted");
    const session = await ports.provider.getSession(topUp.sessionId ?? sessionId);
    const facts = await readFacts(ports, session);`,
    replace: `    const session = await ports.provider.getSession(sessionId);
    const facts = await readFacts(ports, session);
    const topUp = await loadTopUp(ports.table, topUpId, { consistent: true });
    invariant(topUp, "top-ups are never deleted");`,
  },
  {
    rule: "a settlement is done only if it was this version's",
    scenario: "what an event says of a credited top-up is settled by the top-up's version, not by its last amount",
    file: TOP_UP_STORE,
    find: "id: `${topUpId}@${topUp.v}`",
    replace: "id: topUpId",
  },
  {
    rule: "money that came by a settlement is remembered as the credit",
    scenario: "money that a settlement brought counts as the credit, and comes back as a reinstatement",
    file: TOP_UP_STORE,
    find: "deltaMinor > 0 && !topUp.credit ? { credit: { ...mark, fingerprint: creditFingerprint(topUp) } } : {}",
    replace: "{}",
  },
  {
    rule: "failed refunds don't count",
    file: TOP_UP,
    find: `refund.status !== "failed" && refund.status !== "canceled"`,
    replace: `refund.status !== "canceled"`,
  },
  {
    rule: "canceled refunds don't count",
    scenario: "refunds count until they fail or are canceled",
    file: TOP_UP,
    find: `refund.status !== "failed" && refund.status !== "canceled"`,
    replace: `refund.status !== "failed"`,
  },
  {
    rule: "pending refunds count",
    file: TOP_UP,
    find: `refund.status !== "failed" && refund.status !== "canceled"`,
    replace: `refund.status === "succeeded"`,
  },
  {
    rule: "inquiries don't count",
    file: TOP_UP,
    find: `!dispute.status.startsWith("warning_") && `,
    replace: "",
  },
  {
    rule: "open disputes count",
    file: TOP_UP,
    find: `!dispute.status.startsWith("warning_") && dispute.status !== "won" && dispute.status !== "prevented"`,
    replace: `dispute.status === "lost"`,
  },
  {
    rule: "lost disputes count",
    file: TOP_UP,
    find: `dispute.status !== "won" &&`,
    replace: `dispute.status !== "won" && dispute.status !== "lost" &&`,
  },
  {
    rule: "won disputes don't count",
    scenario: "a dispute withholds money while it is open and when it is lost, beside refunds and up to the amount",
    file: TOP_UP,
    find: `dispute.status !== "won" && `,
    replace: "",
  },
  {
    rule: "never more is taken back than the amount",
    file: TOP_UP,
    find: "amountMinor - Math.min(amountMinor, sum(refunds.filter(refundCounts)) + sum(disputes.filter(disputeCounts)));",
    replace: "amountMinor - (sum(refunds.filter(refundCounts)) + sum(disputes.filter(disputeCounts)));",
  },
  {
    rule: "refunds and disputes add up",
    scenario: "a dispute withholds money while it is open and when it is lost, beside refunds and up to the amount",
    file: TOP_UP,
    find: "Math.min(amountMinor, sum(refunds.filter(refundCounts)) + sum(disputes.filter(disputeCounts)));",
    replace: "Math.min(amountMinor, Math.max(sum(refunds.filter(refundCounts)), sum(disputes.filter(disputeCounts))));",
  },
  {
    rule: "a paid session credits from any state that was not credited, an expired one too",
    scenario: "a session that is paid after it had expired is credited",
    file: SETTLE,
    find: "  const wanted = wantedMinor(topUp.amountMinor, facts);",
    replace: `  const over = topUp.state === "expired" || topUp.state === "failed";\n  const wanted = over ? 0 : wantedMinor(topUp.amountMinor, facts);`,
  },

  // What does not match.
  ...(
    [
      [
        "amount",
        `  if (session.amountMinor !== topUp.amountMinor) return "amount";\n`,
        "money of another amount is quarantined, not credited",
      ],
      [
        "currency",
        `  if (session.currency !== topUp.currency) return "currency";\n`,
        "money of another currency is quarantined, not credited",
      ],
      ["owner", `  if (attribution.owner !== topUp.owner) return "owner";\n`, "money of another owner is quarantined, not credited"],
      [
        "reversal's currency",
        `  if ([...refunds, ...disputes].some(({ currency }) => currency !== topUp.currency)) return "reversal_currency";\n`,
        "a refund in another currency is quarantined, not counted",
      ],
      [
        "reference",
        `  if (attribution.topUpId !== topUp.topUpId || session.clientReferenceId !== topUp.topUpId) return "reference";\n`,
        "money with another reference is quarantined, not credited",
      ],
    ] as const
  ).map(([what, find, scenario]) => ({
    rule: `a session that differs in its ${what} is quarantined, never credited`,
    file: TOP_UP,
    find,
    replace: "",
    scenario,
  })),
  {
    rule: "a finding counts as quarantined only when it is kept",
    scenario: "a finding that could not be kept fails its message",
    file: SETTLE,
    find: `if (result.outcome === "committed" || result.outcome === "refused") return`,
    replace: `if (result.outcome !== "contended") return`,
  },
  {
    rule: "what contradicts is kept for an operator, not just refused",
    file: SETTLE,
    find: "  if (!isPaid(session) || isReturned(facts)) return",
    replace: "  if (!isPaid(session) || isReturned(facts) || topUp.v >= 0) return",
  },
  {
    rule: "a session that turns out not to be the top-up's own is looked at by itself",
    scenario: "a session that is bound while another one is settled stays bound",
    file: SETTLE,
    find: "(await loadTopUp(ports.table, topUpId, { consistent: true }))?.sessionId ?? own;",
    replace: "own;",
  },
  {
    rule: "a second paid session of one top-up is never ignored",
    file: SETTLE,
    find: `  return judgeMismatch(ports, topUp, facts, "session");`,
    replace: `  return { outcome: "ignored", why: facts.session.id === topUp.sessionId ? "foreign" : "irrelevant" };`,
  },
  {
    rule: "a finding leaves the list only when nothing contradicts any more",
    scenario: "a finding stays on the list until its cause is gone",
    file: QUARANTINE,
    find: "  if (!stands) {",
    replace: "  if (!stands || settlements.length > 0) {",
  },
  {
    rule: "another stage's events are foreign",
    scenario: "another stage's session is foreign",
    file: TOP_UP,
    find: "metadata.stage !== stage || ",
    replace: "",
  },
  {
    rule: "another app's events are foreign",
    scenario: "another app's session is foreign",
    file: TOP_UP,
    find: "metadata?.app !== APP || metadata.stage !== stage ||",
    replace: "!metadata || metadata.stage !== stage ||",
  },
  {
    rule: "another mode's events are foreign",
    scenario: "another mode's event is foreign",
    file: EVENT,
    find: `  if (event.livemode !== us.live) return { act: "ignore", why: "foreign" };\n`,
    replace: "",
  },
  {
    rule: "a paid session that names an unknown top-up is a failure of the credit, never a silent success",
    file: CONSUME,
    find: `else finish(read, "failed", 0, creditFailure(paid, result));`,
    replace: `else finish(read, result.outcome === "guarded" ? "irrelevant" : "failed", 0, creditFailure(paid, result));`,
  },
  {
    rule: "a paid session that names an unknown top-up is a failure of the settlement, never a silent success",
    scenario: "a paid session of an unknown top-up can't be settled",
    file: SETTLE,
    find: "  if (!topUp) return [await settleUnknown(ports, topUpId, sessionIds)];",
    replace: `  if (!topUp) return [{ outcome: "ignored", why: "irrelevant" }];`,
  },

  // The consumer.
  {
    rule: "a credit that failed goes back to the queue",
    file: CONSUME,
    find: `for (const { read } of group) finish(read, "failed", 0, error);`,
    replace: `for (const { read } of group) finish(read, "irrelevant", 0, error);`,
  },
  {
    rule: "a credit whose outcome is unknown goes back to the queue",
    scenario: "a credit without an answer goes back to the queue",
    file: CONSUME,
    find: `else finish(read, "failed", 0, creditFailure(paid, result));`,
    replace: `else finish(read, result.outcome === "unknown" ? "credited" : "failed", 0, creditFailure(paid, result));`,
  },
  {
    rule: "a settlement that failed goes back to the queue",
    scenario: "a settlement that Stripe did not answer goes back to the queue",
    file: CONSUME,
    find: `for (const read of group.reads) finish(read, "failed", 0, error);`,
    replace: `for (const read of group.reads) finish(read, "settled", 0, error);`,
  },
  {
    rule: "a message that can't be read fails",
    scenario: "a message that can't be read fails alone",
    file: CONSUME,
    find: `outcome: "failed", deltaMinor: 0, error });`,
    replace: `outcome: "irrelevant", deltaMinor: 0, error });`,
  },
  {
    rule: "a message that can't be read doesn't hold up those beside it",
    scenario: "a message that can't be read fails alone",
    file: CONSUME,
    find: `      consumed.push({ id: message.id, eventType: undefined, eventCreatedMs: undefined, outcome: "failed", deltaMinor: 0, error });`,
    replace: "      throw error;",
  },
  {
    rule: "one failing message doesn't fail the batch",
    file: CONSUME,
    find: `for (const read of group.reads) finish(read, "failed", 0, error);`,
    replace: "throw error;",
  },

  // The sweep.
  {
    rule: "a settlement that fails doesn't stop the sweep",
    file: SWEEP,
    find: "      await this.#putOff(deferral, error);\n      return false;",
    replace: "      throw error;",
  },
  {
    rule: "a failure is put off until it is done, not for once",
    scenario: "a settlement that fails in a sweep is tried until it is done",
    file: SWEEP,
    find: "if (await this.#attempt(deferral)) await removeDeferral(table, deferral);",
    replace: "await this.#attempt(deferral);\n      await removeDeferral(table, deferral);",
  },
  {
    rule: "a failure that can't even be put off ends the run",
    scenario: "a sweep does not go past a failure that it could not put off",
    file: SWEEP,
    find: `    if (outcome !== "committed")`,
    replace: `    if (outcome === "refused")`,
  },
  {
    rule: "the cursor moves behind the work",
    scenario: "a sweep that dies at its work does it again",
    file: SWEEP,
    find: `      for (const sighting of page.sightings) await this.#look(sighting);
      cursor = page.next === undefined ? { walkedTo: span.to, span: undefined, after: undefined } : { ...cursor, span, after: page.next };
      // Behind the work: a crash before this walks the page again.
      await saveCursor(table, kind, cursor);`,
    replace: `      cursor = page.next === undefined ? { walkedTo: span.to, span: undefined, after: undefined } : { ...cursor, span, after: page.next };
      await saveCursor(table, kind, cursor);
      for (const sighting of page.sightings) await this.#look(sighting);`,
  },
  {
    rule: "the walk starts again behind its cursor",
    scenario: "a sweep finds what Stripe dates a little before the last walk's end",
    file: SWEEP,
    find: "from: cursor.walkedTo - OVERLAP[kind],",
    replace: "from: cursor.walkedTo,",
  },
  {
    rule: "a page of a span is not the span",
    file: SWEEP,
    find: "cursor = page.next === undefined ? { walkedTo: span.to, span: undefined, after: undefined } : { ...cursor, span, after: page.next };",
    replace: "cursor = { walkedTo: span.to, span: undefined, after: undefined };",
  },
  {
    rule: "a refund or dispute that has changed is looked at again",
    scenario: "a sweep finds a refund that fails days later",
    file: SWEEP,
    find: "topUp.seen[reversal.id] !== seenAs(reversal)",
    replace: "topUp.seen[reversal.id] === undefined",
  },
  {
    rule: "the walk takes in balance transactions, which show what older objects came to",
    scenario: "a sweep finds a dispute that is won days later",
    file: PROVIDER,
    find: `["sessions", "refunds", "disputes", "balance_transactions"]`,
    replace: `["sessions", "refunds", "disputes"]`,
  },
];
