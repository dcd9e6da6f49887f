import * as pulumi from "@pulumi/pulumi";
import { type ControlPlaneArgs, PoolToken, RunnerPool, StackPoolAssignment } from "pulumi-runner-pools";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";
const planes = config.getObject<string[]>("planes") ?? ["pulumi-cloud", "env-zero", "hcp-terraform"];
const poolName = config.get("poolName") ?? "builders";

// Each plane needs its credentials in the environment: see the README.
const url = config.get("url");
const on = (kind: "pulumi-cloud" | "env-zero" | "hcp-terraform"): ControlPlaneArgs => ({
  kind,
  organization,
  url,
});

export const tokens: Record<string, pulumi.Output<string | undefined>> = {};

if (planes.includes("pulumi-cloud")) {
  const controlPlane = on("pulumi-cloud");
  const pool = new RunnerPool("pulumi-cloud", {
    controlPlane,
    name: poolName,
    description: "Deployments inside our network",
  });
  const token = new PoolToken("pulumi-cloud", { pool });
  new StackPoolAssignment("network-prod", { pool, target: { stack: "network/prod" } });
  tokens["pulumiCloud"] = token.value;
}

if (planes.includes("env-zero")) {
  const controlPlane = on("env-zero");
  const pool = new RunnerPool("env-zero", {
    controlPlane,
    name: poolName,
    description: "Deployments inside our network",
  });
  const token = new PoolToken("env-zero", { pool });
  new StackPoolAssignment("network-project", {
    pool,
    target: { project: config.require("envZeroProject") },
  });
  tokens["envZero"] = token.value;
}

if (planes.includes("hcp-terraform")) {
  const controlPlane = on("hcp-terraform");
  const pool = new RunnerPool("hcp-terraform", { controlPlane, name: poolName });
  const token = new PoolToken("hcp-terraform", { pool });
  new StackPoolAssignment("network-workspace", {
    pool,
    target: { workspace: "network-prod" },
  });
  tokens["hcpTerraform"] = token.value;
}
