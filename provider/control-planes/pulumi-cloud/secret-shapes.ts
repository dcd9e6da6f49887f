/** Access tokens and agent pool tokens of Pulumi Cloud: `pul-` and 40 hexadecimal digits. */
export const secretShapes: readonly RegExp[] = [/\bpul-[0-9a-f]{20,}\b/gi];
