export interface Step {
  name: string;
  inputs: string[];
  outputs: string[];
  commands: string[][];
}
export function runStep(root: string, env: NodeJS.ProcessEnv, step: Step): Promise<boolean>;
export function isStepFresh(root: string, env: NodeJS.ProcessEnv, step: Step): boolean;
export function hashPaths(root: string, paths: string[]): string;
