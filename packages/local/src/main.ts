import { runCommand } from "./command.ts";
import { seedDataFolder } from "./seed.ts";
import { buildWeb } from "./web-build.ts";

await runCommand(process.argv.slice(2), {}, { build: (note) => buildWeb({ note }), seed: seedDataFolder });
