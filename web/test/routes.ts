/** An order id of the right shape that no chain has. */
export const NO_ORDER = `0x${"5a".repeat(32)}`;

/** Every page of the site, with parameters where a page needs them. */
export const ROUTES = [
  "/",
  "/about",
  "/status",
  "/institutions",
  "/explore",
  "/datasets/1",
  "/datasets/1/order",
  "/orders",
  `/orders/${NO_ORDER}`,
  "/me",
  "/me/uses",
  "/me/earnings",
  "/me/earnings/1",
  "/me/stop",
  "/me/erase",
  "/me/sharing/1",
  "/sign-in",
  "/account",
  "/models",
  "/models/1",
  "/models/publish",
  "/models/1/try",
  "/governance",
  "/verify",
  `/verify/${NO_ORDER}`,
  "/no-such-page",
] as const;
