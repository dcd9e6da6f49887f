import * as pulumi from "@pulumi/pulumi";
import {
  type ControlPlaneArgs,
  RotatingPoolToken,
  RunnerPool,
  StackPoolAssignment,
} from "pulumi-runner-pools";
import { DockerFleet } from "pulumi-runner-pools/docker";

const config = new pulumi.Config();

// Credentials come from the environment: ENV0_API_KEY and ENV0_API_SECRET, see the README.
const controlPlane: ControlPlaneArgs = {
  kind: "env-zero",
  organization: config.get("organization") ?? "acme",
  url: config.get("url"),
};

const pool = new RunnerPool("builders", { controlPlane });

// env zero has room for two tokens in a pool: this generation's and the one before.
const token = new RotatingPoolToken("builders", {
  pool,
  generation: config.getNumber("tokenGeneration") ?? 1,
});

const fleet = new DockerFleet("builders", {
  pool,
  token: token.value,
  agent: {
    kind: "env-zero",
    version: "5.2.2",
    // `pulumi config set --secret stateEncryptionKey $(openssl rand -base64 32)`, and keep it: state is lost without it.
    envZero: { stateEncryptionKey: config.requireSecret("stateEncryptionKey") },
  },
  hosts: config.getObject<{ name: string; address: string }[]>("hosts"),
  replicas: config.getNumber("replicas") ?? 2,
  hostNetwork: config.getBoolean("hostNetwork") ?? false,
  drainTimeoutSeconds: 3600,
});

new StackPoolAssignment(
  "network",
  { pool, target: { project: config.require("project") } },
  { dependsOn: fleet },
);

export const agents = fleet.containerNames;
