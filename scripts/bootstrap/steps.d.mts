export interface Step {
  name: string;
  inputs: string[];
  outputs: string[];
  commands: string[][];
  /** Whether the outputs are sources, written by a program. */
  generated?: boolean;
}
export function runStep(root: string, env: NodeJS.ProcessEnv, step: Step): Promise<boolean>;
export function isStepFresh(root: string, env: NodeJS.ProcessEnv, step: Step): boolean;
export function hashPaths(root: string, paths: string[]): string;
