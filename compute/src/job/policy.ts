/** What the custodian's policy adds to a job. A custodian may only raise the minimum cell. */
export interface OutputPolicy {
  readonly minimumCell: number;
}

/** The smallest cohort, and the smallest noised count, that may be shown. */
export const MINIMUM_CELL = 10;

export const DEFAULT_POLICY: OutputPolicy = { minimumCell: MINIMUM_CELL };

/** Fitted parameters allowed per row of the cohort, in percent. */
export const PARAMETERS_PERCENT_OF_ROWS = 33;

/** Upper limit of a result, in bytes of its JSON. */
export const MAX_RESULT_BYTES = 256 * 1024;
