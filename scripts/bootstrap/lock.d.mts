export type LockHolder = Record<string, unknown> & { pid: number };
export function tryLock(
  path: string,
  details?: Record<string, unknown>,
): { held: true; release: () => void } | { held: false; holder: LockHolder };
export function waitForLock(path: string, onWait: (holder: LockHolder) => void): Promise<() => void>;
export function lockHolder(path: string): LockHolder | undefined;
