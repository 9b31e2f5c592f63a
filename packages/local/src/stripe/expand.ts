import { ParameterFault } from "./fault.ts";
import type { Store } from "./store.ts";

const MAX_DEPTH = 4;

type Plain = Record<string, unknown>;
type Collection = "customers" | "sessions" | "intents" | "charges" | "refunds" | "disputes" | "balanceTransactions";

/** Which fields of which object are references, and to what. */
const REFERENCES: Readonly<Record<string, Readonly<Record<string, readonly Collection[]>>>> = {
  "checkout.session": { customer: ["customers"], payment_intent: ["intents"] },
  payment_intent: { customer: ["customers"], latest_charge: ["charges"] },
  charge: {
    customer: ["customers"],
    payment_intent: ["intents"],
    balance_transaction: ["balanceTransactions"],
    failure_balance_transaction: ["balanceTransactions"],
  },
  refund: {
    charge: ["charges"],
    customer: ["customers"],
    payment_intent: ["intents"],
    balance_transaction: ["balanceTransactions"],
    failure_balance_transaction: ["balanceTransactions"],
  },
  dispute: { charge: ["charges"], payment_intent: ["intents"] },
  balance_transaction: { source: ["charges", "refunds", "disputes"] },
};

/** Lists that an object carries only when they are asked for. */
const INCLUDED: Readonly<Record<string, (store: Store, id: string) => readonly unknown[]>> = {
  "checkout.session.line_items": (store, id) => store.details.get(id)?.lineItems ?? [],
  "charge.refunds": (store, id) => [...store.refunds.values()].filter((refund) => refund.charge === id).reverse(),
};

const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

const refuse = (path: string) =>
  new ParameterFault(
    "expand",
    undefined,
    `This property cannot be expanded (${path}). You may want to look at the API reference for the properties that can be.`,
  );

function expandPath(store: Store, object: Plain, [field = "", ...rest]: readonly string[], path: string): void {
  const type = String(object.object);
  const included = INCLUDED[`${type}.${field}`];
  const collections = REFERENCES[type]?.[field];
  const value = object[field];
  if (included) {
    const id = String(object.id);
    object[field] = { object: "list", data: included(store, id), has_more: false, url: `/v1/${type.replaceAll(".", "/")}s/${id}/${field}` };
  } else if (collections) {
    if (typeof value === "string") {
      const target = collections.map((name) => store[name].get(value)).find((found) => found !== undefined);
      if (target) object[field] = { ...target };
    }
  } else throw refuse(path);
  if (rest.length > 0 && isPlain(object[field])) expandPath(store, object[field], rest, path);
}

/** The answer with the references of `expand` replaced by the objects they name. Throws a `ParameterFault` for what is no reference. */
export function expandAll(store: Store, answer: object, expand: readonly string[] = []): object {
  if (expand.length === 0) return answer;
  const copy: Plain = { ...answer };
  const isList = copy.object === "list" && Array.isArray(copy.data);
  const items: Plain[] = isList ? (copy.data as readonly Plain[]).map((item) => ({ ...item })) : [copy];
  if (isList) copy.data = items;
  for (const path of expand) {
    const parts = path.split(".");
    if (parts.length > MAX_DEPTH + (isList ? 1 : 0)) throw refuse(path);
    if (isList && parts.shift() !== "data") throw refuse(path);
    for (const item of items) expandPath(store, item, parts, path);
  }
  return copy;
}
