import * as pulumi from "@pulumi/pulumi";
import { type ControlPlaneArgs, PoolToken, RunnerPool, StackPoolAssignment } from "pulumi-runner-pools";
import { DockerFleet } from "pulumi-runner-pools/docker";

const config = new pulumi.Config();

// Credentials come from the environment: PULUMI_ACCESS_TOKEN, see the README.
const controlPlane: ControlPlaneArgs = {
  kind: "pulumi-cloud",
  organization: config.get("organization") ?? "acme",
  url: config.get("url"),
};

const pool = new RunnerPool("builders", { controlPlane });
const token = new PoolToken("builders", { pool });

// Each job is a container of its own beside its agent: agents get the host's Docker socket, so a host serves one pool
// of one trust level.
const fleet = new DockerFleet("builders", {
  pool,
  token: token.value,
  agent: { kind: "pulumi-cloud", version: "v2.3.0", pulumiCloud: { pollingIntervalSeconds: 10 } },
  hosts: config.getObject<{ name: string; address: string }[]>("hosts"),
  replicas: config.getNumber("replicas") ?? 2,
  hostNetwork: config.getBoolean("hostNetwork") ?? false,
  dockerSocket: config.get("dockerSocket"),
  healthPort: config.getNumber("healthPort"),
  drainTimeoutSeconds: 3600,
});

// Only once agents are there: until then the stack stays where it is.
new StackPoolAssignment("network-prod", { pool, target: { stack: "network/prod" } }, { dependsOn: fleet });

export const agents = fleet.containerNames;
