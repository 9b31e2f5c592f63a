import { byId, element, showList, showOptions, timeOf } from "./elements.js";
import { ask } from "./sandbox.js";
import { hush, read } from "./voice.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const WHO = { app: "Aira", caller: "Caller", callee: "The other telephone", line: "Network" };
const STATES = {
  ringing: "Ringing",
  "in-progress": "Connected",
  completed: "Ended",
  busy: "Rejected as busy",
  failed: "Failed",
  "no-answer": "Not answered",
};
const WAITS = {
  answer: "Aira listens.",
  voicemail: "The tape is running: speak, then press # or hang up.",
  callee: "The other telephone rings.",
  talk: "Connected to the other telephone.",
};

/** The call that is shown: the chosen one, or the newest. */
let chosen;
let shown;
/** How many lines of the shown call were seen. What was said before the page opened is not read out. */
let seen = 0;

const underWay = (call) => call !== undefined && (call.status === "ringing" || call.status === "in-progress");

function lineOf({ by, kind, text, atMs, language = "" }) {
  const event = kind === "event" || kind === "error" || (kind === "sound" && by === "line");
  if (event)
    return element("li", { className: kind === "error" ? "happened wrong" : "happened" }, by === "line" ? text : `${WHO[by]}: ${text}`);
  const words = kind === "keys" ? `Pressed ${text}` : kind === "sound" ? `Plays ${text}` : text;
  const who = element("span", { className: "who" }, `${WHO[by]}, ${timeOf(atMs)}`);
  return element("li", { className: by === "caller" ? "said mine" : "said" }, who, element("span", { lang: language }, words));
}

function showTranscript(call) {
  const list = byId("transcript");
  const lines = call?.transcript ?? [];
  const changed = showList(
    list,
    lines.map((line, index) => ({ line, key: `${call.sid} ${index}` })),
    ({ key }) => key,
    ({ line }) => lineOf(line),
  );
  if (changed) list.parentElement.scrollTop = list.parentElement.scrollHeight;
  if (call?.sid !== shown) seen = shown === undefined && !underWay(call) ? lines.length : 0;
  for (const line of lines.slice(seen)) if (line.by === "app" && line.kind === "speech" && underWay(call)) read(line);
  seen = lines.length;
}

function stateOf(call) {
  if (!call) return "No call yet.";
  const length = call.durationSeconds === null ? "" : `, ${call.durationSeconds} s`;
  const price = call.price === null ? "" : `, ${call.price}`;
  const wait = underWay(call) ? (call.listening ? ` ${WAITS[call.listening.for]}` : " Aira's turn.") : "";
  return `${STATES[call.status] ?? call.status}: ${call.from} to ${call.to}${length}${price}.${wait}`;
}

function showControls(call) {
  const listening = underWay(call) ? call.listening : null;
  byId("hang-up").disabled = !underWay(call);
  byId("call-button").disabled = underWay(call) || byId("call-to").options.length === 0;
  byId("say-button").disabled = !listening?.speech;
  byId("silence").disabled = !listening || listening.for === "talk";
  byId("keypad").disabled = !listening?.keys;
  byId("callee").hidden = listening?.for !== "callee" && listening?.for !== "talk";
  byId("callee-number").textContent = listening?.number ?? "";
  byId("callee-ringing").hidden = listening?.for !== "callee";
  byId("callee-talking").hidden = listening?.for !== "talk";
}

function showRecordings(calls) {
  const recordings = calls.flatMap((call) => call.recordings.map((recording) => ({ ...recording, from: call.from })));
  byId("recordings-title").hidden = recordings.length === 0;
  showList(
    byId("recordings"),
    recordings,
    ({ sid }) => sid,
    ({ sid, seconds, from }) => {
      const sound = element("audio", { controls: true, preload: "none", src: `/softphone/recordings/${sid}` });
      sound.setAttribute("aria-label", `Recording of ${from}`);
      return element("li", {}, `${from}, ${seconds} s (the sandbox records silence)`, sound);
    },
  );
}

function showCalls(calls, current) {
  byId("calls-title").hidden = calls.length === 0;
  showList(
    byId("calls"),
    calls,
    ({ sid, status }) => `${sid} ${status}`,
    (call) => {
      const button = element("button", { type: "button" }, `${call.from} to ${call.to}: ${STATES[call.status] ?? call.status}`);
      button.addEventListener("click", () => {
        chosen = call.sid;
        latest && showPhone(latest);
      });
      button.dataset.sid = call.sid;
      return element("li", {}, button);
    },
  );
  for (const button of byId("calls").querySelectorAll("button"))
    button.setAttribute("aria-current", String(button.dataset.sid === current?.sid));
}

let latest;

export function showPhone(feed) {
  latest = feed;
  const { calls, numbers } = feed;
  const voice = numbers.filter((number) => number.voice);
  showOptions(
    byId("call-to"),
    voice.map(({ phoneNumber, name }) => ({ value: phoneNumber, label: name === phoneNumber ? name : `${phoneNumber} ${name}` })),
  );
  byId("no-number").hidden = voice.length > 0;
  const call = calls.find(({ sid }) => sid === chosen) ?? calls[0];
  showTranscript(call);
  shown = call?.sid;
  byId("call-state").textContent = stateOf(call);
  showControls(call);
  showRecordings(calls);
  showCalls(calls, call);
}

const act = (path, body) => shown !== undefined && ask(`/calls/${shown}/${path}`, body);

/** A form whose one field is said by somebody. */
function speaks(formId, fieldId, path) {
  byId(formId).addEventListener("submit", (event) => {
    event.preventDefault();
    const field = byId(fieldId);
    const text = field.value.trim();
    if (text === "") return;
    field.value = "";
    hush();
    act(path, { text });
  });
}

export function startPhone() {
  byId("dial").addEventListener("submit", (event) => {
    event.preventDefault();
    hush();
    chosen = undefined;
    ask("/calls", { from: byId("call-from").value.trim(), to: byId("call-to").value });
    byId("say-text").focus();
  });
  byId("hang-up").addEventListener("click", () => {
    hush();
    act("hang-up");
  });
  byId("silence").addEventListener("click", () => act("silence"));
  speaks("say", "say-text", "say");
  speaks("callee-talking", "callee-text", "callee-says");
  for (const key of KEYS) {
    const button = element("button", { type: "button" }, key);
    button.addEventListener("click", () => {
      hush();
      act("press", { keys: key });
    });
    byId("keypad").append(button);
  }
  for (const button of byId("callee").querySelectorAll("[data-does]"))
    button.addEventListener("click", () => act("callee", { does: button.dataset.does }));
}
