import type { ModelInput } from "#lib/data/types.ts";

/** The values as numbers, or what is wrong with each. */
export interface CheckedInputs {
  values: Record<string, number> | null;
  errors: Record<string, string>;
}

/** Reads what a person typed; a value outside the range that the model was taught on is refused. */
export function checkInputs(
  inputs: readonly ModelInput[],
  typed: Record<string, string | undefined>,
): CheckedInputs {
  const values: Record<string, number> = {};
  const errors: Record<string, string> = {};
  for (const { name, lower, upper } of inputs) {
    const text = (typed[name] ?? "").trim();
    const value = text === "" ? NaN : Number(text);
    if (!Number.isFinite(value)) errors[name] = "Write a number.";
    else if (value < lower || value > upper) errors[name] = `Write a number from ${lower} to ${upper}.`;
    else values[name] = value;
  }
  return Object.keys(errors).length === 0 ? { values, errors } : { values: null, errors };
}

/**
 * Values of a made-up patient, each in the middle half of its range: for trying a model, never about anybody.
 * @param random numbers from 0 to 1
 */
export function examplePatient(inputs: readonly ModelInput[], random: () => number): Record<string, string> {
  return Object.fromEntries(
    inputs.map(({ name, lower, upper }) => {
      const value = lower + (upper - lower) * (0.25 + random() / 2);
      const places = upper - lower <= 20 && upper - lower !== 1 ? 1 : 0;
      return [name, value.toFixed(places)];
    }),
  );
}
