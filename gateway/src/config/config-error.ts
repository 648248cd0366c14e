/** The gateway cannot start as it is configured: which variable, and why. Never its value, which may be a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "GATEWAY_CONFIG_INVALID";
  readonly variable: string;
  readonly hint: string;

  constructor(variable: string, why: string, cause?: unknown) {
    super(`${variable}: ${why}.`, cause === undefined ? undefined : { cause });
    this.variable = variable;
    this.hint = `Correct ${variable} and start the gateway again; docs/configuration.md lists all variables.`;
  }
}
