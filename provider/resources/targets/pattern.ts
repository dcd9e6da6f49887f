/**
 * A pattern as a regular expression for whole names.
 * @param options.acrossSlashes whether `*` also stands for slashes. Default: false.
 */
export function patternOf(pattern: string, { acrossSlashes = false } = {}): RegExp {
  const literals = pattern.split("*").map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join(acrossSlashes ? ".*" : "[^/]*")}$`, "s");
}

/** Whether the text is a pattern and no plain name. */
export function isPattern(text: string): boolean {
  return text.includes("*");
}
