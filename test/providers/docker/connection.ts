import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";
import Docker from "dockerode";
import type { Properties } from "./shape.ts";

/** Configuration of the provider that is understood, by the vendor's names. */
const KNOWN = new Set(["host", "caMaterial", "certMaterial", "keyMaterial", "sshOpts", "version"]);

/** What is wrong with a configuration, by property. */
export function configurationFailures(configuration: Properties): [property: string, reason: string][] {
  return Object.keys(configuration)
    .filter((key) => !KNOWN.has(key) && !key.startsWith("__"))
    .map((key) => [key, `the stand-in of pulumi-resource-docker knows no setting ${key}`]);
}

/** A client of the daemon that a provider is configured for, and the daemon's address for messages. */
export interface Connection {
  readonly client: Docker;
  readonly host: string;
}

/** What the vendor's plugin says of a daemon that does not answer while it is configured. It does not try over SSH. */
export async function refuseUnreachable(configuration: Properties): Promise<void> {
  if (hostOf(configuration).startsWith("ssh:")) return;
  await connect(configuration).catch(() => {
    throw new Error(
      "docker native provider returned an unexpected error from Configure: failed to connect to any docker daemon",
    );
  });
}

/** Connects as the vendor's plugin does, and makes sure that the daemon answers. */
export async function connect(configuration: Properties): Promise<Connection> {
  const host = hostOf(configuration);
  const client = new Docker(optionsFor(host, configuration));
  try {
    await client.ping();
  } catch (error) {
    throw new Error(
      `failed to create Docker client: Error pinging Docker server, please make sure that ${host} is reachable and has a  '_ping' endpoint. Error: ${(error as Error).message}`,
    );
  }
  return { client, host };
}

function hostOf(configuration: Properties): string {
  return String(configuration["host"] ?? process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock");
}

function optionsFor(host: string, configuration: Properties): Docker.DockerOptions {
  const url = new URL(host);
  if (url.protocol === "unix:") return { socketPath: url.pathname };
  if (url.protocol === "ssh:") {
    const agent = new SshAgent(url, list(configuration["sshOpts"]));
    // docker-modem hands the agent of this option on to the request.
    return { protocol: "http", host: "docker", port: 80, agent } as Docker.DockerOptions;
  }
  if (url.protocol !== "tcp:") throw new Error(`the stand-in knows no address like ${host}`);
  const [ca, cert, key] = ["caMaterial", "certMaterial", "keyMaterial"].map((name) => configuration[name]);
  // As in the vendor's plugin, an authority alone means nothing, and without one the daemon's certificate is not checked.
  const secure = cert !== undefined;
  const port = Number(url.port || (secure ? 2376 : 2375));
  return {
    protocol: secure ? "https" : "http",
    host: url.hostname,
    port,
    ...(secure && { cert: String(cert), key: String(key) }),
    ...(secure && (ca === undefined ? { rejectUnauthorized: false } : { ca: String(ca) })),
  };
}

function list(value: unknown): string[] {
  if (typeof value === "string") return JSON.parse(value) as string[];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Reaches a daemon as Docker's own client does over SSH: the other side's `docker system dial-stdio` is the connection. */
class SshAgent extends Agent {
  private readonly arguments: string[];

  constructor(url: URL, options: string[]) {
    super();
    const port = url.port ? ["-p", url.port] : [];
    const user = url.username ? ["-l", url.username] : [];
    const timeout = options.join("").includes("ConnectTimeout") ? [] : ["-o", "ConnectTimeout=30"];
    const socket = url.pathname.replaceAll("/", "") === "" ? [] : [`--host=unix://${url.pathname}`];
    const command = ["docker", ...socket, "system", "dial-stdio"];
    this.arguments = [...options, ...timeout, "-T", ...user, ...port, "--", url.hostname, ...command];
  }

  override createConnection(): Duplex {
    const child = spawn("ssh", this.arguments, { stdio: ["pipe", "pipe", "pipe"] });
    const connection = new Duplex({
      read: () => child.stdout.resume(),
      // A command that has ended takes no more; why it ended is known when all that it said was read.
      write: (chunk, _encoding, done) => child.stdin.write(chunk, () => done()),
      final: (done) => child.stdin.end(() => done()),
      destroy(error, done) {
        child.kill();
        done(error);
      },
    });
    let said = "";
    child.stdin.on("error", () => {});
    child.stdout.on("data", (data) => connection.push(data) || child.stdout.pause());
    child.stderr.on("data", (data) => {
      said += data;
    });
    child.on("error", (error) => connection.destroy(error));
    child.on("close", (code) => {
      if (code === 0) connection.push(null);
      else connection.destroy(new Error(this.failure(code, said.trim())));
    });
    return Object.assign(connection, {
      setKeepAlive: () => connection,
      setNoDelay: () => connection,
      setTimeout: () => connection,
      ref: () => connection,
      unref: () => connection,
    });
  }

  /** In the words of Docker's client. */
  private failure(code: number | null, said: string): string {
    return `command [ssh ${this.arguments.join(" ")}] has exited with exit status ${code}, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=${said}`;
  }
}
