import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { redact } from "../../control-planes/http/redact";
import { packageRoot } from "../../package-root";
import { asItIs, paths } from "./protocol";

/** How much of what the process says on standard error is kept for a failure message. Characters. */
const keptErrorOutput = 2_000;

/**
 * The components, in a process of their own that Pulumi's SDK serves: its program model keeps one deployment per process,
 * and a program without components need not load the SDKs that they use. Started by the first request. The process ends
 * when its standard input does, which the system closes when this process dies, however it dies.
 */
export class ComponentProcess {
  private readonly engineAddress: string | undefined;
  private client: Promise<Client> | undefined;

  constructor(engineAddress: string | undefined) {
    this.engineAddress = engineAddress;
  }

  /** Passes the request of that method on as it is, and the answer back as it is. */
  async pass(method: "construct" | "call", request: Buffer): Promise<Buffer> {
    const client = await this.connect();
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(paths[method], asItIs, asItIs, request, (error, response) =>
        error ? reject(clean(error)) : resolve(response ?? Buffer.alloc(0)),
      );
    });
  }

  private connect(): Promise<Client> {
    this.client ??= this.start();
    return this.client;
  }

  private async start(): Promise<Client> {
    const child = spawn(
      process.execPath,
      [componentsEntry(), ...(this.engineAddress ? [this.engineAddress] : [])],
      { stdio: ["pipe", "pipe", "pipe"] },
    );
    // The next request after an end starts another process.
    child.once("exit", () => {
      this.client = undefined;
    });
    // Writing to a process that has ended is no failure of ours.
    child.stdin.on("error", () => undefined);
    const port = await firstLine(child);
    return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
  }
}

/** The components are not bundled with the plugin: they share the SDKs of the package's folder with each other. */
function componentsEntry(): string {
  return join(packageRoot(), "dist/provider/adapters/plugin/components-main.js");
}

/** The port, which is the first line that a plugin prints. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-keptErrorOutput);
    });
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(
        new Error(
          `the process of the runner-pools components ended before it was ready (${signal ?? `exit code ${code}`})${errors ? `: ${redact(errors.trim())}` : ""}.`,
        ),
      ),
    );
  });
}

/** The same error with its structured details, without secrets in its text. */
function clean(error: ServiceError): Pick<ServiceError, "code" | "details" | "metadata"> {
  return { code: error.code, details: redact(error.details), metadata: error.metadata };
}
