import { spawnSync } from "node:child_process";
import path from "node:path";

const builder = "packages/local/src/web-build.ts";
const built = "packages/web/dist";

/**
 * The folder of the dashboard's built files: built now, if its sources have changed since. `WEB_FILES` names another folder, for whoever
 * brings the files along; templates are tested so, since a build takes seconds.
 */
export function webFiles(root: string): string {
  const given = process.env.WEB_FILES;
  if (given) return path.resolve(root, given);
  const { status, error } = spawnSync(process.execPath, [path.join(root, builder)], { stdio: "inherit" });
  if (status !== 0) throw new Error("The dashboard could not be built, so nothing is deployed.", { cause: error });
  return path.join(root, built);
}
