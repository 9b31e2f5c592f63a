import { AiraError, iso } from "../lib/index.ts";
import { notify } from "../notices/index.ts";
import { paidThrough } from "./calendar.ts";
import { changeNumber, findNumber, loadNumber, retire } from "./number.store.ts";
import type { NumberRecord } from "./number.ts";
import type { NumberPorts } from "./ports.ts";

const FINISH_AGAIN_MS = 60_000;

export interface Release {
  /** False: it is on its way, and finished by itself. */
  readonly settled: boolean;
  readonly number: NumberRecord;
  /** What is lost, a sentence each. */
  readonly losses: readonly string[];
}

/**
 * Gives a number back, for ever: nobody can promise to get it again. First it is marked, so that no month is charged any more and a crash
 * leaves work for the reconciler; then the provider is asked, by its own id; then it is free. The running month is not refunded. With
 * `dryRun` only says what is lost. Errors: `number.not_found`, `number.pending`, `service.busy`.
 */
export async function releaseNumber(
  ports: NumberPorts,
  { owner, numberId, dryRun }: { readonly owner: string; readonly numberId: string; readonly dryRun: boolean },
): Promise<Release> {
  const number = await currentNumber(ports, owner, numberId);
  if (number.state === "pending")
    throw new AiraError("number.pending", "Whether this number was bought is not known yet. Please try again later.");
  if (number.state === "released" || number.state === "failed") return { settled: true, number, losses: [] };
  const losses = lossesOf(number);
  if (dryRun) return { settled: true, number, losses };
  const marked = number.state === "releasing" ? number : await beginRelease(ports, number);
  const now = await finishRelease(ports, marked);
  return { settled: now.state === "released", number: now, losses };
}

/** The number of this owner as it stands now. Another owner's is not found, as if it did not exist. */
export async function currentNumber(ports: Pick<NumberPorts, "table">, owner: string, numberId: string): Promise<NumberRecord> {
  const seen = await findNumber(ports.table, owner, numberId);
  // The number itself may be another's by now.
  if (seen?.state === "released") return seen;
  const number = seen && (await loadNumber(ports.table, seen.phoneNumber, { consistent: true }));
  if (number?.owner !== owner || number.numberId !== numberId) throw new AiraError("number.not_found", "There is no such number.");
  return number;
}

function lossesOf(number: NumberRecord): readonly string[] {
  const until = iso(paidThrough(number)).slice(0, 10);
  return [
    `${number.phoneNumber} can't be got back: the provider may sell it to anybody.`,
    "Calls and texts to it are no longer answered.",
    "Its settings are deleted. Its conversations and its entries in the statement stay.",
    `It is paid until ${until}. The rest of that time is not refunded.`,
  ];
}

/** From here on no month is charged. */
async function beginRelease(ports: Pick<NumberPorts, "table" | "clock">, number: NumberRecord): Promise<NumberRecord> {
  const result = await changeNumber(ports.table, number, ["active", "suspended", "releasing"], {
    set: { state: "releasing", updatedAt: iso(ports.clock()) },
    dueAtMs: ports.clock(),
  });
  if (result.outcome === "committed") return { ...number, state: "releasing" };
  const now = await loadNumber(ports.table, number.phoneNumber, { consistent: true });
  if (now?.purchaseId === number.purchaseId && (now.state === "releasing" || now.state === "released")) return now;
  throw new AiraError("service.busy", "The service is busy. Please try again in a moment.", { retryAfterSeconds: 1 });
}

/** Asks the provider, as often as it takes: by its own id, so that it never meets a later purchase of the same number. */
export async function finishRelease(ports: NumberPorts, number: NumberRecord): Promise<NumberRecord> {
  if (number.state !== "releasing") return number;
  if (!(await askProvider(ports, number))) return number;
  const now = ports.clock();
  const availableFrom = iso(now + ports.policy.coolDownDays * 86_400_000);
  const { numberId, phoneNumber, periods } = number;
  // What was never active is nobody's news.
  if (periods > 0)
    await notify(ports.table, number.owner, {
      kind: "number.released",
      at: number.updatedAt,
      subject: `number.released#${numberId}`,
      numberId,
      phoneNumber,
    });
  const result = await retire(ports.table, number, availableFrom, iso(now));
  if (result.outcome === "committed") return { ...number, state: "released", availableFrom, updatedAt: iso(now) };
  return (await loadNumber(ports.table, phoneNumber, { consistent: true })) ?? number;
}

async function askProvider(ports: NumberPorts, number: NumberRecord): Promise<boolean> {
  try {
    if (number.sid !== undefined) await ports.provider.release(number.sid);
    return true;
  } catch (error) {
    if (!(error instanceof AiraError)) throw error;
    // Whether it is gone is not known, or it can't be asked now. Asking again does no harm.
    await changeNumber(ports.table, number, ["releasing"], { set: {}, dueAtMs: ports.clock() + FINISH_AGAIN_MS });
    return false;
  }
}
