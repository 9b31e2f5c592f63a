import { expect, test } from "vitest";
import { formatPhone } from "./phone-number.ts";

test.each([
  ["+14155550134", "+1 415 555 0134"],
  ["+912255500187", "+91 225 550 0187"],
  ["+442079460231", "+44 207 946 0231"],
  ["+61291234567", "+61 291 234 567"],
  ["+353151234567", "+353 151 234 567"],
  ["+4930123456", "+49 3012 3456"],
  ["+49301234567", "+49 301 234 567"],
  ["72345", "72345"],
  ["ACME", "ACME"],
])("%s reads as %s", (number, written) => expect(formatPhone(number)).toBe(written));

test("no digit is lost or added", () => {
  for (let length = 7; length <= 15; length++) {
    const number = `+${"4915123456789012".slice(0, length)}`;
    expect(formatPhone(number).replaceAll(" ", "")).toBe(number);
    expect(
      formatPhone(number)
        .split(" ")
        .every((group) => group.length <= 5),
    ).toBe(true);
  }
});
