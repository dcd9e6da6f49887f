import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { emptyFolder } from "./start-agent.ts";

/** A container as it was asked for; its program runs as a process of this machine. */
export interface FakeContainer {
  id: string;
  name: string;
  image: string;
  binds: string[];
  command: string[];
  process?: ChildProcess;
  isRemoved: boolean;
}

/**
 * A socket that answers the few calls with which the workflow agent's stand-in runs a job, for machines without a Docker
 * daemon. It isolates nothing: paths inside and outside are the same because there is no inside.
 */
export class FakeDockerDaemon {
  /** Path of the socket. */
  readonly socket = join(emptyFolder(), "docker.sock");
  readonly containers: FakeContainer[] = [];
  #server = createServer((message, response) => {
    this.#answer(message, response).catch(() => response.destroy());
  });

  async start(): Promise<this> {
    this.#server.listen(this.socket);
    await once(this.#server, "listening");
    return this;
  }

  async stop(): Promise<void> {
    for (const { process } of this.containers) process?.kill("SIGKILL");
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? "/", "http://docker");
    const [, id = "", action = ""] = /^\/containers\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const body = await readJson(message);
    if (url.pathname === "/_ping") return reply(response, 200, "OK");
    if (url.pathname === "/images/create") return reply(response, 500, { message: "there is no registry" });
    if (id === "create") {
      const container = containerFrom(url.searchParams.get("name") ?? "", body, this.containers.length);
      this.containers.push(container);
      return reply(response, 201, { Id: container.id, Warnings: [] });
    }
    const container = this.containers.find((known) => known.id === id);
    if (container === undefined) return reply(response, 404, { message: `No such container: ${id}` });
    if (action === "start") {
      const [program = "", ...parameters] = container.command;
      container.process = spawn(program, parameters, { stdio: "ignore" });
      return reply(response, 204);
    }
    if (action === "wait") {
      const { process } = container;
      if (process?.exitCode === null && process.signalCode === null) await once(process, "close");
      return reply(response, 200, { StatusCode: process?.exitCode ?? 137 });
    }
    container.process?.kill("SIGKILL");
    container.isRemoved = true;
    return reply(response, 204);
  }
}

interface CreateBody {
  Image?: string;
  Entrypoint?: string[];
  Cmd?: string[];
  HostConfig?: { Binds?: string[] };
}

function containerFrom(name: string, body: CreateBody, index: number): FakeContainer {
  return {
    id: `container${index}`,
    name,
    image: body.Image ?? "",
    binds: body.HostConfig?.Binds ?? [],
    command: [...(body.Entrypoint ?? []), ...(body.Cmd ?? [])],
    isRemoved: false,
  };
}

async function readJson(message: IncomingMessage): Promise<CreateBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as CreateBody);
}

function reply(response: ServerResponse, status: number, body?: object | string): void {
  response.writeHead(status);
  response.end(typeof body === "object" ? JSON.stringify(body) : body);
}
