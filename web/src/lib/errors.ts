/**
 * Every error that a person can meet in the web app: stable code, what happened, what to do next.
 * `retry` says whether the same action may succeed later without a change.
 */
const TABLE = {
  WEB_OFFLINE: {
    message: "We could not reach this site's server.",
    hint: "Check your internet connection, then try again.",
    retry: true,
    status: 503,
  },
  WEB_RPC_UNREACHABLE: {
    message: "The shared record book is not answering.",
    hint: "Nothing was lost. Wait a minute, then try again.",
    retry: true,
    status: 502,
  },
  WEB_GRAPH_UNREACHABLE: {
    message: "The service that looks up records is not answering.",
    hint: "Nothing was lost. Wait a minute, then try again.",
    retry: true,
    status: 502,
  },
  WEB_GRAPH_FAILED: {
    message: "The service that looks up records refused the question.",
    hint: "Reload the page. If it happens again, tell the people who run this site and give them the code.",
    retry: true,
    status: 502,
  },
  WEB_EARNINGS_LATE: {
    message: "The newest sums are not in our list yet.",
    hint: "Nothing was lost. Wait a minute, then try again.",
    retry: true,
    status: 503,
  },
  WEB_GATEWAY_UNREACHABLE: {
    message: "The data keeper is not answering.",
    hint: "Nothing was lost. Try again in a few minutes, or use another data keeper.",
    retry: true,
    status: 502,
  },
  WEB_GATEWAY_UNKNOWN: {
    message: "This site does not know a data keeper of that name.",
    hint: "Choose one from the list on the status page.",
    retry: false,
    status: 404,
  },
  WEB_GATEWAY_PATH: {
    message: "That address is not one that a data keeper serves.",
    hint: "Check the address: it may not contain dots as a folder or encoded slashes.",
    retry: false,
    status: 400,
  },
  WEB_TOO_LARGE: {
    message: "What you sent is larger than this site accepts.",
    hint: "Send it in smaller parts.",
    retry: false,
    status: 413,
  },
  WEB_MALFORMED: {
    message: "The request could not be read.",
    hint: "Send well-formed JSON of the documented shape.",
    retry: false,
    status: 400,
  },
  WEB_METHOD_REFUSED: {
    message: "This site does not pass on that kind of request.",
    hint: "Use your own node for requests outside the documented list.",
    retry: false,
    status: 403,
  },
  WEB_FOREIGN_ORIGIN: {
    message: "This request came from another website and was refused.",
    hint: "Open this site directly and do it there.",
    retry: false,
    status: 403,
  },
  WEB_DEPLOYMENT: {
    message: "This site does not know where its contracts are.",
    hint: "The people who run it must set SALUS_DEPLOYMENT to the deployment file and restart.",
    retry: false,
    status: 503,
  },
  WEB_NOT_FOUND: {
    message: "There is nothing at this address.",
    hint: "Check the address, or start again from the first page.",
    retry: false,
    status: 404,
  },
  WEB_INTERNAL: {
    message: "Something went wrong on this site.",
    hint: "Nothing was lost. Reload the page. If it happens again, tell the people who run this site.",
    retry: true,
    status: 500,
  },
  WEB_NO_ACCOUNT: {
    message: "You are not signed in on this device.",
    hint: "Sign in, then come back to this page.",
    retry: false,
    status: 401,
  },
  WEB_NO_WALLET: {
    message: "This account cannot pay.",
    hint: "Paying works with a wallet. On a practice copy of Salus, sign in as a made-up person who has one.",
    retry: false,
    status: 403,
  },
  WEB_OFFER_CHANGED: {
    message: "The price or the terms changed while you were choosing.",
    hint: "Nothing was paid. Load the page again and read the new terms.",
    retry: false,
    status: 409,
  },
  WEB_NOT_YOUR_ORDER: {
    message: "This device does not hold the key to this result.",
    hint: "Open it in the browser in which you placed the order.",
    retry: false,
    status: 404,
  },
  WEB_RESULT_UNKNOWN: {
    message: "The result came in a form that this site does not know.",
    hint: "Update this site, then open it again. The result is kept until then.",
    retry: false,
    status: 502,
  },
  WEB_SHARING_FAILED: {
    message: "That did not work just now.",
    hint: "Nothing was lost. Wait a minute, then try again.",
    retry: true,
    status: 502,
  },
  WEB_CHOICE_CHANGED: {
    message: "Your choice changed while you were deciding.",
    hint: "Look at it again, then choose once more.",
    retry: true,
    status: 409,
  },
  WEB_FILE_MISSING: {
    message: "No data keeper has the file that belongs to this.",
    hint: "Try again in a few minutes. If it stays so, tell the people who run this site.",
    retry: true,
    status: 502,
  },
  WEB_RECOVERY_CODE: {
    message: "That recovery code is not right.",
    hint: "Check it against your paper, letter by letter. It has 14 groups of 4.",
    retry: false,
    status: 400,
  },
  WEB_STORAGE: {
    message: "This browser would not keep your account.",
    hint: "Leave private browsing, allow this site to store data, then try again.",
    retry: true,
    status: 507,
  },
  WEB_INTERRUPTED: {
    message: "The page was closed before you confirmed.",
    hint: "Nothing was sent. Start again when you are ready.",
    retry: true,
    status: 409,
  },
  WEB_REJECTED: {
    message: "You chose not to confirm.",
    hint: "Nothing was sent and nothing was paid. Start again if you change your mind.",
    retry: true,
    status: 409,
  },
  WEB_CALL_UNREADABLE: {
    message: "This call could not be put together.",
    hint: "Check the function's name and that its values fit it, in their order.",
    retry: false,
    status: 400,
  },
  WEB_REVERTED: {
    message: "The rules of the record book refused this.",
    hint: "Nothing was changed. Look under technical details for the reason.",
    retry: false,
    status: 409,
  },
} as const;

export type WebErrorCode = keyof typeof TABLE;

/** What an error looks like on the wire and on the screen. */
export interface ErrorView {
  code: string;
  message: string;
  hint: string;
  retry?: boolean;
  /** Facts for the technical details; never a key, a plaintext value or a stack trace. */
  detail?: string;
}

/** An error of the web app. `detail` may be shown; `cause` is for the server's log only. */
export class WebError extends Error {
  readonly code: WebErrorCode;
  readonly hint: string;
  readonly retry: boolean;
  readonly status: number;
  readonly detail: string | undefined;

  constructor(code: WebErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const row = TABLE[code];
    super(row.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "WebError";
    this.code = code;
    this.hint = row.hint;
    this.retry = row.retry;
    this.status = row.status;
    this.detail = options.detail;
  }

  /** The serialisable view of this error. */
  view(): ErrorView {
    const { code, message, hint, retry, detail } = this;
    return detail === undefined ? { code, message, hint, retry } : { code, message, hint, retry, detail };
  }
}

function isErrorView(value: unknown): value is ErrorView {
  if (typeof value !== "object" || value === null) return false;
  const { code, message, hint } = value as Record<string, unknown>;
  return typeof code === "string" && typeof message === "string" && typeof hint === "string";
}

/**
 * Turns anything thrown into something that can be shown. Errors of other parts (sdk, gateway) already carry
 * code, message and hint and pass through; everything else becomes WEB_INTERNAL with its message as detail.
 */
export function toErrorView(thrown: unknown): ErrorView {
  if (thrown instanceof WebError) return thrown.view();
  if (isErrorView(thrown)) {
    const { code, message, hint } = thrown;
    return { code, message, hint, retry: thrown.retry ?? true };
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new WebError("WEB_INTERNAL", { detail }).view();
}
