export function ensureInstalled(root: string, node: string, env: NodeJS.ProcessEnv): Promise<void>;
export function installedMatches(root: string): boolean;
