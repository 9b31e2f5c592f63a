import { readCursor, writeCursor } from "../lib/index.ts";
import { listQuarantined, type PaymentPorts, type Quarantined } from "../payments/index.ts";

export interface QuarantinePage {
  readonly findings: Quarantined[];
  readonly nextCursor: string | null;
}

const PLACE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#qtn_[0-9a-hjkmnp-tv-z]{26}$/;
const placeOf = ({ at, quarantineId }: Quarantined): string => `${at}#${quarantineId}`;

function behind(cursor: string): Pick<Quarantined, "at" | "quarantineId"> {
  const [at = "", quarantineId = ""] = readCursor(cursor, PLACE).split("#");
  return { at, quarantineId };
}

/** A page of the findings that wait for an operator, oldest first. Errors: `cursor.invalid`. */
export async function quarantinePage(
  ports: Pick<PaymentPorts, "table">,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<QuarantinePage> {
  const findings: Quarantined[] = [];
  for await (const finding of listQuarantined(ports, cursor === undefined ? undefined : behind(cursor))) {
    const last = findings.at(-1);
    if (last && findings.length === limit) return { findings, nextCursor: writeCursor(placeOf(last)) };
    findings.push(finding);
  }
  return { findings, nextCursor: null };
}
