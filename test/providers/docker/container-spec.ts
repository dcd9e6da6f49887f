import type Docker from "dockerode";
import type { Properties, Value } from "./shape.ts";

/** The vendor's plugin counts memory in these. */
export const MEBIBYTE = 1024 * 1024;

const NANOSECONDS = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** What the daemon is asked for. */
export function creationOptions(inputs: Properties): Docker.ContainerCreateOptions {
  const volumes = (inputs["volumes"] ?? []) as Record<string, string | boolean | undefined>[];
  const capabilities = (inputs["capabilities"] ?? {}) as { adds?: string[]; drops?: string[] };
  return withoutNothing({
    name: inputs["name"],
    Image: inputs["image"],
    Hostname: inputs["hostname"],
    User: inputs["user"],
    Cmd: inputs["command"],
    Entrypoint: inputs["entrypoints"],
    Env: inputs["envs"],
    WorkingDir: inputs["workingDir"],
    StopSignal: inputs["stopSignal"],
    StopTimeout: inputs["stopTimeout"],
    Labels: labels(inputs["labels"]),
    Healthcheck: healthcheck(inputs["healthcheck"] as Properties | undefined),
    Volumes: Object.fromEntries(
      volumes.filter(({ containerPath }) => containerPath).map(({ containerPath }) => [containerPath, {}]),
    ),
    HostConfig: withoutNothing({
      Binds: volumes
        .filter(({ hostPath, volumeName }) => hostPath || volumeName)
        .map(
          ({ hostPath, volumeName, containerPath, readOnly }) =>
            `${hostPath || volumeName}:${containerPath}:${readOnly ? "ro" : "rw"}`,
        ),
      VolumesFrom: volumes.flatMap(({ fromContainer }) => (fromContainer ? [String(fromContainer)] : [])),
      Mounts: ((inputs["mounts"] ?? []) as Properties[]).map(({ type, source, target, readOnly }) => ({
        Type: type,
        Source: source,
        Target: target,
        ReadOnly: readOnly ?? false,
      })),
      Tmpfs: inputs["tmpfs"],
      ReadonlyRootfs: inputs["readOnly"],
      RestartPolicy: { Name: inputs["restart"] ?? "no" },
      CapAdd: capabilities.adds,
      CapDrop: capabilities.drops,
      SecurityOpt: inputs["securityOpts"],
      GroupAdd: inputs["groupAdds"],
      CgroupParent: inputs["cgroupParent"],
      Memory: inputs["memory"] === undefined ? undefined : Number(inputs["memory"]) * MEBIBYTE,
      MemorySwap: inputs["memorySwap"] === undefined ? undefined : memorySwapBytes(inputs["memorySwap"]),
      NanoCpus: inputs["cpus"] === undefined ? undefined : Math.round(Number(inputs["cpus"]) * 1e9),
      NetworkMode: inputs["networkMode"] ?? "bridge",
      LogConfig: inputs["logDriver"] && { Type: inputs["logDriver"], Config: inputs["logOpts"] ?? {} },
    }),
  }) as Docker.ContainerCreateOptions;
}

/** -1 means no limit, anything else mebibytes. */
export function memorySwapBytes(value: Value): number {
  const swap = Number(value);
  return swap > 0 ? swap * MEBIBYTE : swap;
}

function labels(value: Value | undefined): Record<string, string> {
  const list = (value ?? []) as { label: string; value: string }[];
  return Object.fromEntries(list.map(({ label, value: text }) => [label, text]));
}

function healthcheck(value: Properties | undefined): Docker.HealthConfig | undefined {
  if (!value) return undefined;
  return {
    Test: value["tests"] as string[],
    Interval: nanoseconds(value["interval"]),
    Timeout: nanoseconds(value["timeout"]),
    StartPeriod: nanoseconds(value["startPeriod"]),
    Retries: Number(value["retries"] ?? 0),
  };
}

function nanoseconds(value: Value | undefined): number {
  const parts = [...String(value ?? "0s").matchAll(/([\d.]+)(ms|s|m|h)/g)];
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * NANOSECONDS[unit as keyof typeof NANOSECONDS],
    0,
  );
}

function withoutNothing(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined && value !== null),
  );
}
