import { readFileSync } from "node:fs";
import { type EmulatorOptions, startEmulator } from "./emulator";
import { emulatorEnvironment } from "./environment";
import { type Seed, seedSchema } from "./seed";

/** What `pulumi-runner-pools emulator` takes. */
export interface EmulatorCommandOptions {
  port: number;
  host?: string;
  /** Path of a PEM certificate; with `tlsKey` the port also speaks TLS. */
  tlsCert?: string;
  /** Path of the certificate's PEM key. */
  tlsKey?: string;
  /** Path of a JSON seed in place of the default one. */
  seedFile?: string;
  /** Where to print. @default process.stdout */
  output?: { write: (text: string) => unknown };
  /** Ends it too. */
  signal?: AbortSignal;
}

/** Runs an emulator until SIGINT or SIGTERM, after printing where it is and how to use it. */
export async function runEmulatorCommand(options: EmulatorCommandOptions): Promise<void> {
  const { output = process.stdout, port, host, tlsCert, tlsKey, seedFile, signal } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Error("TLS needs both a certificate and its key");
  }
  const settings: EmulatorOptions = {
    port,
    ...(host !== undefined && { host }),
    ...(tlsCert !== undefined &&
      tlsKey !== undefined && { tls: { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) } }),
    ...(seedFile !== undefined && { seed: readSeed(seedFile) }),
  };
  const emulator = await startEmulator(settings);
  output.write(instructions(emulator.url, emulator.secureUrl, seedFile));
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
    signal?.addEventListener("abort", () => resolve());
  });
  await emulator.stop();
}

function readSeed(path: string): Seed {
  const result = seedSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`seed file ${path} is not valid: ${problems.join("; ")}`);
}

function instructions(url: string, secureUrl: string | undefined, seedFile: string | undefined): string {
  const lines = [
    `Emulating Pulumi Cloud, HCP Terraform and env zero at ${url}${secureUrl ? ` and ${secureUrl}` : ""}.`,
    "Nothing is kept when it stops.",
  ];
  if (seedFile === undefined) {
    const variables = Object.entries(emulatorEnvironment(url));
    lines.push("", "To use it from another shell:", "");
    lines.push(...variables.map(([name, value]) => `  export ${name}=${value}`));
  } else {
    lines.push(`Organizations and credentials are those of ${seedFile}.`);
  }
  lines.push(
    "",
    `Faults, interposed commands, queued work and the journal: POST ${url}/_emulator/<command>, for example`,
    `  curl ${url}/_emulator/addFault -d '{"kind":"status-after","method":"POST","status":502,"times":1}'`,
    "Stop it with Ctrl-C.",
    "",
  );
  return `${lines.join("\n")}\n`;
}
