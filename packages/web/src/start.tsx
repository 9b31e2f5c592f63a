import "./theme/mantine.css";
import "virtual:theme-variables.css";
import "./theme/fonts.css";
import "./theme/tokens.css";
import { startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { BrokenStart } from "./app/broken-start.tsx";
import { Providers } from "./app/providers.tsx";
import { loadConfig } from "./session/config.ts";
import { startSession } from "./session/session.ts";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has a root");
const root = createRoot(place);

/** Begins the session, and draws the dashboard: piece by piece, so that a slow phone stays awake for who touches it. */
export async function start(): Promise<void> {
  try {
    const { session, failure } = await startSession(await loadConfig());
    startTransition(() =>
      root.render(
        <Providers>
          <App session={session} signInFailure={failure} />
        </Providers>,
      ),
    );
  } catch (error) {
    root.render(
      <Providers>
        <BrokenStart error={error} onRetry={start} />
      </Providers>,
    );
  }
}
