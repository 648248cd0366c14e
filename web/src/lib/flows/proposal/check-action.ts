import type { ParameterView } from "#lib/governance/parameter.ts";
import { boundsWords, parseParameter } from "#lib/governance/units.ts";
import type { Currency } from "#lib/money.ts";

/** What is wrong with a form, field by field; empty when nothing is. */
export type FieldErrors = Record<string, string>;

const ACCOUNT = /^0x[0-9a-fA-F]{40}$/;
const WRITE_DIGEST = "Write a digest: 0x and 64 digits.";
const WRITE_ACCOUNT = "Write an account like 0x12…, with 40 digits.";

/** Checks a new value of a parameter against its bounds. @param file what a digest needs besides: that of its file */
export function checkParameter(
  row: ParameterView | undefined,
  typed: string,
  file: string,
  currency: Currency,
): FieldErrors {
  if (!row) return { parameter: "Choose a parameter." };
  const value = parseParameter(row.unit, typed, currency);
  if (row.unit === "address") return value === null ? { value: WRITE_ACCOUNT } : {};
  if (row.unit === "digest") {
    const fileValue = parseParameter(row.unit, file, currency);
    return {
      ...(value === null && { value: WRITE_DIGEST }),
      ...(fileValue === null && { file: WRITE_DIGEST }),
    };
  }
  const between = row.bounds
    ? `Write a value ${boundsWords(row, currency)}.`
    : "Write a value like the one in force.";
  if (value === null) return { value: between };
  const { least, most } = row.bounds ?? { least: value, most: value };
  return BigInt(value) < BigInt(least) || BigInt(value) > BigInt(most) ? { value: between } : {};
}

/** Checks what is said of a new gateway. */
export function checkGateway(
  form: Record<"name" | "url" | "operator" | "signer" | "sealingKey", string>,
): FieldErrors {
  const errors: FieldErrors = {};
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(form.name.trim()))
    errors["name"] = "Write small letters, digits and hyphens, like “st-anna”.";
  if (!isWebAddress(form.url.trim())) errors["url"] = "Write an address like https://gateway.example.org.";
  if (!ACCOUNT.test(form.operator.trim())) errors["operator"] = WRITE_ACCOUNT;
  if (!ACCOUNT.test(form.signer.trim())) errors["signer"] = WRITE_ACCOUNT;
  if (!/^0x[0-9a-fA-F]{64}$/.test(form.sealingKey.trim()))
    errors["sealingKey"] = "Write the gateway's public sealing key: 0x and 64 digits.";
  return errors;
}

/** Checks what is said of an issuer. @param now seconds since 1970 */
export function checkIssuer(
  form: { issuer: string; kinds: readonly string[]; until: string },
  now: number,
): FieldErrors {
  const errors: FieldErrors = {};
  if (!ACCOUNT.test(form.issuer.trim())) errors["issuer"] = WRITE_ACCOUNT;
  if (form.kinds.length === 0) errors["kinds"] = "Choose what it may attest.";
  const until = Date.parse(form.until) / 1000;
  if (!(until > now)) errors["until"] = "Choose a day in the future.";
  return errors;
}

/** Checks a payment of the treasury. @param form `parsed` is the amount as read; null when it is none */
export function checkPayment(form: {
  held: { currency: Currency } | undefined;
  parsed: bigint | null;
  to: string;
  how: "grant" | "once" | undefined;
  start: string;
  days: string;
}): FieldErrors {
  const errors: FieldErrors = {};
  if (!form.held) errors["token"] = "Choose a token.";
  if (form.parsed === null || form.parsed === 0n) errors["amount"] = "Write an amount like 1,200.50.";
  if (!ACCOUNT.test(form.to.trim())) errors["to"] = WRITE_ACCOUNT;
  if (!form.how) errors["how"] = "Choose one.";
  if (form.how !== "grant") return errors;
  if (Number.isNaN(Date.parse(form.start))) errors["start"] = "Choose a day.";
  if (!/^[1-9]\d{0,4}$/.test(form.days.trim())) errors["days"] = "Write a number of days, from 1 on.";
  return errors;
}

/** Checks a free call. */
export function checkCall(form: { target: string; call: string }): FieldErrors {
  const errors: FieldErrors = {};
  if (!ACCOUNT.test(form.target.trim())) errors["target"] = "Write the contract's address: 0x and 40 digits.";
  if (form.call.trim() === "")
    errors["call"] = "Write a function like remove(uint16), or the call's data from 0x on.";
  return errors;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
