import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emulatorCredentials } from "../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { getDemandOutput } from "./get-demand.ts";
import { getRunnerPool, getRunnerPoolOutput } from "./get-runner-pool.ts";
import { getRunnerPools } from "./get-runner-pools.ts";

const controlPlane = { kind: "pulumi-cloud", organization: "acme" } as const;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  pulumi.runtime.setAllConfig(
    {
      "runner-pools:pulumiUrl": emulator.url,
      "runner-pools:pulumiAccessToken": emulatorCredentials.pulumiAccessToken,
    },
    ["runner-pools:pulumiAccessToken"],
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
    getDemandOutput({ controlPlane, pool: pool.id }).apply(resolve);
  });
  expect(total).toBe(0);
});

it("says which argument is wrong, without a stack trace", async () => {
  const failed = getRunnerPool({ controlPlane: { ...controlPlane, organization: "a b" }, name: "builders" });
  const error = await failed.catch((thrown: unknown) => thrown);
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(String(error)).toContain("getRunnerPool: controlPlane.organization must be the organization's name");
});
