import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is, or the sentence that tells how to get it. */
export function findChromium(): string {
  const found = [process.env.CHROMIUM_PATH ?? "", ...PLACES].find((path) => path !== "" && existsSync(path));
  if (found) return found;
  throw new Error(
    "No Chromium is installed: run `apt-get install --no-install-recommends chromium fonts-lohit-deva`, or set CHROMIUM_PATH to one.",
  );
}

/** Chromium's own sandbox does not run for root. */
export const chromiumFlags: readonly string[] = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export const launchChromium = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: [...chromiumFlags, ...flags] });
