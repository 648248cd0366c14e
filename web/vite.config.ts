import { readFile, writeFile } from "node:fs/promises";
import node from "@sveltejs/adapter-node";
import type { Adapter } from "@sveltejs/kit";
import { sveltekit } from "@sveltejs/kit/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

/**
 * Content Security Policy: nothing is allowed that is not named here, and every source is this origin alone.
 * Chain, index and gateways are reached through this server's own `/api` routes, so `connect-src` stays 'self'.
 * Kit adds a fresh nonce to each page for the one inline script that starts the app.
 */
const directives = {
  "default-src": ["none"],
  "script-src": ["self"],
  "style-src": ["self"],
  // The one style attribute on our pages: Kit's route announcer for screen readers, by the hash of its text.
  "style-src-attr": ["unsafe-hashes", "sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo="],
  "img-src": ["self", "data:"],
  "font-src": ["self"],
  "connect-src": ["self"],
  "manifest-src": ["self"],
  "form-action": ["self"],
  "base-uri": ["none"],
  "frame-ancestors": ["none"],
  "object-src": ["none"],
} as const;

/** Largest request body, above every limit that the proxies under `/api` enforce themselves. */
const BODY_SIZE_LIMIT = 33 * 1024 * 1024;

const ADAPTER_ORIGIN = "export const origin = undefined;";

/**
 * The Node adapter, with two changes to what it writes. A default for its body limit: its own 512 kB is below one upload
 * to a gateway; it goes into a module of its own, which must run before the server reads its environment. And the site's
 * origin from ORIGIN when it starts, not when it is built: otherwise the server takes itself for an https site and its
 * own requests for those of another.
 */
function adapter(): Adapter {
  const inner = node({ out: "build" });
  return {
    ...inner,
    name: "salus-node",
    async adapt(builder) {
      await inner.adapt(builder);
      await writeFile("build/defaults.js", `process.env.BODY_SIZE_LIMIT ??= "${BODY_SIZE_LIMIT}";\n`);
      const entry = await readFile("build/index.js", "utf8");
      await writeFile("build/index.js", `import "./defaults.js";\n${entry}`);
      const manifest = await readFile("build/adapter-node.js", "utf8");
      if (!manifest.includes(ADAPTER_ORIGIN))
        throw new Error("adapter-node no longer writes its origin this way");
      const atStart = "export const origin = process.env.ORIGIN || undefined;";
      await writeFile("build/adapter-node.js", manifest.replace(ADAPTER_ORIGIN, atStart));
    },
  };
}

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter(),
      csp: { mode: "auto", directives: structuredClone(directives) as never },
      compilerOptions: { runes: true },
    }),
  ],
});
