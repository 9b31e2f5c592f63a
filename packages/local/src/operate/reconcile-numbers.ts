import { heldNumbers } from "@aira/core/audit";
import {
  type NumberDifference,
  type NumberPorts,
  type NumberReconciliation,
  type NumberRecord,
  reconcileNumbers,
} from "@aira/core/numbers";
import { StartFailure } from "../start-failure.ts";
import { counted } from "./money.ts";
import { openTable, TABLE_HELP, TABLE_OPTIONS } from "./open-table.ts";
import { numberPorts, openTwilio, TWILIO_HELP, TWILIO_OPTIONS } from "./open-twilio.ts";
import { EXIT, readArguments, runTool, type Surroundings, type Tool } from "./tool.ts";

const HELP = `npm run reconcile-numbers [-- options]

Compares the numbers that Twilio says we have with those that customers have, and names every difference. It only reads, unless
--apply is given; interrupt it at any time.

${TABLE_HELP}
${TWILIO_HELP}
  --apply        set webhooks again that lead elsewhere, and give numbers back that nobody has. The latter can't be undone:
                 run it without --apply first, and look at what it names
  --json         the result as JSON
  --help         this text

Exit code: 0 both agree or everything was mended, 1 differences are left, 2 it could not run, 130 it was interrupted.`;

/** What a difference means, in the words of the person who reads it. */
const MEANINGS: Record<NumberDifference["kind"], string> = {
  orphan: "Twilio charges us for it, and nobody has it.",
  missing: "A customer has it and pays for it, and Twilio has not. Nothing is changed: ask Twilio, then release it or make it good.",
  webhooks: "Its calls and texts lead elsewhere.",
};

class Interrupted extends Error {}

/** The command `npm run reconcile-numbers`. */
export const reconcileNumbersTool: Tool = async (args, surroundings) => {
  const { values } = readArguments("reconcile-numbers", args, {
    ...TABLE_OPTIONS,
    ...TWILIO_OPTIONS,
    apply: { type: "boolean" },
    json: { type: "boolean" },
  });
  const { out, note, progress, environment } = surroundings;
  if (values.help) {
    out(HELP);
    return EXIT.ok;
  }
  const apply = values.apply === true;
  await using target = await openTable(values, surroundings);
  const twilio = await openTwilio(target, values, surroundings);
  if (apply && twilio.readOnly)
    throw new StartFailure(`--apply needs a Twilio that runs, and this is ${twilio.where}: run \`npm start\` beside it`);
  note(`Table: ${target.where}\nTwilio: ${twilio.where}`);
  try {
    const ports = interruptible(numberPorts(target, twilio, environment), surroundings.interrupted);
    const found = await reconcileNumbers(ports, {
      apply,
      held: untilInterrupted(heldNumbers(ports), surroundings.interrupted),
      progress: (seen) => progress(`${seen.toLocaleString("en-US")} numbers at Twilio …`),
    });
    if (values.json) out(JSON.stringify({ table: target.where, twilio: twilio.where, apply, ...found }, null, 2));
    else print(found, apply, surroundings);
    return found.differences.some(({ mended }) => !mended) ? EXIT.found : EXIT.ok;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    out("Interrupted. What was mended stays so; run it again for the rest.");
    return EXIT.interrupted;
  }
};

/** Ends between two pages of Twilio's list. */
const interruptible = (ports: NumberPorts, interrupted: AbortSignal): NumberPorts => ({
  ...ports,
  provider: {
    ...ports.provider,
    listOwned: async (after) => {
      if (interrupted.aborted) throw new Interrupted();
      return ports.provider.listOwned(after);
    },
  },
});

async function* untilInterrupted(numbers: AsyncIterable<NumberRecord>, interrupted: AbortSignal): AsyncGenerator<NumberRecord> {
  for await (const number of numbers) {
    if (interrupted.aborted) throw new Interrupted();
    yield number;
  }
}

function print({ provided, held, foreign, balance, differences }: NumberReconciliation, apply: boolean, { out }: Surroundings): void {
  for (const { kind, phoneNumber, sid, purchaseId, mended } of differences) {
    out(`${mended ? "MENDED     " : "DIFFERENCE "} ${phoneNumber} ${kind}: ${MEANINGS[kind]}`);
    out(`            ${[sid, purchaseId].filter(Boolean).join(", ")}`);
  }
  out(
    `${counted(provided, "number")} of this deployment at Twilio, ${counted(held, "number")} in use, ${counted(foreign, "foreign number")}; Twilio's account holds ${balance.currency} ${balance.amount}.`,
  );
  const left = differences.filter(({ mended }) => !mended);
  const mendable = left.some(({ kind }) => kind !== "missing");
  if (differences.length === 0) out("Twilio and the table agree.");
  else if (left.length === 0) out(`${counted(differences.length, "difference")}, all mended.`);
  else out(`${counted(left.length, "difference")} left.${mendable && !apply ? " --apply mends what can be mended." : ""}`);
}

if (import.meta.main) await runTool(reconcileNumbersTool);
