/**
 * Keeps one account secret (32 bytes) on this device. Passkeys will replace how it is wrapped, never what is
 * derived from it.
 */
export interface KeyStore {
  /** True when an account is kept on this device. */
  has(): Promise<boolean>;
  /** Makes a new account. The recovery code is shown once; nothing is kept until `confirm` is called. */
  create(): Promise<{ recoveryCode: string; confirm: () => Promise<void> }>;
  /** Takes over an account from its recovery code. @throws WEB_RECOVERY_CODE */
  restore(recoveryCode: string): Promise<void>;
  /**
   * Lends the secret to `use` and wipes the copy afterwards.
   * @throws WEB_NO_ACCOUNT when none is kept
   */
  withSecret<T>(use: (secret: Uint8Array) => Promise<T>): Promise<T>;
  /** Removes the account from this device. The recovery code still opens it elsewhere. */
  forget(): Promise<void>;
}
