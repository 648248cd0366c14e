import type { Theme } from "#lib/theme.ts";

declare global {
  namespace App {
    interface Error {
      /** Stable code, `WEB_…`. */
      code: string;
      /** What to do next. */
      hint: string;
    }
    interface Locals {
      theme: Theme;
    }
  }
}

export {};
