import { toErrorView, WebError } from "./errors.ts";

interface Caught {
  kind: string;
  error: unknown;
}

/** The body of an error page: code, message and hint for whatever Kit caught. */
export function errorBody(caught: Caught): { status: number; message: string; code: string; hint: string } {
  const status = statusOf(caught.error);
  if (caught.kind === "framework" && status === 404) return body(new WebError("WEB_NOT_FOUND"));
  if (caught.error instanceof WebError) return body(caught.error);
  if (caught.kind === "unknown") return body(new WebError("WEB_INTERNAL"));
  const view = toErrorView(caught.error);
  return { status, code: view.code, message: view.message, hint: view.hint };
}

function body(error: WebError): { status: number; message: string; code: string; hint: string } {
  return { status: error.status, code: error.code, message: error.message, hint: error.hint };
}

function statusOf(error: unknown): number {
  const status =
    typeof error === "object" && error !== null ? (error as { status?: unknown }).status : undefined;
  return typeof status === "number" ? status : 500;
}
