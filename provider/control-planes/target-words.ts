import type { TargetReference } from "./control-plane";

/** A kind of target as messages have it: `policyGroup` is a policy group. */
export function kindInWords(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A target as messages have it: `stack network/prod`. */
export function describeTarget({ kind, name }: TargetReference): string {
  return `${kindInWords(kind)} ${name}`;
}
