import type { Attack } from "./attack.ts";
import { cursorAttacks } from "./cases/cursors.ts";
import { deliveryAttacks } from "./cases/deliveries.ts";
import { documentAttacks } from "./cases/documents.ts";
import { bodyFieldAttacks, pathParameterAttacks, queryAttacks } from "./cases/fields.ts";
import { idempotencyKeyAttacks, reusedKeyAttacks } from "./cases/idempotency-keys.ts";
import { numberAttacks } from "./cases/numbers.ts";
import { termAttacks } from "./cases/terms.ts";
import { extraAttacks, headerAttacks, methodAttacks, pathAttacks, wireAttacks } from "./cases/transport.ts";
import type { Scene } from "./scene.ts";
import { type Target, targetsOf } from "./targets.ts";

/** The tables of bad inputs. Each makes of an operation, read from openapi.json, what applies to it. */
const TABLES: readonly ((target: Target, scene: Scene) => readonly Attack[])[] = [
  queryAttacks,
  pathParameterAttacks,
  bodyFieldAttacks,
  documentAttacks,
  idempotencyKeyAttacks,
  reusedKeyAttacks,
  cursorAttacks,
  termAttacks,
  numberAttacks,
  deliveryAttacks,
];

/** What meets the gateway, which is the same before every operation. */
const TRANSPORT = [methodAttacks, pathAttacks, headerAttacks, extraAttacks, wireAttacks] as const;

/** In a large group the first operations are tried with all of the transport's attacks, the others with every third. */
const TRIED_IN_FULL = 4;

/** Every curated attack on one operation. */
export function curatedAttacks(target: Target, scene: Scene): Attack[] {
  const transport = TRANSPORT.flatMap((table) => table(target, scene));
  const inFull = targetsOf(target.group).indexOf(target) < TRIED_IN_FULL;
  return [...TABLES.flatMap((table) => table(target, scene)), ...transport.filter((_, at) => inFull || at % 3 === 0)];
}
