import type { Operation } from "@aira/contract";
import { isSignedByTwilio, readTwilioForm } from "@aira/core/conversations";
import { AiraError, requireVariable } from "@aira/core/lib";
import * as z from "zod/mini";
import { answering, type GatewayEvent, LAST_WORDS_MS, type RouteOf } from "./answering.ts";
import { fieldErrors } from "./field-errors.ts";
import type { Logger } from "./logger.ts";
import { count } from "./metrics.ts";
import { commonHeaders, type HttpResponse } from "./problem.ts";
import { rawBody } from "./raw-body.ts";
import { asError } from "./redaction.ts";
import { twilioTokens } from "./twilio-account.ts";

/** Twilio's forms take a few kilobytes, with a text of 1,600 characters in every script. */
const MAX_FORM_BYTES = 64 * 1024;

/** What Twilio asked, once it is certain that Twilio did. */
export interface TwilioRequest<Fields> {
  readonly fields: Fields;
  readonly query: URLSearchParams;
  readonly log: Logger;
}

/** TwiML; or undefined: nothing is to be said. */
type Answer = string | undefined;

interface Door<O extends Operation, Schema extends z.core.$ZodType> {
  readonly route: RouteOf<O>;
  /** The fields that the handler needs. Others may come with any version of Twilio's API. */
  readonly fields: Schema;
  /** What is answered when the handler fails, since somebody is on the line. None: an error, since nobody is. */
  readonly apology?: (query: URLSearchParams) => string | undefined;
}

/**
 * The handler of a webhook of Twilio's. Nothing is looked at before the signature is verified over the configured address and the form:
 * 403. After that a failure of ours is answered by the apology where there is one, never by an error that the caller would hear read out.
 */
export function twilioWebhook<O extends Operation, Schema extends z.core.$ZodType>(
  { route, fields, apology }: Door<O, Schema>,
  run: (request: TwilioRequest<z.output<Schema>>) => Promise<Answer>,
) {
  const apologise = (log: Logger, query: URLSearchParams, error: unknown): Answer => {
    const isRefusal = error instanceof AiraError && !error.retry && error.kind !== "internal";
    const words = isRefusal ? undefined : apology?.(query);
    if (words === undefined) throw error;
    count("TelephonyTroubles");
    log.error("apology", { error: asError(error) });
    return words;
  };
  return answering({ route }, async (event) => {
    const { log, deadline } = event;
    const form = await signedForm(event);
    const read = fieldsOf(fields, form);
    const query = new URLSearchParams(event.rawQueryString);
    const answer = await inTime(run({ fields: read, query, log }), deadline - LAST_WORDS_MS).catch((error: unknown) =>
      apologise(log, query, error),
    );
    return respond(answer, event.requestContext.requestId);
  });
}

/** The form, if Twilio signed it. Errors: `webhook.forbidden`, `request.too_large`. */
async function signedForm(event: GatewayEvent) {
  const form = readTwilioForm(rawBody(event, MAX_FORM_BYTES));
  const { rawPath, rawQueryString, headers, log } = event;
  const url = `${requireVariable("PUBLIC_URL")}${rawPath}${rawQueryString === "" ? "" : `?${rawQueryString}`}`;
  if (isSignedByTwilio(await twilioTokens(), headers["x-twilio-signature"], url, form)) return form;
  count("SignaturesRefused");
  log.warn("signature refused");
  throw new AiraError("webhook.forbidden", "The X-Twilio-Signature header does not verify over this address and form.");
}

function fieldsOf<Schema extends z.core.$ZodType>(schema: Schema, form: unknown): z.output<Schema> {
  const read = z.safeParse(schema, form);
  if (read.success) return read.data;
  const errors = fieldErrors("body", read.error.issues, form);
  throw new AiraError("request.invalid", errors[0]?.detail ?? "The form does not follow the contract.", { errors });
}

/** The work's result, or an error shortly before Lambda would end it. */
async function inTime<T>(work: Promise<T>, untilMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = () => reject(new AiraError("service.busy", "This took too long.", { retryAfterSeconds: 1 }));
    timer = setTimeout(tooLate, Math.max(0, untilMs - Date.now()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function respond(answer: Answer, requestId: string): HttpResponse {
  if (answer === undefined) return { statusCode: 204, headers: commonHeaders(requestId), body: "" };
  return { statusCode: 200, headers: { ...commonHeaders(requestId), "content-type": "text/xml; charset=utf-8" }, body: answer };
}
