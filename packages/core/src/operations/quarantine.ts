import { AiraError } from "../lib/index.ts";
import { listQuarantined, type PaymentPorts, type Quarantined } from "../payments/index.ts";

export interface QuarantinePage {
  readonly findings: Quarantined[];
  readonly nextCursor: string | null;
}

const writeCursor = ({ at, quarantineId }: Pick<Quarantined, "at" | "quarantineId">): string =>
  Buffer.from(`${at}#${quarantineId}`).toString("base64url");

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)#(qtn_[0-9a-hjkmnp-tv-z]{26})$/;

function readCursor(cursor: string): Pick<Quarantined, "at" | "quarantineId"> {
  const [, at, quarantineId] = CURSOR.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at === undefined || quarantineId === undefined || writeCursor({ at, quarantineId }) !== cursor)
    throw new AiraError("cursor.invalid", "The cursor is not one of this list. Start again without it.", {
      errors: [{ field: "query.cursor", rule: "a cursor of this list", detail: "Hand back nextCursor as it is." }],
    });
  return { at, quarantineId };
}

/** A page of the findings that wait for an operator, oldest first. Errors: `cursor.invalid`. */
export async function quarantinePage(
  ports: Pick<PaymentPorts, "table">,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<QuarantinePage> {
  const findings: Quarantined[] = [];
  for await (const finding of listQuarantined(ports, cursor === undefined ? undefined : readCursor(cursor))) {
    const last = findings.at(-1);
    if (last && findings.length === limit) return { findings, nextCursor: writeCursor(last) };
    findings.push(finding);
  }
  return { findings, nextCursor: null };
}
