import { chromium, type Browser } from "playwright-core";

/** Starts Chromium without anything that would call home. `CHROME_PATH` names another browser than Debian's. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROME_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
