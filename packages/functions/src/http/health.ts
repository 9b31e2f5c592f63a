import { getHealth } from "@aira/contract";
import { requireVariable } from "@aira/core/lib";
import packageFile from "../../package.json" with { type: "json" };
import { http } from "../edge/http.ts";

/** Answers as long as the gateway and this function do: it touches nothing else. */
export const handler = http(getHealth, async () => ({
  status: "ok" as const,
  stage: requireVariable("STAGE"),
  version: packageFile.version,
}));
