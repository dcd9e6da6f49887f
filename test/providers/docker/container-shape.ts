import type { Shapes } from "./shape.ts";

const string = { kind: "string" } as const;
const strings = { kind: "set" } as const;
const flag = { kind: "boolean" } as const;

/**
 * Properties of `docker:index/container:Container` that the fleets use, as the vendor's plugin 5.2 has them. Source:
 * kreuzwerker/terraform-provider-docker v4.5.0, `internal/provider/resource_docker_container.go`.
 */
export const containerShapes: Shapes = {
  attach: { ...flag, default: false },
  capabilities: { kind: "object", replaces: true, properties: { adds: strings, drops: strings } },
  cgroupParent: { ...string, replaces: true },
  command: { kind: "list", replaces: true, computed: true },
  containerReadRefreshTimeoutMilliseconds: { kind: "integer", default: 15_000 },
  cpus: { ...string, replaces: true },
  destroyGraceSeconds: { kind: "integer" },
  entrypoints: { kind: "list", replaces: true, computed: true },
  envs: { ...strings, replaces: true, computed: true },
  groupAdds: { ...strings, replaces: true },
  healthcheck: {
    kind: "object",
    computed: true,
    properties: {
      interval: { ...string, default: "0s" },
      retries: { kind: "integer" },
      startInterval: { ...string, default: "0s" },
      startPeriod: { ...string, default: "0s" },
      tests: { kind: "list" },
      timeout: { ...string, default: "0s" },
    },
  },
  hostname: { ...string, replaces: true, computed: true },
  image: { ...string, replaces: true },
  labels: { ...strings, replaces: true, computed: true, properties: { label: string, value: string } },
  logDriver: { ...string, replaces: true, computed: true },
  logOpts: { kind: "map", replaces: true },
  logs: { ...flag, default: false },
  memory: { kind: "integer" },
  memorySwap: { kind: "integer" },
  mounts: {
    ...strings,
    replaces: true,
    properties: { readOnly: flag, source: string, target: string, type: string },
  },
  mustRun: { ...flag, default: true },
  name: { ...string, replaces: true },
  networkMode: { ...string, replaces: true, default: "bridge" },
  networksAdvanced: { ...strings, replaces: true, properties: { aliases: strings, name: string } },
  readOnly: { ...flag, replaces: true, default: false },
  removeVolumes: { ...flag, default: true },
  restart: { ...string, default: "no" },
  rm: { ...flag, default: false },
  securityOpts: { ...strings, replaces: true, computed: true },
  start: { ...flag, default: true },
  stopSignal: { ...string, replaces: true, computed: true },
  stopTimeout: { kind: "integer", replaces: true, computed: true },
  tmpfs: { kind: "map" },
  uploads: {
    ...strings,
    replaces: true,
    properties: {
      content: string,
      executable: { ...flag, default: false },
      file: string,
      group: string,
      owner: string,
      permissions: string,
    },
  },
  user: { ...string, replaces: true, computed: true },
  volumes: {
    ...strings,
    replaces: true,
    properties: {
      containerPath: string,
      fromContainer: string,
      hostPath: string,
      readOnly: flag,
      volumeName: string,
    },
  },
  wait: { ...flag, default: false },
  waitTimeout: { kind: "integer", default: 60 },
  workingDir: { ...string, replaces: true, computed: true },
};
