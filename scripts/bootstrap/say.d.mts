export class SetupError extends Error {
  code: string;
  hint: string;
  constructor(code: string, message: string, hint: string);
}
export function say(text: string): void;
export function timed<T>(name: string, work: () => Promise<T>): Promise<T>;
export function oneLine(error: unknown): string;
