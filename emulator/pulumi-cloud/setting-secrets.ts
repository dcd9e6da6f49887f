import { randomBytes } from "node:crypto";
import { isJsonObject, type Json } from "../exchange";

/**
 * Secrets inside deployment settings come back as ciphertext, never as they were sent. A value is stored as
 * `{isSecret: true, value: ciphertext}` or `{isSecret: false, value}`, wherever a client wrote one of the shapes that
 * `apitype.SecretValue` of pulumi/pulumi writes.
 */
export function sealSecrets(document: Json): Json {
  if (Array.isArray(document)) return document.map(sealSecrets);
  if (!isJsonObject(document)) return document;
  const { secret, ciphertext, isSecret, value } = document;
  if (typeof ciphertext === "string") return { isSecret: true, value: ciphertext };
  if (typeof secret === "string") return { isSecret: true, value: encrypt(secret) };
  if (typeof isSecret === "boolean" && typeof value === "string") {
    return { isSecret, value: isSecret ? encrypt(value) : value };
  }
  return Object.fromEntries(Object.entries(document).map(([key, inner]) => [key, sealSecrets(inner)]));
}

/**
 * The shape that the client asked for: clients of `application/vnd.pulumi+9` and later understand
 * `{isSecret, value}`, older ones get a bare string or `{secret}` (version table of pulumi/pulumi's HTTP client).
 */
export function showSecrets(document: Json, accept: string | undefined): Json {
  if (Array.isArray(document)) return document.map((inner) => showSecrets(inner, accept));
  if (!isJsonObject(document)) return document;
  const { isSecret, value } = document;
  if (typeof isSecret === "boolean" && typeof value === "string") {
    if (acceptedVersion(accept) >= 9) return { isSecret, value };
    return isSecret ? { secret: value, ciphertext: value } : value;
  }
  return Object.fromEntries(
    Object.entries(document).map(([key, inner]) => [key, showSecrets(inner, accept)]),
  );
}

function acceptedVersion(accept: string | undefined): number {
  return Number(/application\/vnd\.pulumi\+(\d+)/.exec(accept ?? "")?.[1] ?? 0);
}

/** Ciphertext starts with this, so that sending one back leaves it as it is. */
const ciphertextPrefix = "AAABEmu";

function encrypt(plaintext: string): string {
  if (plaintext.startsWith(ciphertextPrefix)) return plaintext;
  return ciphertextPrefix + randomBytes(24).toString("base64");
}
