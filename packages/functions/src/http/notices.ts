import { listNotices as operation } from "@aira/contract";
import { listNotices } from "@aira/core/notices";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** What the caller should know of. */
export const handler = http(operation, async ({ query }, { owner }) => {
  const { notices, nextCursor } = await listNotices(ledgerPorts(), { owner, ...query });
  return {
    notices: notices.map(({ noticeId, kind, at, numberId, phoneNumber, currency, amountMinor, dueAt }) => ({
      noticeId,
      kind,
      numberId: numberId ?? null,
      phoneNumber: phoneNumber ?? null,
      currency: currency ?? null,
      amountMinor: amountMinor ?? null,
      dueAt: dueAt ?? null,
      at,
    })),
    nextCursor,
  };
});
