/** Command-line flags from a record: `{ port: "1" }` is `["--port", "1"]`, and `true` stands for a flag without a value. */
export function flags(values: Record<string, string | true | undefined>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return value === true ? [`--${name}`] : [`--${name}`, value];
  });
}
