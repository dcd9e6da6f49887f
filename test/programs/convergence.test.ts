import { afterEach, describe, expect, it } from "vitest";
import { ENGINES } from "../engine/world.ts";
import { type Deployment, deploy, programWith } from "./deployment.ts";
import { everyResource } from "./every-resource.ts";
import { errorsOf } from "./results.ts";
import { Stranger } from "./stranger.ts";

let deployment: Deployment | undefined;

afterEach(async () => {
  await deployment?.dispose();
  deployment = undefined;
});

/** What is really there besides the stranger's, in counts. */
function inventory({ emulator }: Deployment) {
  const { pulumiCloud, envZero, hcpTerraform } = emulator.admin.snapshot();
  const ours = <Pool extends { name: string }>(pools: readonly Pool[]) =>
    pools.filter(({ name }) => !name.startsWith("stranger"));
  return {
    pulumiPools: ours(pulumiCloud.organizations.flatMap(({ agentPools }) => agentPools)).map(
      ({ name }) => name,
    ),
    envZeroPools: ours(envZero.agents).map(({ name }) => name),
    envZeroSecrets: ours(envZero.agents).map(({ secrets }) => secrets.length),
    hcpPools: ours(hcpTerraform.agentPools).map(({ name }) => name),
    hcpTokens: ours(hcpTerraform.agentPools).map(({ tokens }) => tokens.length),
  };
}

const one = {
  pulumiPools: ["builders"],
  envZeroPools: ["builders"],
  envZeroSecrets: [1],
  hcpPools: ["builders"],
  hcpTokens: [1],
};

describe.each(ENGINES)("after an interrupted deployment on $name", ({ engine }) => {
  /** Deploys with a fault at one changing request, then without, and expects everything exactly once. */
  async function interrupted(
    strike: (here: Deployment) => void | Promise<void>,
    prepare?: (here: Deployment) => Promise<void>,
  ) {
    if (!engine) throw new Error("this engine is not there");
    deployment = await deploy(engine, everyResource("builders"));
    const here = deployment;
    const stranger = new Stranger(here.emulator);
    await prepare?.(here);
    const broken = here.stack.up();
    await strike(here);
    const first = await broken;
    here.emulator.admin.clearFaults();
    const repaired = await here.stack.up();
    expect(errorsOf(repaired)).toBe("");
    expect(inventory(here)).toEqual(one);
    expect(stranger.acts).toBeGreaterThan(0);
    stranger.leave();
    expect(await here.stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    const destroyed = await here.stack.destroy();
    expect(errorsOf(destroyed)).toBe("");
    expect(inventory(here)).toEqual({
      pulumiPools: [],
      envZeroPools: [],
      envZeroSecrets: [],
      hcpPools: [],
      hcpTokens: [],
    });
    stranger.expectEverythingAsItLeftIt();
    return first;
  }

  const operations: [
    string,
    { plane: "pulumi-cloud" | "env-zero" | "hcp-terraform"; method: "POST" | "PATCH"; path: string },
  ][] = [
    ["the pool is made on Pulumi Cloud", { plane: "pulumi-cloud", method: "POST", path: "agent-pools$" }],
    [
      "the stack is assigned on Pulumi Cloud",
      { plane: "pulumi-cloud", method: "POST", path: "network/prod/deployments/settings$" },
    ],
    [
      "one of a set is assigned on Pulumi Cloud",
      { plane: "pulumi-cloud", method: "POST", path: "app/dev/deployments/settings$" },
    ],
    [
      "the default is set on Pulumi Cloud",
      { plane: "pulumi-cloud", method: "PATCH", path: "/api/orgs/acme$" },
    ],
    ["the pool is made on env zero", { plane: "env-zero", method: "POST", path: "/agents$" }],
    ["the secret is made on env zero", { plane: "env-zero", method: "POST", path: "/secrets$" }],
    [
      "the project is assigned on env zero",
      { plane: "env-zero", method: "POST", path: "/projects-assignments$" },
    ],
    ["the pool is made on HCP Terraform", { plane: "hcp-terraform", method: "POST", path: "agent-pools$" }],
    [
      "the token is made on HCP Terraform",
      { plane: "hcp-terraform", method: "POST", path: "authentication-tokens$" },
    ],
    [
      "the workspace gets access on HCP Terraform",
      { plane: "hcp-terraform", method: "PATCH", path: "/agent-pools/" },
    ],
    [
      "the workspace is assigned on HCP Terraform",
      { plane: "hcp-terraform", method: "PATCH", path: "/workspaces/" },
    ],
  ];

  it.skipIf(!engine).each(operations)(
    "converges when the provider is killed while %s",
    { timeout: 120_000 },
    async (_, match) => {
      const result = await interrupted(async ({ emulator, killProviders }) => {
        const fault = emulator.admin.addFault({ kind: "latency", milliseconds: 60_000, ...match });
        await expect.poll(() => struck(emulator, fault.id), { timeout: 30_000, interval: 20 }).toBe(1);
        await quiet(emulator);
        expect(killProviders()).toBeGreaterThan(0);
      });
      expect(result.result).toBe("failed");
    },
  );

  it.skipIf(!engine)(
    "converges when the answer to every change is lost once",
    { timeout: 120_000 },
    async () => {
      await interrupted(({ emulator }) => {
        for (const [, match] of operations)
          emulator.admin.addFault({ kind: "drop-after", times: 1, ...match });
      });
    },
  );

  it.skipIf(!engine)(
    "converges when the provider is killed in the middle of updates",
    { timeout: 120_000 },
    async () => {
      if (!engine) return;
      deployment = await deploy(engine, everyResource("before"));
      const here = deployment;
      const stranger = new Stranger(here.emulator);
      expect(errorsOf(await here.stack.up())).toBe("");
      for (const plane of ["pulumi-cloud", "env-zero", "hcp-terraform"] as const) {
        here.project.write(programWith(here.emulator, everyResource(`renamed-${plane}`)));
        const fault = here.emulator.admin.addFault({
          kind: "latency",
          milliseconds: 60_000,
          plane,
          method: "PATCH",
        });
        const broken = here.stack.up();
        await expect
          .poll(() => struck(here.emulator, fault.id), { timeout: 30_000, interval: 20 })
          .toBeGreaterThan(0);
        here.killProviders();
        await broken;
        here.emulator.admin.clearFaults();
      }
      here.project.write(programWith(here.emulator, everyResource("builders")));
      expect(errorsOf(await here.stack.up())).toBe("");
      expect(inventory(here)).toEqual(one);
      stranger.leave();
      expect(await here.stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
      stranger.expectEverythingAsItLeftIt();
    },
  );
});

/**
 * Waits until everything else is done and only the held answer is waited for. A provider that is killed in the moment
 * between its last note and the engine's taking its answer leaves something that only the user can tell is theirs.
 */
async function quiet({ admin }: Deployment["emulator"]): Promise<void> {
  for (let calls = -1; calls !== admin.journal().length; ) {
    calls = admin.journal().length;
    await new Promise((done) => setTimeout(done, 500));
  }
}

function struck(emulator: Deployment["emulator"], id: string): number {
  return emulator.admin.listFaults().find((fault) => fault.id === id)?.struck ?? 0;
}
