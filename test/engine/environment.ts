import type { StackOptions } from "./engine.ts";

/** What a stack is encrypted with that was given no passphrase. */
export const DEFAULT_PASSPHRASE = "correct horse";

/** The environment of a stack's processes. A variable that was taken away is empty: the CLI hands on all others. */
export function stackEnvironment({ environment = {} }: StackOptions): Record<string, string> {
  const changed = Object.entries(environment).map(([name, value]) => [name, value ?? ""]);
  return { ...(process.env as Record<string, string>), ...Object.fromEntries(changed) };
}
