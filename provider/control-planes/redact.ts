/** Shapes of the secrets that the three control planes hand out, for those that we never saw ourselves. */
const secretShapes = [
  /\bpul-[0-9a-f]{20,}\b/gi,
  /\b[A-Za-z0-9]{10,}\.atlasv1\.[A-Za-z0-9]{20,}\b/g,
  /\benv0agent_[A-Za-z0-9._-]+/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9+/=._-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+/g,
];

const replacement = "[secret]";
const knownSecrets = new Set<string>();

/** Remembers a secret so that {@link redact} takes it out of every text of this process. Short values are ignored. */
export function registerSecret(value: string | undefined): void {
  // A value of a few characters would also strike innocent words.
  if (value && value.length >= 6) knownSecrets.add(value);
}

/** `text` without any secret that was registered and without anything that looks like a control plane's token. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of knownSecrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, replacement);
  }
  for (const shape of secretShapes) clean = clean.replace(shape, replacement);
  return clean;
}
