import * as pulumi from "@pulumi/pulumi";
import {
  type ControlPlaneArgs,
  RotatingPoolToken,
  RunnerPool,
  StackPoolAssignment,
} from "pulumi-runner-pools";
import { DockerFleet } from "pulumi-runner-pools/docker";

const config = new pulumi.Config();

// Credentials come from the environment: TFE_TOKEN, see the README.
const controlPlane: ControlPlaneArgs = {
  kind: "hcp-terraform",
  organization: config.get("organization") ?? "acme",
  url: config.get("url"),
};

const pool = new RunnerPool("builders", { controlPlane });

// `pulumi config set tokenGeneration 2` makes a new token. Agents move to it one by one, each after its run; the token
// before stays valid until the next rotation.
const token = new RotatingPoolToken("builders", {
  pool,
  generation: config.getNumber("tokenGeneration") ?? 1,
});

const fleet = new DockerFleet("builders", {
  pool,
  token: token.value,
  agent: { kind: "hcp-terraform", version: "1.30.2" },
  // `pulumi config set --path hosts[0].address ssh://fleet@edge.acme.example`
  hosts: config.getObject<{ name: string; address: string }[]>("hosts"),
  replicas: config.getNumber("replicas") ?? 2,
  hostNetwork: config.getBoolean("hostNetwork") ?? false,
  // The longest apply that must survive a change of the fleet.
  drainTimeoutSeconds: 3600,
  limits: { memoryMegabytes: 2048 },
});

// Only once agents are there: until then the workspace stays where it is.
new StackPoolAssignment(
  "network-prod",
  { pool, target: { workspace: "network-prod" } },
  { dependsOn: fleet },
);

export const agents = fleet.containerNames;
