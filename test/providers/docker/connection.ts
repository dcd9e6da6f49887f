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
  const secure = cert !== undefined;
  const port = Number(url.port || (secure ? 2376 : 2375));
  return {
    protocol: secure ? "https" : "http",
    host: url.hostname,
    port,
    ...(secure && { ca: String(ca), cert: String(cert), key: String(key) }),
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
    this.arguments = [...options, ...user, ...port, "--", url.hostname, "docker", "system", "dial-stdio"];
  }

  override createConnection(): Duplex {
    const child = spawn("ssh", this.arguments, { stdio: ["pipe", "pipe", "pipe"] });
    const connection = Duplex.from({ readable: child.stdout, writable: child.stdin });
    let said = "";
    child.stderr.on("data", (data) => {
      said += data;
    });
    child.on("error", (error) => connection.destroy(error));
    child.on("exit", (code) => {
      if (code !== 0) connection.destroy(new Error(`ssh ended with code ${code}: ${said.trim()}`));
    });
    return Object.assign(connection, {
      setKeepAlive: () => connection,
      setNoDelay: () => connection,
      setTimeout: () => connection,
      ref: () => connection,
      unref: () => connection,
    });
  }
}
