// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code, with its templates.

import type { Mutant } from "./mutant.ts";

const CALENDAR = "numbers/calendar.ts";
const LEDGER_STORE = "ledger/ledger.store.ts";
const MONTHS = "numbers/months.ts";
const NUMBER = "numbers/number.ts";
const PURCHASE = "numbers/purchase.ts";
const RECONCILE = "numbers/reconcile.ts";
const RELEASE = "numbers/release.ts";
const RENEW = "numbers/renew.ts";
const SETTLE = "numbers/settle.ts";
const STEP = "numbers/step.ts";
const STORE = "numbers/number.store.ts";
const TEND = "numbers/tend.ts";

const STATES_OF_USE =
  '          { any: [{ equals: { state: "active" satisfies NumberState } }, { equals: { state: "suspended" satisfies NumberState } }] },\n';

/** The life of a number. */
export const numberMutants: readonly Mutant[] = [
  // The claim.
  {
    rule: "another key is another purchase",
    file: NUMBER,
    find: 'deriveId("purchase", owner, route, idempotencyKey)',
    replace: 'deriveId("purchase", owner, route)',
  },
  {
    rule: "a claim keeps everybody away, its owner too",
    scenario: "a number that the table claims is not available, also to its owner, and Twilio is not asked to point it elsewhere",
    file: STORE,
    find: "          { absent: true },\n",
    replace: "          { absent: true },\n          { equals: { owner: number.owner } },\n",
  },
  {
    rule: "a claim that failed is free for others",
    scenario: "a refusal gives the money back at once, and the same key may try again",
    file: STORE,
    find: '          { equals: { state: "failed" satisfies NumberState } },\n',
    replace: "",
  },
  {
    rule: "a released number waits for the end of its cool-down",
    scenario: "a released number is sold to nobody before its cool-down is over, and then to anybody",
    file: STORE,
    find: "              { below: { availableFrom: number.createdAt } },\n",
    replace: "",
  },
  {
    rule: "a key whose number was given back does not claim it again",
    scenario: "a key whose number was given back buys it no second time, however old the list",
    file: STORE,
    find: "              { differs: { purchaseId: number.purchaseId } },\n",
    replace: "",
  },
  {
    rule: "each try of a purchase is an operation of its own",
    scenario: "a second try with the same key comes out right whatever goes wrong at whichever of its calls",
    file: STORE,
    find: "id: `${number.purchaseId}@${number.attempt}`",
    replace: "id: number.purchaseId",
  },
  {
    rule: "a purchase holds what it costs",
    scenario: "a purchase charges its price once and hands the number over with everything that it is told",
    file: NUMBER,
    find: "  setUpMinor + monthlyMinor;",
    replace: "  monthlyMinor;",
  },
  {
    rule: "a price that moved is refused",
    scenario: "a price that moved is said before anything is held",
    file: PURCHASE,
    find: "price.dueNowMinor === expectedMinor && ",
    replace: "",
  },
  {
    rule: "a monthly price that moved is refused, also when what is due now is the same",
    scenario: "a price that moved is said before anything is held",
    file: PURCHASE,
    find: " && (expectedMonthlyMinor ?? price.monthlyMinor) === price.monthlyMinor",
    replace: "",
  },
  {
    rule: "an owner holds no more numbers than configured",
    scenario: "an owner holds no more numbers and buys no more a day than configured",
    file: PURCHASE,
    find: "held.length >= policy.numbersPerOwner",
    replace: "held.length > policy.numbersPerOwner",
  },
  {
    rule: "an owner buys no more numbers a day than configured, also if they gave them back",
    scenario: "an owner holds no more numbers and buys no more a day than configured",
    file: PURCHASE,
    find: "bought.filter(({ createdAt }) => createdAt > since)",
    replace: "held.filter(({ createdAt }) => createdAt > since)",
  },
  {
    rule: "a key stands for one currency",
    scenario: "a key stands for one number and one currency",
    file: PURCHASE,
    find: "earlier.phoneNumber === phoneNumber && earlier.currency === currency",
    replace: "earlier.phoneNumber === phoneNumber",
  },
  ...["too little money, which is what it holds itself", "a price that moved", "a limit"].map((what) => ({
    rule: `a list that lags is no reason to refuse a repeat for ${what}`,
    scenario: `a repeat that the list does not show yet is not refused for ${what}`,
    file: PURCHASE,
    find: '  if (found?.purchaseId === purchaseId && found.state !== "failed") return resume(ports, request, found);\n',
    replace: "",
  })),
  {
    rule: "what failed and was claimed by somebody else was not given back",
    scenario: "a repeat that an old list shows as pending is not told that it bought and gave back",
    file: PURCHASE,
    find: '  if (number?.purchaseId !== seen.purchaseId && seen.state === "pending") throw notAvailable();\n',
    replace: "",
  },

  // The order.
  {
    rule: "an execution that slept does not buy",
    scenario: "an execution that slept between claim and order does not buy",
    file: PURCHASE,
    find: "  if (ports.clock() > number.attemptedAtMs + FENCE_MS) return pending;\n",
    replace: "",
  },
  {
    rule: "an execution that is in time buys",
    scenario: "an execution that is in time buys",
    file: PURCHASE,
    find: "ports.clock() > number.attemptedAtMs + FENCE_MS",
    replace: "ports.clock() >= number.attemptedAtMs + FENCE_MS",
  },
  {
    rule: "an order carries the purchase's tag",
    scenario: "a purchase charges its price once and hands the number over with everything that it is told",
    file: PURCHASE,
    find: "tag: tagOf(ports.stage, number.purchaseId)",
    replace: "tag: tagOf(ports.stage, number.attempt)",
  },
  {
    rule: "no answer is an answer of its own",
    scenario: "an answer that was lost buys once",
    file: PURCHASE,
    find: "return done(await settlePurchase(ports, number));",
    replace: 'return done(await giveBack(ports, number, "number.not_available"));',
  },
  {
    rule: "a refusal that says it is not available is looked up",
    scenario: "a refusal that says it is not available is looked up, since it may be ours",
    file: PURCHASE,
    find: 'answer.code === "number.not_available" ? await settlePurchase(ports, number, answer.code) : undefined',
    replace: "undefined as NumberRecord | undefined",
  },
  {
    rule: "a refusal gives the money back at once",
    scenario: "a refusal gives the money back at once, and the same key may try again",
    file: PURCHASE,
    find: "(await giveBack(ports, number, answer.code, wallet))",
    replace: "number",
  },

  // The settling.
  {
    rule: "a look shows what was when it was taken",
    scenario: "a look that was under way for long says nothing of now",
    file: SETTLE,
    find: "if (askedAtMs < number.attemptedAtMs",
    replace: "if (ports.clock() < number.attemptedAtMs",
  },
  {
    rule: "not found is definite only after the quiet time",
    scenario: "a purchase that arrives after the reconciler looked is found later",
    file: SETTLE,
    find: "  if (askedAtMs < number.attemptedAtMs + QUIET_MS) return lookLater(ports, number);\n",
    replace: "",
  },
  {
    rule: "the quiet time is counted from the attempt",
    scenario: "a number that Twilio does not have is given up after the quiet time, and not before",
    file: SETTLE,
    find: "number.attemptedAtMs + QUIET_MS",
    replace: "Date.parse(number.updatedAt) + 2 * QUIET_MS",
  },
  {
    rule: "a provider that can't be asked has not said no",
    scenario: "while Twilio can't be asked, nothing is given up",
    file: SETTLE,
    find: '  if (found === "unavailable") return lookLater(ports, number);',
    replace: '  if (found === "unavailable") return giveBack(ports, number, "number.not_available");',
  },
  {
    rule: "another stage's number is not ours",
    scenario: "a number of another stage is never taken for an answer that was lost",
    file: SETTLE,
    find: "    if (purchaseId === undefined) return undefined;\n",
    replace: "",
  },
  {
    rule: "an answer that came late to another purchase is taken over",
    scenario: "the next purchase of a number takes over what arrived late for one that was given up",
    file: SETTLE,
    find: "    if (purchaseId === undefined) return undefined;\n    return await",
    replace: "    if (purchaseId !== number.purchaseId) return undefined;\n    return await",
  },
  {
    rule: "what is taken over gets its new purchase's tag",
    scenario: "the next purchase of a number takes over what arrived late for one that was given up",
    file: SETTLE,
    find: "    if (purchaseId === number.purchaseId) return found;\n",
    replace: "    if (purchaseId !== undefined) return found;\n",
  },
  {
    rule: "a settlement is of its own try only",
    scenario: "nothing that is late touches another try of the same key",
    file: STORE,
    find: '  equals: { purchaseId, attempt, state: "pending" satisfies NumberState },',
    replace: '  equals: { purchaseId, state: "pending" satisfies NumberState },',
  },
  {
    rule: "only what is pending is settled",
    scenario: "an execution that hears of its purchase after it was given up takes no money for it",
    file: STORE,
    find: '  equals: { purchaseId, attempt, state: "pending" satisfies NumberState },',
    replace: "  equals: { purchaseId, attempt },",
  },
  {
    rule: "a claim that failed is due for nothing",
    scenario: "a number that Twilio does not have is given up after the quiet time, and not before",
    file: STORE,
    find: "updatedAt: mark.at },\n    remove: NOT_DUE,",
    replace: "updatedAt: mark.at },",
  },

  // Renewals.
  {
    rule: "the count of months guards each charge",
    scenario: "runs that overlap charge a month once",
    file: STORE,
    find: "          { equals: { purchaseId, periods } },",
    replace: "          { equals: { purchaseId } },",
  },
  {
    rule: "a month is charged for its own purchase",
    scenario: "a month that was under way for long is not charged for the next owner's number",
    file: STORE,
    find: "          { equals: { purchaseId, periods } },",
    replace: "          { equals: { periods } },",
  },
  {
    rule: "no month is charged of a number on its way out",
    scenario: "a month that is being charged when its number is released is charged or not, and never after",
    file: STORE,
    find: STATES_OF_USE,
    replace: "",
  },
  {
    rule: "each month is an operation of its own",
    scenario: "an unpaid number works through its grace, is kept while it is suspended, then given back, and its owner hears of each",
    file: STORE,
    find: "id: `${purchaseId}/${periods + 1}`",
    replace: "id: purchaseId",
  },
  {
    rule: "a month that was paid leaves nothing of its being late",
    scenario: "a top-up restores a suspended number at once, with its settings, for the price of the months that went by",
    file: STORE,
    find: 'remove: ["unpaidSince", "settled"]',
    replace: 'remove: ["settled"]',
  },
  {
    rule: "a number that works again was told of once, and is not told of for ever",
    scenario: "a top-up restores a suspended number at once, with its settings, for the price of the months that went by",
    file: RENEW,
    find: 'dueAfterPayment(number, ports.policy), ["suspendedAt"]);',
    replace: "dueAfterPayment(number, ports.policy));",
  },
  {
    rule: "a month that is too short ends with its last day",
    scenario: "a number of 2026-01-31 begins its months on its own day, without drift",
    file: MONTHS,
    find: "(Math.min(from.getUTCDate(), lastDay) - 1)",
    replace: "(from.getUTCDate() - 1)",
  },
  {
    rule: "months are counted from the anchor, without drift",
    scenario: "a number of 2026-01-31 begins its months on its own day, without drift",
    file: CALENDAR,
    find: "=> monthsAfter(createdAt, periods);",
    replace:
      "=>\n  Array.from({ length: periods }).reduce((at: number) => monthsAfter(new Date(at).toISOString(), 1), Date.parse(createdAt));",
  },
  {
    rule: "a number keeps its time of day",
    scenario: "a number of 2027-01-29 begins its months on its own day, without drift",
    file: MONTHS,
    find: "* 86_400_000 + timeOfDay;",
    replace: "* 86_400_000;",
  },
  {
    rule: "a month is charged a day ahead",
    scenario: "a month is charged a day before it begins, and not before that",
    file: CALENDAR,
    find: "paidThrough(number) - AHEAD_MS",
    replace: "paidThrough(number)",
  },
  {
    rule: "the statement names the month",
    scenario: "a month is charged a day before it begins, and not before that",
    file: STEP,
    find: "const from = new Date(paidThrough(number))",
    replace: "const from = new Date(paidThrough({ ...number, periods: number.periods - 1 }))",
  },
  {
    rule: "money that comes while a month is found unpaid pays it",
    scenario: "money that comes while a month is found unpaid pays it",
    file: RENEW,
    find: "knew nothing of this month.\n  return chargeMonth(ports, number);",
    replace: 'knew nothing of this month.\n  return "unpaid";',
  },
  {
    rule: "the wallet remembers that something waits for money",
    scenario: "a top-up restores a suspended number at once, with its settings, for the price of the months that went by",
    file: RENEW,
    find: "const arrears = await setArrears(ports.table, number.owner, `${iso(ports.clock())}#${number.numberId}#${ports.random()}`);",
    replace: 'const arrears = { outcome: "committed", cause: undefined };',
  },
  {
    rule: "the wallet goes on remembering as long as something waits",
    scenario: "a wallet that is too busy to be charged goes on remembering what waits",
    file: TEND,
    find: "if (!waiting) await clearArrears",
    replace: "await clearArrears",
  },
  {
    rule: "what began to wait meanwhile stays remembered",
    scenario: "what begins to wait while others are restored is not forgotten",
    file: LEDGER_STORE,
    find: ', remove: ["arrears"], if: { equals: { arrears: token } } });',
    replace: ', remove: ["arrears"] });',
  },
  {
    rule: "the oldest number is restored first",
    scenario: "a top-up restores the oldest number first, and the others go on waiting",
    file: TEND,
    find: "return found.reverse();",
    replace: "return found;",
  },
  {
    rule: "a number in arrears is known as such",
    scenario: "what begins to wait while others are restored is not forgotten",
    file: RENEW,
    find: "set: { unpaidSince: iso(ports.clock()), updatedAt",
    replace: "set: { updatedAt",
  },
  {
    rule: "a change of a number's months is right only as long as they stand",
    scenario: "a top-up that comes while a number is suspended leaves it active",
    file: RENEW,
    find: "equals: { periods: number.periods, attempt: number.attempt },",
    replace: "equals: { attempt: number.attempt },",
  },
  {
    rule: "what was paid a moment ago is not given up",
    scenario: "a top-up that comes while a number is given up keeps it",
    file: RENEW,
    find: '  change(ports, number, ["suspended"], { state: "releasing" }, ports.clock());',
    replace:
      '  changeNumber(ports.table, number, ["active", "suspended"], { set: { state: "releasing" }, dueAtMs: ports.clock() }).then(() => undefined);',
  },
  {
    rule: "one month that was unpaid says nothing of the next",
    scenario: "one month that was unpaid says nothing of the next",
    file: TEND,
    find: "    unpaid &&= now.periods === number.periods;\n",
    replace: "",
  },
  {
    rule: "a number works through its grace",
    scenario: "an unpaid number works through its grace, is kept while it is suspended, then given back, and its owner hears of each",
    file: CALENDAR,
    find: "paidThrough(number) + graceDays * DAY_MS",
    replace: "paidThrough(number)",
  },
  {
    rule: "a suspended number is kept for its time, counted from the suspension too",
    scenario: "after an outage an unpaid number is suspended for its time before it is given back",
    file: STEP,
    find: "releasesAt(number, policy, suspendedAtMs)",
    replace: "releasesAt(number, policy, 0)",
  },
  {
    rule: "what can be paid is charged before anything is taken away",
    scenario: "after an outage every month that went by is charged, and the number never rests",
    file: STEP,
    find: "return unpaid ? stepOfUnpaid(number, policy, nowMs) : stepOfPaid(number, policy, nowMs);",
    replace:
      "return unpaid || nowMs >= suspendsAt(number, policy) ? stepOfUnpaid(number, policy, nowMs) : stepOfPaid(number, policy, nowMs);",
  },
  {
    rule: "an unpaid month is tried again in hours",
    scenario: "a month that can't be paid is tried again hours later, without a top-up",
    file: STEP,
    find: '{ do: "wait", untilMs: Math.min(again, suspend) }',
    replace: '{ do: "wait", untilMs: suspend }',
  },
  {
    rule: "an unpaid month is tried again in minutes at first",
    scenario: "money that came at the very moment, and knew of nothing that waits, pays within minutes",
    file: STEP,
    find: "nowMs + (fresh ? SOON_MS : RETRY_MS)",
    replace: "nowMs + RETRY_MS",
  },
  {
    rule: "a reminder comes before each month",
    scenario: "a reminder comes once, days before each month",
    file: CALENDAR,
    find: "return reminded ? renewsAt(number) : remindsAt(number, policy);",
    replace: "return renewsAt(number);",
  },
  {
    rule: "one number's failure does not keep the others waiting",
    scenario: "one number's failure does not keep the others waiting",
    file: TEND,
    find: 'if (!(error instanceof AiraError && error.retry)) warn("A number was not tended", error);',
    replace: "throw error;",
  },
  {
    rule: "a run whose time is over begins no more numbers",
    scenario: "a run whose time is over begins no more numbers, and the next one goes on",
    file: TEND,
    find: "if (ports.clock() >= deadlineMs) {",
    replace: "if (ports.clock() > deadlineMs) {",
  },

  // Releases.
  {
    rule: "a dry run loses nothing",
    scenario: "a dry run says what is lost and loses nothing",
    file: RELEASE,
    find: "  if (dryRun) return { settled: true, number, losses };\n",
    replace: "",
  },
  {
    rule: "a purchase on its way is not released",
    scenario: "nobody releases another owner's number, nor one whose purchase is on its way",
    file: RELEASE,
    find: 'if (number.state === "pending")',
    replace: 'if (number.state !== "active" && number.state === "failed")',
  },
  {
    rule: "a release is marked before Twilio is asked",
    scenario: "a release comes out right whatever goes wrong at whichever of its calls",
    file: RELEASE,
    find: 'number.state === "releasing" ? number : await beginRelease(ports, number)',
    replace: '({ ...number, state: "releasing" } as const)',
  },
  {
    rule: "a release without an answer is not done",
    scenario: "a release without an answer is finished by the schedule, and no month is charged meanwhile",
    file: RELEASE,
    find: "    return false;\n  }\n}",
    replace: "    return true;\n  }\n}",
  },
  {
    rule: "a cool-down begins with the release",
    scenario: "a released number is sold to nobody before its cool-down is over, and then to anybody",
    file: RELEASE,
    find: "iso(now + ports.policy.coolDownDays * 86_400_000)",
    replace: "iso(now)",
  },
  {
    rule: "a release ends its own purchase only",
    scenario: "a release that sleeps between Twilio and the table does not end the next owner's purchase",
    file: STORE,
    find: 'if: { equals: { purchaseId, state: "releasing" satisfies NumberState } },',
    replace: 'if: { equals: { state: "releasing" satisfies NumberState } },',
  },
  {
    rule: "a change is of its own purchase only",
    scenario: "a release that sleeps before it begins does not begin with the next owner's number",
    file: STORE,
    find: "{ equals: { purchaseId: number.purchaseId, ...change.equals } }",
    replace: "{ equals: { ...change.equals } }",
  },
  {
    rule: "what an owner had is remembered when others have the number",
    scenario: "a key stands for its purchase also when others have had the number since",
    file: STORE,
    find: "return table.transact([update, { put: past }]);",
    replace: "return table.transact([update]);",
  },

  // The reconciler.
  {
    rule: "what is on its way is left alone",
    scenario: "what is on its way is no orphan",
    file: RECONCILE,
    find: '  if (record?.state === "pending" || record?.state === "releasing") return undefined;\n',
    replace: "",
  },
  {
    rule: "an orphan is one only after the quiet time",
    scenario: "a number that was bought when everybody had given up is reported, and given back when that is asked for",
    file: RECONCILE,
    find: 'return quiet ? { ...about, kind: "orphan" } : undefined;',
    replace: 'return { ...about, kind: "orphan" };',
  },
  {
    rule: "a list shows what was when it was asked for",
    scenario: "what was given back while a list was under way is no orphan",
    file: RECONCILE,
    find: "askedAtMs >= Math.max(record.attemptedAtMs",
    replace: "Date.now() >= Math.max(record.attemptedAtMs - 1e12",
  },
  {
    rule: "another stage's numbers are foreign",
    scenario: "another stage's numbers are left alone",
    file: NUMBER,
    find: "  const prefix = `aira:${stage}:`;",
    replace: '  const prefix = stage === "" ? stage : "aira:";',
  },
  {
    rule: "a report changes nothing",
    scenario: "a number that was bought when everybody had given up is reported, and given back when that is asked for",
    file: RECONCILE,
    find: "  if (!apply) return { ...difference, mended: false };\n",
    replace: "",
  },
  {
    rule: "an orphan is taken out of everybody's reach before it is given back",
    scenario: "an orphan that the table never knew is given back, unless somebody claims it in between",
    file: STORE,
    find: "    if: found ? { equals: { purchaseId: found.purchaseId, attempt: found.attempt, state: found.state } } : { absent: true },\n",
    replace: "",
  },
  {
    rule: "a wrong tag is a difference",
    scenario: "wrong webhooks and tags are set again, and only when that is asked for",
    file: RECONCILE,
    find: "    number.tag === tagOf(stage, record.purchaseId) &&\n",
    replace: "",
  },
  {
    rule: "one wrong address is a difference",
    scenario: "wrong webhooks and tags are set again, and only when that is asked for",
    file: RECONCILE,
    find: "Object.entries(right).every(",
    replace: "Object.entries(right).some(",
  },
  {
    rule: "a list that lags is no reason for alarm",
    scenario: "a number that is gone at Twilio is reported missing, and nothing is taken from its owner",
    file: RECONCILE,
    find: "return same && askedAtMs >= now.attemptedAtMs + QUIET_MS;",
    replace: "return same;",
  },
];
