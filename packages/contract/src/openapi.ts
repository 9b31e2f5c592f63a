import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import {
  ChatInput,
  ChatOutput,
  Conversation,
  ConversationMessage,
  ConversationOutput,
  DeleteConversationOutput,
  ListConversationsOutput,
  Proposal,
} from "./conversations.ts";
import { ERROR_CODES, type ErrorCode, STATUS_OF_KIND } from "./error-codes.ts";
import { FieldError, Problem } from "./errors.ts";
import { Currency } from "./money.ts";
import { Notice, NoticesOutput } from "./notices.ts";
import {
  AvailableNumber,
  BusinessHours,
  Capability,
  ListNumbersOutput,
  NumberCountriesOutput,
  NumberPrice,
  NumberSettings,
  NumberSettingsPatch,
  NumberState,
  NumberType,
  OwnedNumber,
  PurchaseNumberInput,
  ReleaseNumberInput,
  ReleaseNumberOutput,
  SearchNumbersOutput,
} from "./numbers.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import {
  AdjustInput,
  AdjustmentMinor,
  DayTotals,
  DeadLetter,
  DeadLettersOutput,
  Difference,
  Finding,
  FreezeInput,
  Margin,
  MarginsOutput,
  NumberDifference,
  NumberReconciliation,
  NumberReconciliationsOutput,
  OperatorWallet,
  QuarantineOutput,
  QueueCounts,
  QueuesOutput,
  Reconciliation,
  ReconciliationsOutput,
  RepairNumberInput,
  RepairNumberOutput,
  ReplayOutput,
  Run,
  RunCount,
  RunFinding,
  RunKind,
  RunState,
  RunsOutput,
  Settlement,
  StartRunInput,
  TotalsOutput,
  UnchargedUsage,
} from "./operator.ts";
import { CreateCheckoutSessionInput, CreateCheckoutSessionOutput, PageUrl, TopUp, TopUpState } from "./payments.ts";
import { Balance, BalanceOutput, ChangeAlertInput, EntryKind, Transaction, TransactionsOutput } from "./wallet.ts";

/** A piece of JSON Schema or of OpenAPI: data that is written out, never looked into. */
type Json = Record<string, unknown>;

/** The schemas that the document names. Registered here and not beside them: a registry keeps every schema of a module in each bundle. */
const NAMED = {
  AdjustInput,
  AvailableNumber,
  Balance,
  BalanceOutput,
  BusinessHours,
  Capability,
  ChangeAlertInput,
  ChatInput,
  ChatOutput,
  Conversation,
  ConversationMessage,
  ConversationOutput,
  CreateCheckoutSessionInput,
  CreateCheckoutSessionOutput,
  Currency,
  DayTotals,
  DeadLetter,
  DeadLettersOutput,
  DeleteConversationOutput,
  Difference,
  EntryKind,
  FieldError,
  Finding,
  FreezeInput,
  ListConversationsOutput,
  ListNumbersOutput,
  Margin,
  MarginsOutput,
  Notice,
  NoticesOutput,
  NumberCountriesOutput,
  NumberDifference,
  NumberPrice,
  NumberReconciliation,
  NumberReconciliationsOutput,
  NumberSettings,
  NumberSettingsPatch,
  NumberState,
  NumberType,
  OperatorWallet,
  OwnedNumber,
  Problem,
  Proposal,
  PurchaseNumberInput,
  QuarantineOutput,
  QueueCounts,
  QueuesOutput,
  Reconciliation,
  ReconciliationsOutput,
  ReleaseNumberInput,
  ReleaseNumberOutput,
  RepairNumberInput,
  RepairNumberOutput,
  ReplayOutput,
  Run,
  RunCount,
  RunFinding,
  RunKind,
  RunState,
  RunsOutput,
  SearchNumbersOutput,
  Settlement,
  StartRunInput,
  TopUp,
  TopUpState,
  TotalsOutput,
  Transaction,
  TransactionsOutput,
  UnchargedUsage,
};

const refOf = (id: string): string => `#/components/schemas/${id}`;

const reading = {
  // For answers too: the other reading closes every object, and then a field added later would break a client.
  io: "input",
  // A rule in code, which a schema can say only in its own way.
  override: ({ zodSchema, jsonSchema }: { readonly zodSchema: unknown; readonly jsonSchema: Json }) => {
    if (zodSchema === AdjustmentMinor) jsonSchema.not = { const: 0 };
    if (zodSchema === PageUrl) jsonSchema.format = "uri";
    const { def } = (zodSchema as z.core.$ZodType)._zod;
    // A number in a query is text that is read as one: the document tells of the number.
    if (def.type === "pipe" && (def as z.core.$ZodPipeDef).out._zod.def.type === "number") {
      for (const key of Object.keys(jsonSchema)) if (key !== "default") delete jsonSchema[key];
      Object.assign(jsonSchema, bare(z.toJSONSchema((def as z.core.$ZodPipeDef).out, { io: "input" })));
    }
  },
} as const;

function named(): { schemas: Json; ref: (schema: z.core.$ZodType) => Json | undefined } {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: refOf, ...reading });
  return {
    schemas: Object.fromEntries(
      Object.keys(NAMED)
        .sort()
        .map((id) => [id, bare(schemas[id])]),
    ),
    ref: (schema) => {
      const id = registry.get(schema)?.id;
      return id === undefined ? undefined : { $ref: refOf(id) };
    },
  };
}

/** A schema without the marks of a document of its own. */
function bare(schema: unknown): Json {
  const { $schema, $id, id, ...rest } = schema as Json;
  return rest;
}

const inline = (schema: z.core.$ZodType): Json => bare(z.toJSONSchema(schema, reading));

/** Every code that an operation can answer: its own, and those that follow from its shape. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const codes = new Set<ErrorCode>();
  if (operation.params || operation.query || operation.body) codes.add("request.invalid");
  if (operation.body) codes.add("request.not_json").add("request.too_large").add("request.media_type");
  if (operation.auth === "signature") codes.add("request.too_large").add("service.busy");
  if (operation.auth === "signature" && operation.signedBy === undefined) codes.add("request.not_json");
  if (operation.auth === "jwt") codes.add("auth.required").add("auth.forbidden").add("service.busy");
  if (operation.idempotent)
    codes.add("idempotency.key_required").add("idempotency.key_invalid").add("idempotency.key_reused").add("idempotency.in_progress");
  for (const code of operation.errors) codes.add(code);
  return [...codes.add("internal.failure")];
}

const HEADERS = {
  "x-request-id": { description: "Names this request in our logs.", schema: { type: "string" } },
  "retry-after": { description: "Seconds to wait before asking again, where we know.", schema: { type: "integer", minimum: 1 } },
  "idempotency-replayed": {
    description: "`true` when this is the stored answer of an earlier request with the same Idempotency-Key.",
    schema: { const: "true" },
  },
  link: { description: "With `rel=next`: where the next part of the file is, when there is one.", schema: { type: "string" } },
  "content-disposition": { description: "The file's name.", schema: { type: "string" } },
} as const;

const headers = (...names: readonly (keyof typeof HEADERS)[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

function failures(operation: Operation): Json {
  const byStatus = Map.groupBy(errorsOf(operation), (code) => STATUS_OF_KIND[ERROR_CODES[code].kind]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}.`).join("\n\n"),
        headers: status === 409 || status === 503 ? headers("x-request-id", "retry-after") : headers("x-request-id"),
        content: {
          "application/problem+json": {
            schema: { allOf: [{ $ref: refOf("Problem") }, { properties: { status: { const: status }, code: { enum: codes } } }] },
          },
        },
      },
    ]),
  );
}

function parametersOf(operation: Operation): Json[] {
  const from = (schema: z.core.$ZodType | undefined, place: "path" | "query"): Json[] => {
    if (!schema) return [];
    const { properties = {}, required = [] } = inline(schema) as { properties?: Json; required?: string[] };
    return Object.entries(properties).map(([name, shape]) => ({ name, in: place, required: required.includes(name), schema: shape }));
  };
  return [
    ...from(operation.params, "path"),
    ...from(operation.query, "query"),
    ...(operation.idempotent ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
  ];
}

/** The names beside the scheme are the groups of which the token must name one: OpenAPI's place for roles. */
function securityOf({ auth, group, signedBy }: Operation): Json[] {
  if (auth === "jwt") return [{ accessToken: group === undefined ? [] : [group] }];
  return auth === "signature" ? [{ [signedBy === "twilio" ? "twilioSignature" : "stripeSignature"]: [] }] : [];
}

const descriptionOf = ({ group, description }: Operation): string | undefined =>
  [group && `For the group \`${group}\` only.`, description].filter(Boolean).join(" ") || undefined;

/** The same answer, while what it tells of is still on its way. */
const unsettled = (status: number, { output }: Operation, ref: (schema: z.core.$ZodType) => Json | undefined): Json => ({
  [status]: {
    description: "Not settled yet. Ask again: such an answer is never kept for a repeat.",
    headers: headers("x-request-id"),
    content: { "application/json": { schema: ref(output) ?? inline(output) } },
  },
});

const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

/** What a success is made of: nothing when it says so by its status. */
function contentOf({ status, type, csv, output }: Operation, ref: (schema: z.core.$ZodType) => Json | undefined): Json {
  if (status === 204 || status === 302) return {};
  const table = csv ? { "text/csv": { schema: { type: "string" } } } : {};
  return { content: { [type ?? JSON_TYPE]: { schema: ref(output) ?? inline(output) }, ...table } };
}

function describe(operationId: string, operation: Operation, ref: (schema: z.core.$ZodType) => Json | undefined): Json {
  const parameters = parametersOf(operation);
  const description = descriptionOf(operation);
  const body = operation.body
    ? (ref(operation.body) ?? inline(operation.body))
    : operation.auth === "signature"
      ? { type: "object", description: "The vendor's event as it was signed, byte for byte." }
      : undefined;
  return {
    operationId,
    tags: [operation.path.split("/")[2]],
    summary: operation.summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(operation),
    ...(parameters.length ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { [operation.signedBy ? FORM : JSON_TYPE]: { schema: body } } } } : {}),
    responses: {
      [operation.status]: {
        description: operation.summary,
        headers: headers(
          "x-request-id",
          ...(operation.idempotent ? (["idempotency-replayed"] as const) : []),
          ...(operation.csv ? (["link", "content-disposition"] as const) : []),
        ),
        ...contentOf(operation, ref),
      },
      ...(operation.unsettled === undefined ? {} : unsettled(operation.unsettled, operation, ref)),
      ...failures(operation),
    },
  };
}

/**
 * The API as an OpenAPI 3.1 document. Made when the contract changes, never in a Lambda: `toJSONSchema` costs a bundle more
 * than all of the operations together. What is served is the file that `node packages/contract/src/openapi.ts` writes.
 */
export function openapi(version: string): Json {
  const { schemas, ref } = named();
  const paths: Record<string, Json> = {};
  for (const [operationId, operation] of Object.entries<Operation>(operations)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operationId, operation, ref) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Aira",
      version,
      summary: "A prepaid telephony wallet.",
      description:
        "Amounts are integers in minor units (cents, paise). Times are ISO 8601 in UTC. Every error is a problem document (RFC 9457) with a stable `code`. The owner of everything is the access token's `sub`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas,
      headers: HEADERS,
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          required: true,
          description:
            "Names this operation for 24 hours: a repeat gets the first answer. 1 to 255 printable ASCII characters, without spaces and commas; a UUID does. A refusal that depends on state does not use it up.",
          schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[\\x21-\\x2b\\x2d-\\x7e]+$" },
        },
      },
      securitySchemes: {
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "An access token with the API's scope. Where a group stands beside it, the token must name that group.",
        },
        stripeSignature: { type: "apiKey", in: "header", name: "Stripe-Signature", description: "Stripe's signature over the raw body." },
        twilioSignature: {
          type: "apiKey",
          in: "header",
          name: "X-Twilio-Signature",
          description: "Twilio's signature over the configured address and the form.",
        },
      },
    },
  };
}

/** The document of this version of the contract. */
export function currentOpenapi(): Json {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return openapi(version);
}

if (import.meta.main) writeFileSync(new URL("../openapi.json", import.meta.url), `${JSON.stringify(currentOpenapi(), null, 2)}\n`);
