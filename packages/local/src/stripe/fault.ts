type FaultType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

interface FaultFields {
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
}

/** A refusal in Stripe's own words: HTTP status and the `error` object of the answer. */
export class StripeFault extends Error {
  override readonly name = "StripeFault";
  readonly status: number;
  readonly type: FaultType;
  readonly fields: FaultFields;

  constructor(status: number, type: FaultType, message: string, fields: FaultFields = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.fields = fields;
  }

  /** The body of the answer. */
  toJSON() {
    const { code } = this.fields;
    const doc = code === undefined ? {} : { doc_url: `https://docs.stripe.com/error-codes#${code.replaceAll("_", "-")}` };
    return { error: { type: this.type, message: this.message, ...this.fields, ...doc } };
  }
}

/** A refusal of the parameters themselves. Stripe keeps no idempotent result of these: the key may be used again. */
export class ParameterFault extends StripeFault {
  constructor(param: string | undefined, code: string | undefined, message: string) {
    super(400, "invalid_request_error", message, { ...(code !== undefined && { code }), ...(param !== undefined && { param }) });
  }
}

/** A refusal that the state of the objects decides, for instance a charge that has been refunded. */
export const refusal = (code: string | undefined, message: string, param?: string): StripeFault =>
  new StripeFault(400, "invalid_request_error", message, { ...(code !== undefined && { code }), ...(param !== undefined && { param }) });

/** 404 for an id in the path; a parameter that names an unknown object is 400 instead. */
export const noSuch = (what: string, id: string, param = "id", status = 404): StripeFault =>
  new StripeFault(status, "invalid_request_error", `No such ${what}: '${id}'`, { code: "resource_missing", param });
