import { createServer } from "vite";
import { runCommand } from "../../local/src/command.ts";
import { seedDataFolder } from "../../local/src/seed.ts";

// The app of `npm start` with Vite in place of the built dashboard: one origin, so that sign-in and the API are just where they are
// otherwise. A change of the dashboard is in the page at once; one of anything else starts the app anew, since Node watches it.
const vite = await createServer({
  configFile: `${import.meta.dirname}/../vite.config.ts`,
  server: { middlewareMode: true },
  appType: "spa",
});

await runCommand(
  process.argv.slice(2),
  {
    site: (config) => (request, response) => {
      if (request.url !== "/config.json") return vite.middlewares(request, response);
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(config));
    },
  },
  { seed: seedDataFolder },
);
