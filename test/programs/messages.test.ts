import { afterEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import type { Deployment, DeployOptions } from "./deployment.ts";
import { formsOnEngines, removeFormsAfterwards } from "./forms.ts";
import { expectSuccess, messagesOf } from "./results.ts";

const { organization } = emulatorIds;

removeFormsAfterwards();
let deployment: Deployment | undefined;

afterEach(async () => {
  await deployment?.dispose();
  deployment = undefined;
});

describe.each(formsOnEngines)("what the user reads, $title", ({ form, engine }) => {
  async function start(body: string, options?: DeployOptions): Promise<Deployment> {
    if (!engine) throw new Error("this engine is not there");
    deployment = await form.deploy(engine, body, options);
    return deployment;
  }
  const scenario = (name: string, run: () => Promise<void>) =>
    it.skipIf(!engine)(name, { timeout: 400_000 }, run);

  scenario("of a pool in use: who uses it, once, and nothing of this package's code", async () => {
    const { stack, emulator } = await start(
      `new pools.RunnerPool("builders", { controlPlane: address.hcp, scope: { mode: "organization" } });`,
    );
    expectSuccess(await stack.up());
    const { agentPools } = emulator.admin.snapshot().hcpTerraform;
    const pool = agentPools.find(({ name }) => name === "builders");
    for (const target of [{ workspace: "app-prod" }, { workspace: "network-prod" }]) {
      emulator.admin.hcpTerraform.assign({ organization, target, agentPoolId: pool?.id ?? "" });
    }
    const destroy = await stack.destroy();
    expect(destroy.result).toBe("failed");
    const told = messagesOf(destroy);
    expect(told.match(/could not delete agent pool/g)).toHaveLength(1);
    expect(told).toMatch(
      /workspace (app|network)-prod, workspace (app|network)-prod use it\. Pool "builders" is kept/,
    );
    expect(told).not.toMatch(/^\s+at /m);
  });
});
