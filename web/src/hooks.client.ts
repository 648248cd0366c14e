import type { HandleClientError } from "@sveltejs/kit/hooks";
import { errorBody } from "#lib/error-body.ts";

export const handleError: HandleClientError = (caught) => {
  if (caught.kind === "unknown") console.error(caught.error);
  return errorBody(caught);
};
