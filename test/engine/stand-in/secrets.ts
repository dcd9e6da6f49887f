import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import type { PropertyMap, PropertyValue } from "../deployment.ts";
import { isObject, isSecret, mapValues, SECRET_SIGNATURE, SIGNATURE_KEY } from "./property-values.ts";

const TAG_BYTES = 16;
/** As the CLI's passphrase provider does it (`sdk/go/common/resource/config/crypt.go`). */
const ITERATIONS = 1_000_000;
const CHECK_TEXT = "pulumi";

/** Keys by salt and passphrase: deriving one takes most of a second, and a test run makes many stacks. */
const derivedKeys = new Map<string, Buffer>();
let saltOfThisProcess: Buffer | undefined;

/** Encrypts and decrypts the secrets of one stack as the CLI's passphrase provider does. */
export class Secrets {
  /** What goes into state as `secrets_providers.state.salt` and into the stack's settings as `encryptionsalt`. */
  readonly salt: string;
  private readonly key: Buffer;
  /** The same plaintext keeps its ciphertext, so that writing state again changes nothing that did not change. */
  private readonly ciphertexts = new Map<string, string>();

  private constructor(key: Buffer, salt: string) {
    this.key = key;
    this.salt = salt;
  }

  /** Secrets for a new stack. */
  static create(passphrase: string): Secrets {
    saltOfThisProcess ??= randomBytes(8);
    const key = deriveKey(passphrase, saltOfThisProcess);
    return new Secrets(key, `v1:${saltOfThisProcess.toString("base64")}:${encrypt(CHECK_TEXT, key)}`);
  }

  /** The secrets of an existing stack; throws when the passphrase is not the one that they were made with. */
  static open(passphrase: string, salt: string): Secrets {
    const [version, encodedSalt, ...check] = salt.split(":");
    if (version !== "v1" || encodedSalt === undefined || check.length !== 3) {
      throw new Error(
        `Reading the stack's secrets: the salt '${salt}' is not of the form v1:<salt>:v1:<nonce>:<text>`,
      );
    }
    const key = deriveKey(passphrase, Buffer.from(encodedSalt, "base64"));
    try {
      if (decrypt(check.join(":"), key) === CHECK_TEXT) {
        return new Secrets(key, salt);
      }
    } catch {
      // A wrong key fails the authentication of the text: the same as a wrong text.
    }
    throw new Error(
      "Reading the stack's secrets: incorrect passphrase; give the one the stack was made with",
    );
  }

  encrypt(plaintext: string): string {
    const known = this.ciphertexts.get(plaintext);
    if (known !== undefined) {
      return known;
    }
    const ciphertext = encrypt(plaintext, this.key);
    this.ciphertexts.set(plaintext, ciphertext);
    return ciphertext;
  }

  decrypt(ciphertext: string): string {
    const plaintext = decrypt(ciphertext, this.key);
    this.ciphertexts.set(plaintext, ciphertext);
    return plaintext;
  }

  /** Properties as they are kept: each secret is the ciphertext of its JSON. */
  encryptProperties(properties: PropertyMap): PropertyMap {
    return mapValues(properties, (value) => this.encryptValue(value));
  }

  /** Properties as they are worked with: each secret holds its plain value. */
  decryptProperties(properties: PropertyMap): PropertyMap {
    return mapValues(properties, (value) => this.decryptValue(value));
  }

  private encryptValue(value: PropertyValue): PropertyValue {
    if (isSecret(value)) {
      const ciphertext = this.encrypt(JSON.stringify(value["value"] ?? null));
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext };
    }
    return mapChildren(value, (child) => this.encryptValue(child));
  }

  private decryptValue(value: PropertyValue): PropertyValue {
    if (isSecret(value)) {
      const { ciphertext, plaintext } = value;
      const json = typeof plaintext === "string" ? plaintext : this.decrypt(String(ciphertext));
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: JSON.parse(json) };
    }
    return mapChildren(value, (child) => this.decryptValue(child));
  }
}

function mapChildren(value: PropertyValue, change: (child: PropertyValue) => PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    return value.map(change);
  }
  return isObject(value) ? mapValues(value, change) : value;
}

function deriveKey(passphrase: string, salt: Buffer): Buffer {
  const name = `${salt.toString("hex")}:${passphrase}`;
  const known = derivedKeys.get(name);
  const key = known ?? pbkdf2Sync(passphrase, salt, ITERATIONS, 32, "sha256");
  derivedKeys.set(name, key);
  return key;
}

function encrypt(plaintext: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${text.toString("base64")}`;
}

function decrypt(ciphertext: string, key: Buffer): string {
  const [version, nonce, text] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || text === undefined) {
    throw new Error("Decrypting a secret: it is not of the form v1:<nonce>:<text>");
  }
  const bytes = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  return Buffer.concat([
    decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)),
    decipher.final(),
  ]).toString("utf8");
}
