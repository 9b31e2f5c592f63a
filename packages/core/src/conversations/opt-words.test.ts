import { describe, expect, test } from "vitest";
import { optWordOf } from "./opt-words.ts";

describe("a whole message that is an opt word, however it is written", () => {
  test.each([
    ...[
      "STOP",
      "stop",
      " Stop. ",
      "STOP!!!",
      "Stop 🛑",
      "ＳＴＯＰ",
      "s t o p",
      "\u200bSTOP\u200b",
      "stop\n",
      '"stop"',
      "stop all",
      "StopAll",
    ],
    ...["unsubscribe", "END", "quit", "revoke", "opt-out", "Opt Out", "cancel", "बंद करो", "रोकें।", "स्टॉप"],
  ])("out: %j", (text) => expect(optWordOf(text)).toBe("out"));
  test.each(["START", "yes", "Yes!", "unstop", "शुरू करो"])("in: %j", (text) => expect(optWordOf(text)).toBe("in"));
  test.each(["HELP", "help?", "Info"])("help: %j", (text) => expect(optWordOf(text)).toBe("help"));
});

test.each([
  ...[
    "",
    " ",
    "please stop",
    "don't stop",
    "stop by tomorrow",
    "the end",
    "yes please",
    "stops",
    "st0p",
    "STOP NOW",
    "क्या दुकान बंद है",
    "🛑",
  ],
  "stop ".repeat(40),
])("a message like any other: %j", (text) => expect(optWordOf(text)).toBeUndefined());
