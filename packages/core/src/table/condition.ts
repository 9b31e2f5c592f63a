/**
 * A condition as data, so that each part of it can be read, compared and compiled the same way everywhere.
 * `equals` with `undefined` asks that the attribute is absent. `differs` is for attributes that every such item has.
 */
export type Condition =
  | { readonly absent: true }
  | { readonly equals: Readonly<Record<string, unknown>> }
  | { readonly differs: Readonly<Record<string, number | string>> }
  | { readonly below: Readonly<Record<string, number | string>> }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] };

/** Collects the `#names` and `:values` of one request. Every attribute goes through a name, so reserved words need no list. */
export class Bindings {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};
  #count = 0;

  name(attribute: string): string {
    const alias = `#${attribute}`;
    this.names[alias] = attribute;
    return alias;
  }

  value(value: unknown): string {
    const alias = `:v${this.#count++}`;
    this.values[alias] = value;
    return alias;
  }

  condition(condition: Condition): string {
    if ("absent" in condition) return `attribute_not_exists(${this.name("pk")})`;
    if ("equals" in condition)
      return Object.entries(condition.equals)
        .map(([attribute, value]) =>
          value === undefined ? `attribute_not_exists(${this.name(attribute)})` : `${this.name(attribute)} = ${this.value(value)}`,
        )
        .join(" AND ");
    if ("differs" in condition)
      return Object.entries(condition.differs)
        .map(([attribute, value]) => `${this.name(attribute)} <> ${this.value(value)}`)
        .join(" AND ");
    if ("below" in condition)
      return Object.entries(condition.below)
        .map(([attribute, value]) => `${this.name(attribute)} < ${this.value(value)}`)
        .join(" AND ");
    return "all" in condition ? this.#joined(condition.all, " AND ") : this.#joined(condition.any, " OR ");
  }

  /** Only parts of several stand in parentheses: DynamoDB refuses a pair within a pair. */
  #joined(parts: readonly Condition[], by: string): string {
    const [only, ...others] = parts;
    if (only && others.length === 0) return this.condition(only);
    return parts.map((part) => `(${this.condition(part)})`).join(by);
  }

  update(set: Readonly<Record<string, unknown>>, remove: readonly string[] = []): string {
    const sets = Object.entries(set)
      .filter(([, value]) => value !== undefined)
      .map(([attribute, value]) => `${this.name(attribute)} = ${this.value(value)}`);
    return [
      sets.length ? `SET ${sets.join(", ")}` : "",
      remove.length ? `REMOVE ${remove.map((attribute) => this.name(attribute)).join(", ")}` : "",
    ]
      .filter(Boolean)
      .join(" ");
  }

  /** The parts that a request wants: DynamoDB refuses empty maps. */
  attributes(): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Record<string, unknown> } {
    return {
      ...(Object.keys(this.names).length ? { ExpressionAttributeNames: this.names } : {}),
      ...(Object.keys(this.values).length ? { ExpressionAttributeValues: this.values } : {}),
    };
  }
}
