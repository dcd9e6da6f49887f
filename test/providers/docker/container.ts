import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { readContainer } from "./container-read.ts";
import { containerShapes } from "./container-shape.ts";
import { creationOptions, MEBIBYTE, memorySwapBytes } from "./container-spec.ts";
import { isGone, type ResourceKind, within } from "./resource-kind.ts";
import type { Properties } from "./shape.ts";
import { tar } from "./tar.ts";

/** `docker:index/container:Container`, in the order of calls of the vendor's plugin. */
export const container: ResourceKind = {
  shapes: containerShapes,
  deleteBeforeReplace: true,
  timeouts: { create: 1200, delete: 1200 },

  async create(connection, inputs, timeout) {
    const { client } = connection;
    await ensureImage(client, String(inputs["image"]));
    const made = await client.createContainer(creationOptions(inputs));
    try {
      await within(timeout, "creating a container", fillAndStart(client, made, inputs));
      return { id: made.id };
    } catch (error) {
      return { id: made.id, failure: (error as Error).message };
    }
  },

  read: readContainer,

  async update({ client }, id, state, inputs) {
    const target = client.getContainer(id);
    if (state["mustRun"] === false && inputs["mustRun"] !== false && inputs["start"] !== false)
      await target.start();
    const changed = ["restart", "memory", "memorySwap"].some((key) => state[key] !== inputs[key]);
    if (!changed) return;
    await target.update({
      RestartPolicy: { Name: inputs["restart"] ?? "no" },
      Memory: Number(inputs["memory"] ?? 0) * MEBIBYTE,
      ...(inputs["memorySwap"] && { MemorySwap: memorySwapBytes(inputs["memorySwap"]) }),
    });
  },

  async delete(connection, id, state, timeout) {
    const target = connection.client.getContainer(id);
    // Without destroyGraceSeconds the vendor's plugin kills at once, whatever the container's own stop timeout is.
    const grace = Number(state["destroyGraceSeconds"] ?? 0);
    await within(timeout, `stopping container ${id}`, ignoringGone(target.stop({ t: grace })));
    await ignoringGone(target.remove({ force: true, v: state["removeVolumes"] !== false }));
  },
};

async function ensureImage(client: Docker, name: string): Promise<void> {
  try {
    await client.getImage(name).inspect();
    return;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  try {
    const stream = await client.pull(name);
    await new Promise((resolve, reject) =>
      client.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output))),
    );
  } catch (error) {
    throw new Error(
      `Unable to create container with image ${name}: unable to pull image ${name}: ${(error as Error).message}`,
    );
  }
}

async function fillAndStart(client: Docker, made: Docker.Container, inputs: Properties): Promise<void> {
  const networks = (inputs["networksAdvanced"] ?? []) as { name: string }[];
  if (networks.length > 0) await leaveDefaultNetwork(client, made);
  for (const { name } of networks) await client.getNetwork(name).connect({ Container: made.id });
  for (const upload of (inputs["uploads"] ?? []) as Properties[]) {
    const mode = upload["permissions"] ?? (upload["executable"] ? "0744" : "0644");
    const file = {
      path: String(upload["file"]),
      content: String(upload["content"] ?? ""),
      mode: Number.parseInt(String(mode), 8),
      owner: Number(upload["owner"] ?? 0),
      group: Number(upload["group"] ?? 0),
    };
    // The daemon refuses this on a read-only root, even for a path on a volume: the archive is for "/".
    await made.putArchive(tar([file]), { path: "/" });
  }
  if (inputs["start"] === false) return;
  await made.start();
  if (inputs["wait"]) await healthy(made, Number(inputs["waitTimeout"] ?? 60));
}

async function leaveDefaultNetwork(client: Docker, made: Docker.Container): Promise<void> {
  try {
    await client.getNetwork("bridge").disconnect({ Container: made.id });
  } catch (error) {
    const { message } = error as Error;
    if (!message.includes("is not connected to the network bridge"))
      throw new Error(`Unable to disconnect the default network: ${message}`);
  }
}

async function healthy(made: Docker.Container, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout * 1000;
  while (Date.now() < deadline) {
    const { State } = await made.inspect();
    if (!State.Health) throw new Error("you have supplied a 'wait' argument, but there is no healthcheck");
    if (State.Health.Status === "healthy") return;
    await sleep(1000);
  }
  throw new Error("container failed to be in healthy state");
}

async function ignoringGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const alreadyStopped =
      typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 304;
    if (!isGone(error) && !alreadyStopped) throw error;
  }
}
