export interface ProcessIdentity {
  pid: number;
  /** Boot id and start tick; differs for a recycled pid. */
  started: string;
}
export function processIdentity(pid: number): ProcessIdentity | undefined;
export function processInfo(pid: number): { name: string; parent: number; started: string } | undefined;
export function isAlive(identity: ProcessIdentity): boolean;
export function run(
  command: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; quiet?: boolean },
): Promise<{ code: number; output: string }>;
