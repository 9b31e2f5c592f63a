import { describe, expect, test } from "vitest";
import { sentence } from "./sentences.ts";
import { decideText, type TextScene } from "./text-flow.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
type Recent = NonNullable<TextScene["thread"]>["recent"];
const caller = (text: string, seconds: number): Recent[number] => ({ speaker: "caller", text, at: ago(seconds) });
const ours = (text: string, seconds: number): Recent[number] => ({ speaker: "assistant", text, at: ago(seconds) });
const thread = (recent: Recent, change: Partial<NonNullable<TextScene["thread"]>> = {}) => ({
  optedOut: false,
  messages: recent.length,
  recent,
  ...change,
});

const scene = (change: Partial<TextScene> = {}): TextScene => ({
  text: "When are you open?",
  opts: undefined,
  from: "+14155550199",
  to: "+14155550100",
  fromIsOurs: false,
  suspended: false,
  affordable: true,
  thread: undefined,
  nowMs: NOW,
  ...change,
});

const told = sentence("hi-IN", "textNotReachable");
const chatter = (count: number, everySeconds: number) =>
  Array.from({ length: count }, (_, n) => [
    caller(`question ${n}`, (count - n) * everySeconds + 1),
    ours(`answer ${n}`, (count - n) * everySeconds),
  ]).flat();

describe("what becomes of a text", () => {
  test.each<[string, Partial<TextScene>, unknown]>([
    ["a question is asked of the assistant", {}, { ask: "When are you open?" }],
    ["a picture alone is thanked for", { text: " " }, { say: "textReceived" }],
    ["an opt word is not answered", { opts: "out" }, { silent: "opt_word" }],
    ["nor the word that begins it again", { opts: "in" }, { silent: "opt_word" }],
    ["nor a cry for help, which Twilio answers", { opts: "help" }, { silent: "opt_word" }],
    ["who opted out is not answered", { thread: thread([], { optedOut: true }) }, { silent: "opted_out" }],
    ["a short code is not answered", { from: "24273" }, { silent: "not_a_phone" }],
    ["a name is not answered", { from: "HDFCBK" }, { silent: "not_a_phone" }],
    ["an app's address is not answered", { from: "whatsapp:+14155550199" }, { silent: "not_a_phone" }],
    ["our own number is not answered", { from: "+14155550100" }, { silent: "own_number" }],
    ["another number of ours is not answered", { fromIsOurs: true }, { silent: "own_number" }],
    ["a suspended number says so", { suspended: true }, { say: "textNotReachable", refused: true }],
    ["an empty wallet says no more than that", { affordable: false }, { say: "textNotReachable", refused: true }],
    ["an opt word to an empty wallet is not answered", { affordable: false, opts: "out" }, { silent: "opt_word", refused: true }],
    ["people who write fast are answered", { thread: thread(chatter(4, 20)) }, { ask: "When are you open?" }],
    ["four answers within half a minute are a loop", { thread: thread(chatter(4, 7)) }, { silent: "loop" }],
    [
      "the same words a fourth time within an hour are a loop",
      {
        text: "I am away",
        thread: thread([caller("I am away", 3_000), ours("ok", 2_999), caller("I am away", 1_500), caller("I am away", 60)]),
      },
      { silent: "loop" },
    ],
    [
      "the same words of yesterday are not",
      { text: "Hello", thread: thread([caller("Hello", 90_000), caller("Hello", 80_000), caller("Hello", 70_000)]) },
      { ask: "Hello" },
    ],
    [
      "long words are the same by their beginning",
      { text: `${"x".repeat(299)}yz`, thread: thread([3_000, 2_000, 1_000].map((at) => caller(`${"x".repeat(299)}…`, at))) },
      { silent: "loop" },
    ],
  ])("%s", (_, change, expected) => expect(decideText(scene(change))).toEqual(expected));
});

describe("that nobody can be reached is told once a day, in whichever language it was", () => {
  test.each<[string, NonNullable<TextScene["thread"]>, boolean]>([
    ["told an hour ago", thread([caller("hi", 3_601), ours(told, 3_600)]), false],
    ["told a day ago", thread([caller("hi", 86_402), ours(told, 86_401)]), true],
    ["nothing told", thread([caller("hi", 60)]), true],
    ["the sender said these words", thread([caller(told, 60)]), true],
    [
      "more was said than is remembered, all of it today",
      thread(
        Array.from({ length: 8 }, (_, n) => caller(`${n}`, 800 - n)),
        { messages: 9 },
      ),
      false,
    ],
    [
      "more was said than is remembered, some of it yesterday",
      thread([caller("old", 90_000), ...Array.from({ length: 7 }, (_, n) => caller(`${n}`, 800 - n))], { messages: 20 }),
      true,
    ],
  ])("%s", (_, before, says) => {
    const decision = decideText(scene({ affordable: false, thread: before }));
    expect(decision).toEqual(says ? { say: "textNotReachable", refused: true } : { silent: "told_already", refused: true });
  });
});
