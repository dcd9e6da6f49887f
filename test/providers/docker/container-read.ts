import type { Connection } from "./connection.ts";
import { MEBIBYTE } from "./container-spec.ts";
import { isGone } from "./resource-kind.ts";
import type { Properties, Value } from "./shape.ts";

/**
 * A container as the daemon has it, in the vendor's form. What the vendor's plugin does not read back (environment,
 * labels, volumes, uploads and its own settings) stays as it is known.
 */
export async function readContainer(
  { client }: Connection,
  id: string,
  known: Properties,
): Promise<Properties | undefined> {
  try {
    const now = await client.getContainer(id).inspect();
    const { Config, HostConfig, State } = now;
    // Neither the daemon's older versions nor its client's types have everything that the plugin reads.
    const host = HostConfig as unknown as Record<string, Value>;
    const config = Config as unknown as Record<string, Value>;
    const image = String(known["image"] ?? "").startsWith("sha256:") ? now.Image : Config.Image;
    return withoutNothing({
      ...known,
      name: now.Name.replace(/^\//, ""),
      image,
      hostname: Config.Hostname,
      command: config["Cmd"],
      entrypoints: config["Entrypoint"],
      user: Config.User,
      workingDir: Config.WorkingDir,
      readOnly: HostConfig.ReadonlyRootfs,
      restart: HostConfig.RestartPolicy?.Name,
      securityOpts: host["SecurityOpt"],
      capabilities: capabilities(host["CapAdd"], host["CapDrop"]),
      mounts: mounts(host["Mounts"]),
      tmpfs: host["Tmpfs"],
      groupAdds: host["GroupAdd"],
      memory: (HostConfig.Memory ?? 0) / MEBIBYTE,
      memorySwap: memorySwap(HostConfig.MemorySwap ?? 0),
      cpus: HostConfig.NanoCpus ? String(HostConfig.NanoCpus / 1e9) : undefined,
      logDriver: HostConfig.LogConfig?.Type,
      logOpts: known["logOpts"] ? (HostConfig.LogConfig?.Config as Value) : undefined,
      networkMode: HostConfig.NetworkMode,
      healthcheck: healthcheck(config["Healthcheck"] as Properties | undefined),
      stopSignal: config["StopSignal"],
      stopTimeout: config["StopTimeout"],
      // Whoever wants it running learns this way that it is not.
      mustRun: State.Running ? known["mustRun"] : false,
      exitCode: State.Running ? undefined : State.ExitCode,
    });
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function capabilities(adds: Value | undefined, drops: Value | undefined): Value | undefined {
  return adds || drops ? { adds: adds ?? [], drops: drops ?? [] } : undefined;
}

function mounts(value: Value | undefined): Value {
  return ((value ?? []) as Record<string, Value>[]).map((mount) => ({
    type: mount["Type"] ?? "",
    source: mount["Source"] ?? "",
    target: mount["Target"] ?? "",
    readOnly: mount["ReadOnly"] ?? false,
  }));
}

function memorySwap(bytes: number): number {
  return bytes > 0 ? bytes / MEBIBYTE : bytes;
}

function healthcheck(value: Properties | undefined): Value | undefined {
  if (!value) return undefined;
  return {
    tests: value["Test"] ?? [],
    interval: duration(Number(value["Interval"] ?? 0)),
    timeout: duration(Number(value["Timeout"] ?? 0)),
    startPeriod: duration(Number(value["StartPeriod"] ?? 0)),
    startInterval: duration(Number(value["StartInterval"] ?? 0)),
    retries: value["Retries"] ?? 0,
  };
}

/** As Go writes durations: `1m30s`. */
function duration(nanoseconds: number): string {
  const seconds = nanoseconds / 1e9;
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

function withoutNothing(object: Record<string, Value | undefined>): Properties {
  return Object.fromEntries(
    Object.entries(object).filter(
      (entry): entry is [string, Value] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}
