import { isUtf8 } from "node:buffer";
import { AiraError } from "@aira/core/lib";

const notJson = (detail: string): AiraError =>
  new AiraError("request.not_json", detail, { errors: [{ field: "body", rule: "JSON", detail }] });

/**
 * The value that a JSON text means, when it can mean one thing only: valid UTF-8, no name twice in one object (parsers
 * disagree on which one counts, and what was checked must be what is used), no broken surrogate pair, which no store would give back as it was.
 * Errors: `request.not_json`.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw notJson("The body is empty. Send a JSON object.");
  if (!isUtf8(bytes)) throw notJson("The body is not valid UTF-8.");
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text, (_, part) => {
      if (typeof part === "string" && !part.isWellFormed()) throw notJson("A text in the body holds a broken surrogate pair.");
      return part;
    });
  } catch (error) {
    // The parser's own message quotes the body.
    throw error instanceof AiraError ? error : notJson("The body is not valid JSON.");
  }
  if (repeatsName(text)) throw notJson("A name stands twice in one object of the body.");
  return value;
}

/** Whether the bytes are JSON at all, for what a vendor has signed: there it is the vendor who knows what to write. */
export function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString("utf8"));
    return isUtf8(bytes);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Whether any object of a text that is known to be valid JSON has a name twice. A string before a colon is a name there. */
function repeatsName(text: string): boolean {
  const open: Set<string>[] = [];
  let last = "";
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}:]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token === ":") {
      const names = open.at(-1);
      // "\u0061" and "a" are one name.
      const name = JSON.parse(last) as string;
      if (names?.has(name)) return true;
      names?.add(name);
    } else last = token;
  }
  return false;
}
