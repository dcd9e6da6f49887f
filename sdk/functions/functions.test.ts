import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { getAgents } from "./get-agents.ts";
import { getDemand, getDemandOutput } from "./get-demand.ts";
import { getRunnerPool, getRunnerPoolOutput } from "./get-runner-pool.ts";
import { getRunnerPools } from "./get-runner-pools.ts";

const controlPlane = { kind: "pulumi-cloud", organization: "acme" } as const;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  pulumi.runtime.setAllConfig(
    {
      "runner-pools:pulumiCloudUrl": emulator.url,
      "runner-pools:pulumiCloudAccessToken": emulatorCredentials.pulumiCloudAccessToken,
    },
    ["runner-pools:pulumiCloudAccessToken"],
  );
  emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "builders" });
});

afterAll(() => emulator?.stop());

it("answers in the program's own process, with the stack's configuration", async () => {
  const pool = await getRunnerPool({ controlPlane, name: "builders" });
  expect(pool).toMatchObject({ name: "builders", id: `pulumi-cloud/acme/${pool.poolId}` });
  expect((await getRunnerPools({ controlPlane })).pools).toEqual([pool]);
});

it("takes arguments that come from resources", async () => {
  const pool = getRunnerPoolOutput({ controlPlane, name: pulumi.output("builders") });
  const { total } = await new Promise<{ total: number }>((resolve) => {
    getDemandOutput({ pool: pool.id }).apply(resolve);
  });
  expect(total).toBe(0);
});

it("says which argument is wrong, without a stack trace", async () => {
  const failed = getRunnerPool({ controlPlane: { ...controlPlane, organization: "a b" }, name: "builders" });
  const error = await failed.catch((thrown: unknown) => thrown);
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(String(error)).toContain(
    "getRunnerPool: controlPlane.organization: must be the organization's name",
  );
});

it("says what the control plane answered, without a stack trace", async () => {
  const failed = getRunnerPool({ controlPlane, name: "typo" });
  const error = await failed.catch((thrown: unknown) => thrown);
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(String(error)).toContain(
    'getRunnerPool: Pulumi Cloud: organization acme has no agent pool named "typo"',
  );
});

describe("the control plane", () => {
  it("is that which the id of a pool names", async () => {
    const { id } = await getRunnerPool({ controlPlane, name: "builders" });
    expect(await getRunnerPool({ pool: id })).toMatchObject({ id, controlPlane });
    await expect(getAgents({ pool: id })).resolves.toMatchObject({ onlineCount: 0 });
    await expect(getDemand({ pool: id })).resolves.toMatchObject({ total: 0 });
  });

  it("comes with its URL with what was found", async () => {
    const { host } = new URL(emulator.url);
    const token = emulatorCredentials.pulumiCloudAccessToken;
    const there = { ...controlPlane, url: `${emulator.url.replace("127.0.0.1", "localhost")}` };
    const credentials = JSON.stringify({
      [`pulumi-cloud@${host.replace("127.0.0.1", "localhost")}`]: { token },
    });
    pulumi.runtime.setConfig("runner-pools:credentials", credentials);
    const pool = await getRunnerPool({ controlPlane: there, name: "builders" });
    expect(pool.controlPlane).toEqual(there);
    const { total } = await new Promise<{ total: number }>((resolve) => {
      getDemandOutput({ pool }).apply(resolve);
    });
    expect(total).toBe(0);
  });

  it("must be given where no pool is, or where its id is the vendor's", async () => {
    await expect(getRunnerPool({ name: "builders" })).rejects.toThrow(
      "getRunnerPool: controlPlane: is required where no pool is given",
    );
    await expect(getAgents({ pool: "1" })).rejects.toThrow('getAgents: controlPlane: is required here: "1"');
  });

  it("must be that of the pool", async () => {
    const args = { controlPlane, pool: "hcp-terraform/acme/apool-1" };
    await expect(getAgents(args)).rejects.toThrow(
      "controlPlane: is Pulumi Cloud, but the pool is one of HCP",
    );
  });
});
