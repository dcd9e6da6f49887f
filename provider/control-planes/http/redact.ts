/** Shapes of secrets that are no vendor's own: those of HTTP headers, and JSON Web Tokens. */
const generalShapes: readonly RegExp[] = [
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9+/=._-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+/g,
];

const replacement = "[secret]";
const knownSecrets = new Set<string>();
const secretShapes = new Set<RegExp>(generalShapes);

/** Remembers a secret so that {@link redact} takes it out of every text of this process. Short values are ignored. */
export function registerSecret(value: string | undefined): void {
  // A value of a few characters would also strike innocent words.
  if (value && value.length >= 6) knownSecrets.add(value);
}

/**
 * Remembers what secrets of a control plane look like, for those that this process never saw as such.
 * @param shapes each with the flag `g`, without which only the first secret of a text would go.
 */
export function registerSecretShapes(shapes: readonly RegExp[]): void {
  for (const shape of shapes) {
    if (!shape.global) throw new Error(`the shape of a secret, ${shape}, lacks the flag g`);
    secretShapes.add(shape);
  }
}

/** `text` without any secret that was registered and without anything that looks like a control plane's token. */
export function redact(text: string): string {
  // The longest first: a secret may be part of another one. Joined at the end: one may be part of the replacement, too.
  const longestFirst = [...knownSecrets].sort((one, other) => other.length - one.length);
  let parts = [text];
  for (const secret of longestFirst) parts = parts.flatMap((part) => part.split(secret));
  let clean = parts.join(replacement);
  for (const shape of secretShapes) clean = clean.replace(shape, replacement);
  return clean;
}
