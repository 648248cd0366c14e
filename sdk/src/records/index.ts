export * from "./build-version.ts";
export * from "./canonical-json.ts";
export * from "./check-version.ts";
export * from "./consent-file.ts";
export * from "./descriptor.ts";
export type { ContentFile } from "./leaf-file.ts";
export * from "./manifest.ts";
export * from "./open-record.ts";
export * from "./prepare-record.ts";
