import { ParameterFault } from "./fault.ts";

/** What a form decodes to: text, a list (`a[0]`, `a[]`) or an object (`a[b]`), nested. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };

const MAX_DEPTH = 8;
const MAX_LIST = 1000;
const KEY = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

/** An object without a prototype: a parameter named `__proto__` is a parameter like any other. */
const emptyObject = (): { [key: string]: FormValue } => Object.create(null);

const malformed = (key: string) => new ParameterFault(key, undefined, `Invalid parameter name: ${key}`);

/** `a[b][0]` as `["a", "b", "0"]`. */
function pathOf(key: string): string[] {
  const [, head, rest] = KEY.exec(key) ?? [];
  if (head === undefined || rest === undefined) throw malformed(key);
  const path = [head, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, part]) => part ?? "")];
  if (path.length > MAX_DEPTH) throw malformed(key);
  return path;
}

const isIndex = (part: string) => part === "" || /^\d{1,4}$/.test(part);

/** Indexed objects become lists, inside out; an object with other keys stays one. */
function withLists(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  if (keys.length > 0 && keys.every(isIndex)) return keys.map((key) => withLists(value[key]!));
  for (const key of keys) value[key] = withLists(value[key]!);
  return value;
}

/**
 * Decodes a form body or a query in Stripe's bracket notation. Every leaf stays text: types are the parameters' business.
 * Throws a `ParameterFault` for a malformed name, and for a name that is both a value and a container.
 */
export function decodeForm(text: string): { [key: string]: FormValue } {
  const root = emptyObject();
  for (const [key, value] of new URLSearchParams(text)) {
    const path = pathOf(key);
    let node = root;
    path.forEach((part, depth) => {
      // `a[]` appends; an explicit index may leave gaps, which close.
      const name = part === "" ? String(Object.keys(node).length) : part;
      if (Object.keys(node).length > MAX_LIST) throw malformed(key);
      if (depth === path.length - 1) {
        if (typeof node[name] === "object") throw malformed(key);
        node[name] = value;
        return;
      }
      const child = node[name] ?? emptyObject();
      if (typeof child === "string" || Array.isArray(child)) throw malformed(key);
      node[name] = child;
      node = child;
    });
  }
  // The top level is never a list, whatever its names look like.
  for (const key of Object.keys(root)) root[key] = withLists(root[key]!);
  return root;
}
