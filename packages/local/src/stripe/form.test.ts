import { expect, test } from "vitest";
import { StripeFault } from "./fault.ts";
import { decodeForm } from "./form.ts";

const decoded = (text: string) => JSON.parse(JSON.stringify(decodeForm(text)));

test("brackets nest objects and lists; every value stays text", () => {
  expect(decoded("a=1&b[c]=2&b[d][e]=3&f[0]=x&f[1]=y&g[]=p&g[]=q&h[0][i]=&expand[]=data.charge")).toEqual({
    a: "1",
    b: { c: "2", d: { e: "3" } },
    f: ["x", "y"],
    g: ["p", "q"],
    h: [{ i: "" }],
    expand: ["data.charge"],
  });
  expect(decoded("metadata%5Bkey%5D=a%20b%2Bc")).toEqual({ metadata: { key: "a b+c" } });
});

test("a name of the language's own is a name like any other", () => {
  const form = decodeForm("__proto__[polluted]=1&constructor=2");
  expect(Object.keys(form)).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each(["a[b=1", "a]=1", "[a]=1", "a=1&a[b]=2", "a[b]=1&a=2", "a[b][c][d][e][f][g][h][i]=1"])("%s is refused", (text) => {
  expect(() => decodeForm(text)).toThrow(StripeFault);
});
