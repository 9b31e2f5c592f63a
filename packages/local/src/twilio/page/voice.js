import { byId } from "./elements.js";

const toggle = byId("speak");
const canSpeak = "speechSynthesis" in window;
if (!canSpeak) toggle.parentElement.hidden = true;
toggle.addEventListener("change", hush);

/** Stops reading aloud. */
export function hush() {
  if (canSpeak) speechSynthesis.cancel();
}

/** Reads a line of the app's aloud, in its language, if that is wanted. */
export function read({ text, language }) {
  if (!canSpeak || !toggle.checked) return;
  const utterance = new SpeechSynthesisUtterance(text);
  if (language) utterance.lang = language;
  speechSynthesis.speak(utterance);
}
