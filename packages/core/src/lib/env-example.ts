import { VARIABLES, type VariableName } from "./config.ts";
import { ABOUT } from "./config-about.ts";

const READERS = { lambda: "the functions", local: "the local runtime", deploy: "the deployment" } as const;

/** The text of `.env.example`: every variable, what it is for, who reads it, its default. `node packages/core/src/lib/env-example.ts > .env.example` writes it. */
export function envExample(): string {
  const head = ["# Every variable that Aira reads. Copy this file to .env and set what you need: nothing is needed on a laptop.", ""];
  const blocks = Object.entries(VARIABLES).flatMap(([name, variable]) => {
    const { about, by } = ABOUT[name as VariableName];
    return [
      `# ${about}`,
      `# Read by ${by.map((reader) => READERS[reader]).join(" and ")}.`,
      `${name}=${"default" in variable ? variable.default : ""}`,
      "",
    ];
  });
  return [...head, ...blocks].join("\n");
}

if (import.meta.main) process.stdout.write(envExample());
