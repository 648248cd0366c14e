import { describe, expect, it } from "vitest";
import { isSalusError, SalusError, sdkErrors } from "./errors.ts";

describe("SalusError", () => {
  it("takes its hint from the table unless the thrower has a sharper one", () => {
    const error = new SalusError({ code: "SDK_TOO_FEW_SHARES", message: "1 of 2.", details: { have: 1 } });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "SalusError", message: "1 of 2.", details: { have: 1 } });
    expect(error.hint).toBe(sdkErrors.SDK_TOO_FEW_SHARES);
    const sharper = new SalusError({
      code: "SDK_TOO_FEW_SHARES",
      message: "1 of 2.",
      hint: "Ask gateway 3.",
    });
    expect(sharper.hint).toBe("Ask gateway 3.");
  });

  it("keeps its cause, and leaves out what it was not given", () => {
    const cause = new Error("inner");
    expect(new SalusError({ code: "SDK_INVALID_CID", message: "no", cause }).cause).toBe(cause);
    expect(new SalusError({ code: "SDK_INVALID_CID", message: "no" }).details).toBeUndefined();
  });

  it("is recognised by code", () => {
    const error = new SalusError({ code: "SDK_INVALID_CID", message: "no" });
    expect(isSalusError(error)).toBe(true);
    expect(isSalusError(error, "SDK_INVALID_CID")).toBe(true);
    expect(isSalusError(error, "SDK_WRONG_SHARE")).toBe(false);
    expect(isSalusError(new Error("no"))).toBe(false);
  });
});
