import { readFileSync } from "node:fs";

const SHARED_STYLE = new URL("./page.css", import.meta.url);

/** A file of a sandbox's page. A stylesheet goes on from the one that all sandboxes share. */
export const readPageFile = (file: URL): string =>
  `${file.pathname.endsWith(".css") ? `${readFileSync(SHARED_STYLE, "utf8")}\n` : ""}${readFileSync(file, "utf8")}`;
