/**
 * A pattern as a regular expression for whole names.
 * @param options.acrossSlashes whether `*` also stands for slashes. Default: false.
 */
export function patternOf(pattern: string, { acrossSlashes = false } = {}): RegExp {
  const [first = "", ...others] = pattern
    .split("*")
    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const any = acrossSlashes ? "." : "[^/]";
  // The first place that fits does for all but the last text, which ends the name. To try the others too, as an
  // expression does by itself, takes minutes where there are many asterisks.
  const rest = others.map((text, index) =>
    index === others.length - 1 ? `${any}*${text}` : `(?=(${any}*?${text}))\\${index + 1}`,
  );
  return new RegExp(`^${first}${rest.join("")}$`, "s");
}

/** Whether the text is a pattern and no plain name. */
export function isPattern(text: string): boolean {
  return text.includes("*");
}
