import "./theme/mantine.css";
import "virtual:theme-variables.css";
import "./theme/fonts.css";
import "./theme/tokens.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { BrokenStart } from "./app/broken-start.tsx";
import { pages } from "./app/pages.ts";
import { Providers } from "./app/providers.tsx";
import { loadConfig } from "./session/config.ts";
import { startSession } from "./session/session.ts";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has a root");
const root = createRoot(place);

// The page that the address asks for is on its way while the session begins.
void pages.find(({ path }) => location.pathname === path || location.pathname.startsWith(`${path}/`))?.load();

async function start(): Promise<void> {
  try {
    const { session, failure } = await startSession(await loadConfig());
    root.render(
      <Providers>
        <App session={session} signInFailure={failure} />
      </Providers>,
    );
  } catch (error) {
    root.render(
      <Providers>
        <BrokenStart error={error} onRetry={start} />
      </Providers>,
    );
  }
}

await start();
