import { existsSync, readFileSync } from "node:fs";
import type { PropertyMap } from "../deployment.ts";
import type { ConfigValue } from "../engine.ts";
import { asSecret } from "./property-values.ts";
import type { Secrets } from "./secrets.ts";
import { writeFileAtomically } from "./state-file.ts";

interface ConfigFile {
  encryptionsalt: string;
  config: Record<string, string | { secure: string }>;
}

/** The configuration of a stack, kept in a file beside its state: the words are those of the CLI's `Pulumi.<stack>.yaml`. */
export class StackConfig {
  private readonly file: string;
  private readonly project: string;
  private readonly secrets: Secrets;
  private readonly values: Map<string, { value: string; secret: boolean }>;

  constructor(file: string, project: string, secrets: Secrets) {
    this.file = file;
    this.project = project;
    this.secrets = secrets;
    this.values = new Map();
    const config = existsSync(file) ? readConfigFile(file).config : {};
    for (const [key, value] of Object.entries(config)) {
      const isPlain = typeof value === "string";
      this.values.set(key, { value: isPlain ? value : secrets.decrypt(value.secure), secret: !isPlain });
    }
  }

  /** Sets a value; a key without a namespace belongs to the project. */
  set(key: string, value: ConfigValue): void {
    this.setAll({ [key]: value });
  }

  /** Sets several values with one write. */
  setAll(values: Readonly<Record<string, ConfigValue>>): void {
    for (const [key, value] of Object.entries(values)) {
      this.put(key, value);
    }
    this.save();
  }

  private put(key: string, value: ConfigValue): void {
    const full = key.includes(":") ? key : `${this.project}:${key}`;
    this.values.set(full, typeof value === "string" ? { value, secret: false } : value);
  }

  /** Writes the file, also for a stack without any values: it holds the salt. */
  save(): void {
    const config = [...this.values].map(([key, { value, secret }]) => [
      key,
      secret ? { secure: this.secrets.encrypt(value) } : value,
    ]);
    const file = { encryptionsalt: this.secrets.salt, config: Object.fromEntries(config) };
    writeFileAtomically(this.file, JSON.stringify(file, undefined, 2));
  }

  /** All values as a program gets them, and which of them are secret. */
  forProgram(): { values: Record<string, string>; secretKeys: string[] } {
    const values = Object.fromEntries([...this.values].map(([key, { value }]) => [key, value]));
    const secretKeys = [...this.values].filter(([, { secret }]) => secret).map(([key]) => key);
    return { values, secretKeys };
  }

  /** The inputs of a package's default provider: its namespace, or everything for the host of dynamic providers. */
  forProvider(packageName: string): PropertyMap {
    const isDynamic = packageName === "pulumi-nodejs" || packageName === "pulumi-python";
    const inputs: PropertyMap = {};
    for (const [key, { value, secret }] of this.values) {
      const [namespace, ...rest] = key.split(":");
      if (isDynamic || namespace === packageName) {
        inputs[isDynamic ? key : rest.join(":")] = secret ? asSecret(value) : value;
      }
    }
    return inputs;
  }
}

/** The salt of an existing stack. */
export function readSalt(file: string): string | undefined {
  return existsSync(file) ? readConfigFile(file).encryptionsalt : undefined;
}

function readConfigFile(file: string): ConfigFile {
  return JSON.parse(readFileSync(file, "utf8")) as ConfigFile;
}
