import { byId } from "./elements.js";

const RETRY_MS = 2000;

/** Shows what went wrong, or that nothing does. */
export function tellTrouble(sentence) {
  const trouble = byId("trouble");
  trouble.textContent = sentence ?? "";
  trouble.hidden = sentence === undefined;
}

async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? `The sandbox answered ${response.status}.`);
  return body;
}

/** Does something at the sandbox's control address. A refusal is shown; undefined is answered then. */
export async function ask(path, body = {}) {
  try {
    const response = await fetch(`/_sandbox${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await answerOf(response);
    tellTrouble();
    return answer;
  } catch (error) {
    tellTrouble(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Calls back with everything there is, now and whenever it has changed. */
export async function follow(show) {
  let version = 0;
  let lost = false;
  for (;;) {
    try {
      const feed = await answerOf(await fetch(`/_sandbox/feed?version=${version}`));
      if (lost) tellTrouble();
      lost = false;
      version = feed.version;
      show(feed);
    } catch {
      lost = true;
      tellTrouble("The sandbox doesn't answer. Trying again.");
      version = 0;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
