import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A random UUID: ids of Pulumi Cloud and env zero. */
export function newUuid(): string {
  return randomUUID();
}

/** An id of HCP Terraform: a prefix and 16 base58 characters, e.g. `apool-…`, `ws-…`. */
export function newHcpTerraformId(prefix: string): string {
  return `${prefix}-${randomText(base58, 16)}`;
}

/** An access token as Pulumi Cloud writes them: `pul-` and 40 hexadecimal digits. */
export function newPulumiToken(): string {
  return `pul-${randomBytes(20).toString("hex")}`;
}

/** A token as HCP Terraform writes them: `<14 characters>.atlasv1.<67 characters>`. */
export function newHcpTerraformToken(): string {
  return `${randomText(alphanumeric, 14)}.atlasv1.${randomText(alphanumeric, 67)}`;
}

/**
 * An agent secret of env zero.
 * GUESS: the API's field holds the whole `env0agent_<secret id>_<value>` that the Helm chart's test values show.
 */
export function newEnvZeroAgentSecret(secretId: string): string {
  return `env0agent_${secretId}_${randomText(alphanumeric, 32)}`;
}

/** What the emulator keeps of a secret, so that no snapshot can ever show one. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}
