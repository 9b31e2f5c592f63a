import type { NumberSettingsPatch } from "@aira/contract";
import type * as z from "zod/mini";
import { AiraError, iso } from "../lib/index.ts";
import { changeNumber } from "./number.store.ts";
import { isInUse, type NumberRecord, type Settings } from "./number.ts";
import type { NumberPorts } from "./ports.ts";
import { currentNumber } from "./release.ts";

type Patch = z.infer<typeof NumberSettingsPatch>;

/**
 * Changes how a number answers: what the patch does not name stays. Errors: `number.not_found`, `number.not_active` (pending or on its
 * way out), `number.forward_to_required`, `number.forward_to_own`, `service.busy`.
 */
export async function updateNumber(
  ports: Pick<NumberPorts, "table" | "clock">,
  { owner, numberId, patch }: { readonly owner: string; readonly numberId: string; readonly patch: Patch },
): Promise<NumberRecord> {
  const number = await currentNumber(ports, owner, numberId);
  if (!isInUse(number.state)) throw new AiraError("number.not_active", "Only a number that is in use has settings to change.");
  const settings = patched(number, patch);
  const updatedAt = iso(ports.clock());
  // As it was read, or two changes at once would each undo the other's.
  const result = await changeNumber(ports.table, number, ["active", "suspended"], {
    set: { settings, updatedAt },
    equals: { settings: number.settings },
  });
  if (result.outcome === "committed") return { ...number, settings, updatedAt };
  throw new AiraError("service.busy", "The settings were changed by somebody else at this moment. Please try again.", {
    retryAfterSeconds: 1,
    cause: "cause" in result ? result.cause : undefined,
  });
}

function patched({ settings, phoneNumber }: NumberRecord, patch: Patch): Settings {
  const { friendlyName, greeting, language, answeringMode, forwardTo, businessHours } = patch;
  const now: Settings = {
    friendlyName: friendlyName ?? settings.friendlyName,
    greeting: greeting === undefined ? settings.greeting : greeting,
    language: language ?? settings.language,
    answeringMode: answeringMode ?? settings.answeringMode,
    forwardTo: forwardTo === undefined ? settings.forwardTo : forwardTo,
    businessHours: businessHours === undefined ? settings.businessHours : businessHours,
  };
  if (now.answeringMode === "forward" && now.forwardTo === null)
    throw wrong("number.forward_to_required", "required when calls are forwarded");
  if (now.forwardTo === phoneNumber) throw wrong("number.forward_to_own", "another number than this one");
  return now;
}

const wrong = (code: "number.forward_to_required" | "number.forward_to_own", rule: string) =>
  new AiraError(code, `body.forwardTo: ${rule}.`, { errors: [{ field: "body.forwardTo", rule, detail: `Must be ${rule}.` }] });
