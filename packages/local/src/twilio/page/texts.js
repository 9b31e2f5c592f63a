import { byId, element, showList, showOptions, timeOf } from "./elements.js";
import { ask } from "./sandbox.js";

let latest;

function textOf({ body, direction, status, media, price, errorCode, atMs }) {
  const mine = direction === "inbound";
  const attached = media > 0 ? `, ${media} attached` : "";
  const state = mine ? "" : `, ${status}${errorCode === null ? "" : ` (${errorCode})`}`;
  const who = element(
    "span",
    { className: "who" },
    `${mine ? "Sender" : "Aira"}, ${timeOf(atMs)}${attached}${state}${price === null ? "" : `, ${price} USD`}`,
  );
  return element("li", { className: mine ? "said mine" : "said" }, who, body);
}

export function showTexts(feed) {
  latest = feed;
  const numbers = feed.numbers.filter(({ sms }) => sms);
  showOptions(
    byId("text-to"),
    numbers.map(({ phoneNumber, name }) => ({ value: phoneNumber, label: name === phoneNumber ? name : `${phoneNumber} ${name}` })),
  );
  byId("text-button").disabled = numbers.length === 0;
  const pair = [byId("text-to").value, byId("text-from").value.trim()];
  const thread = feed.texts.filter(({ from, to }) => pair.includes(from) && pair.includes(to) && from !== to);
  const list = byId("thread");
  const changed = showList(list, thread, ({ sid, status, price }) => `${sid} ${status} ${price}`, textOf);
  if (changed) list.parentElement.scrollTop = list.parentElement.scrollHeight;
}

export function startTexts() {
  for (const id of ["text-to", "text-from"]) byId(id).addEventListener("input", () => latest && showTexts(latest));
  byId("text").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = byId("text-body");
    const sent = await ask("/texts", { from: byId("text-from").value.trim(), to: byId("text-to").value, body: field.value });
    if (sent) field.value = "";
    field.focus();
  });
}
