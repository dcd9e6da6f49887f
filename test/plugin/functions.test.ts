import { afterAll, beforeAll, expect, it } from "vitest";
import type { Emulator } from "../../emulator/emulator.ts";
import { type Provider, secret } from "./provider.ts";
import { type ReadyPlugin, startReadyPlugin } from "./ready-plugin.ts";

const pulumi = { kind: "pulumi-cloud", organization: "acme" };
const terraform = { kind: "hcp-terraform", organization: "acme" };
const envZero = { kind: "env-zero", organization: "acme" };

let ready: ReadyPlugin;
let emulator: Emulator;
let provider: Provider;

beforeAll(async () => {
  ready = await startReadyPlugin();
  ({ emulator, provider } = ready);
});

afterAll(() => ready?.stop());

const invoke = (name: string, args: Record<string, unknown>) =>
  provider.invoke(`runner-pools:index:${name}`, args);

async function createPool(controlPlane: typeof pulumi, name: string) {
  const { inputs } = await provider.check("RunnerPool", name, { controlPlane });
  return provider.create("RunnerPool", name, inputs);
}

it.each([pulumi, terraform, envZero])("finds a pool by name and by id on $kind", async (controlPlane) => {
  const { id, state } = await createPool(controlPlane, "to-be-found");
  const byName = await invoke("getRunnerPool", { controlPlane, name: "to-be-found" });
  expect(byName.failures).toEqual([]);
  expect(byName.result).toMatchObject({ id, poolId: state["poolId"], name: "to-be-found", isDefault: false });
  const byId = await invoke("getRunnerPool", { controlPlane, pool: id });
  expect(byId.result).toEqual(byName.result);
  // The id of a pool names its control plane.
  expect((await invoke("getRunnerPool", { pool: id })).result).toEqual(byName.result);
  expect(byName.result["controlPlane"]).toEqual(controlPlane);
});

it("says which pools there are when none has the name", async () => {
  await createPool(pulumi, "here");
  await expect(invoke("getRunnerPool", { controlPlane: pulumi, name: "elsewhere" })).rejects.toThrow(
    /no agent pool named "elsewhere"; there are .*"here"/,
  );
});

it("lists pools by a pattern, sorted by name", async () => {
  for (const name of ["team-b", "team-a", "other"]) await createPool(terraform, name);
  const { result } = await invoke("getRunnerPools", { controlPlane: terraform, namePattern: "team-*" });
  expect(result["pools"]).toMatchObject([{ name: "team-a" }, { name: "team-b" }]);
});

it("lists agents and counts those online", async () => {
  const { id, state } = await createPool(pulumi, "with-agents");
  const pool = { organization: "acme", agentPoolId: String(state["poolId"]) };
  emulator.admin.pulumiCloud.putAgent({ ...pool, hostname: "one" });
  emulator.admin.pulumiCloud.putAgent({ ...pool, hostname: "two", status: "offline" });
  const { result } = await invoke("getAgents", { controlPlane: pulumi, pool: id });
  expect(result).toMatchObject({
    onlineCount: 1,
    agents: [
      { name: "one", online: true },
      { name: "two", online: false },
    ],
  });
});

it("counts the deployments of a pool that wait and run", async () => {
  const { id, state } = await createPool(pulumi, "in-demand");
  const deployment = { organization: "acme", stack: "network/dev", agentPoolId: String(state["poolId"]) };
  emulator.admin.pulumiCloud.queueDeployment(deployment);
  emulator.admin.pulumiCloud.queueDeployment({ ...deployment, stack: "app/dev" });
  const { result } = await invoke("getDemand", { controlPlane: pulumi, pool: id });
  expect(result).toEqual({ waiting: 2, running: 0, total: 2 });
});

it("refuses what a control plane cannot tell, by property", async () => {
  const asked = { controlPlane: envZero, pool: "some-pool" };
  expect((await invoke("getDemand", asked)).failures).toEqual([
    { property: "controlPlane.kind", reason: expect.stringContaining("the API of env zero does not show") },
  ]);
  expect((await invoke("getAgents", asked)).failures).toMatchObject([{ property: "controlPlane.kind" }]);
});

it("reports wrong arguments by property", async () => {
  const { failures } = await invoke("getRunnerPool", { controlPlane: { kind: "jenkins" }, nam: "x" });
  expect(failures.map(({ property }) => property).sort()).toEqual([
    "controlPlane.kind",
    "controlPlane.organization",
    "nam",
  ]);
  const neither = await invoke("getRunnerPool", { controlPlane: pulumi });
  expect(neither.failures).toEqual([
    { property: "pool", reason: expect.stringContaining("either pool or name") },
  ]);
});

it("keeps an answer secret that was asked for with a secret", async () => {
  await createPool(pulumi, "secretly-asked");
  const { result } = await invoke("getRunnerPool", { controlPlane: pulumi, name: secret("secretly-asked") });
  expect(result["name"]).toEqual(secret("secretly-asked"));
});

it("refuses an unknown function, naming those there are", async () => {
  await expect(invoke("getRunerPool", {})).rejects.toThrow(
    /no function runner-pools:index:getRunerPool: .*runner-pools:index:getRunnerPool/,
  );
});
