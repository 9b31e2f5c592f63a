import { expect, test } from "vitest";
import { Bindings, type Condition } from "./condition.ts";

const compile = (condition: Condition) => {
  const bindings = new Bindings();
  return { text: bindings.condition(condition), ...bindings.attributes() };
};

test.each<[string, Condition, ReturnType<typeof compile>]>([
  ["absent", { absent: true }, { text: "attribute_not_exists(#pk)", ExpressionAttributeNames: { "#pk": "pk" } }],
  [
    "equals, with an attribute that must be absent",
    { equals: { v: 0, sessionId: undefined } },
    {
      text: "#v = :v0 AND attribute_not_exists(#sessionId)",
      ExpressionAttributeNames: { "#v": "v", "#sessionId": "sessionId" },
      ExpressionAttributeValues: { ":v0": 0 },
    },
  ],
  [
    "differs",
    { differs: { purchaseId: "p" } },
    { text: "#purchaseId <> :v0", ExpressionAttributeNames: { "#purchaseId": "purchaseId" }, ExpressionAttributeValues: { ":v0": "p" } },
  ],
  [
    "below",
    { below: { expiresAtMs: 5 } },
    { text: "#expiresAtMs < :v0", ExpressionAttributeNames: { "#expiresAtMs": "expiresAtMs" }, ExpressionAttributeValues: { ":v0": 5 } },
  ],
  [
    "all around any keeps its brackets",
    { all: [{ equals: { a: 1 } }, { any: [{ equals: { b: 2 } }, { equals: { b: 3 } }] }] },
    {
      text: "(#a = :v0) AND ((#b = :v1) OR (#b = :v2))",
      ExpressionAttributeNames: { "#a": "a", "#b": "b" },
      ExpressionAttributeValues: { ":v0": 1, ":v1": 2, ":v2": 3 },
    },
  ],
  [
    "one part alone stands without brackets, since DynamoDB refuses a pair within a pair",
    { all: [{ equals: { a: 1 } }, { any: [{ equals: { b: 2 } }] }] },
    {
      text: "(#a = :v0) AND (#b = :v1)",
      ExpressionAttributeNames: { "#a": "a", "#b": "b" },
      ExpressionAttributeValues: { ":v0": 1, ":v1": 2 },
    },
  ],
])("%s", (_, condition, expected) => {
  expect(compile(condition)).toEqual(expected);
});

test("an update names what it sets and removes, and skips what is undefined", () => {
  const bindings = new Bindings();
  expect(bindings.update({ state: "open", url: undefined, v: 1 }, ["gsi2pk"])).toBe("SET #state = :v0, #v = :v1 REMOVE #gsi2pk");
  expect(bindings.attributes()).toEqual({
    ExpressionAttributeNames: { "#state": "state", "#v": "v", "#gsi2pk": "gsi2pk" },
    ExpressionAttributeValues: { ":v0": "open", ":v1": 1 },
  });
});

test("what is not needed is not sent, since DynamoDB refuses empty maps", () => {
  expect(new Bindings().attributes()).toEqual({});
});
