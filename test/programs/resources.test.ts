import { afterEach, describe, expect, it } from "vitest";
import { emulatorCredentials, emulatorIds } from "../../emulator/index.ts";
import { ENGINES } from "../engine/world.ts";
import { type Deployment, deploy, programWith } from "./deployment.ts";
import { errorsOf } from "./results.ts";

let deployment: Deployment | undefined;

afterEach(async () => {
  await deployment?.dispose();
  deployment = undefined;
});

const noCredentials = {
  TFE_TOKEN: undefined,
  PULUMI_ACCESS_TOKEN: undefined,
  ENV0_API_KEY: undefined,
  ENV0_API_SECRET: undefined,
};

function urn(type: string, name: string): string {
  return `urn:pulumi:dev::pools::pulumi-nodejs:dynamic/runner-pools:${type}::${name}`;
}

describe.each(ENGINES)("a program on $name", ({ engine }) => {
  async function start(body: string, options?: Parameters<typeof deploy>[2]): Promise<Deployment> {
    if (!engine) throw new Error("this engine is not there");
    deployment = await deploy(engine, body, options);
    return deployment;
  }
  const scenario = (name: string, run: () => Promise<void>) =>
    it.skipIf(!engine)(name, { timeout: 120_000 }, run);

  scenario("replaces a token by a new generation, the new one first", async () => {
    const program = (generation: number) => `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
      const token = new pools.PoolToken("ci", { controlPlane: address.hcp, pool, generation: ${generation} });
      exports.value = token.value;`;
    const { stack, project, emulator } = await start(program(1));
    const first = await stack.up();
    expect(errorsOf(first)).toBe("");
    project.write(programWith(emulator, program(2)));
    emulator.admin.clearJournal();
    const second = await stack.up();
    expect(second.changes).toMatchObject({ replace: 1, same: 2 });
    expect(second.outputs["value"]).not.toBe(first.outputs["value"]);
    const writes = emulator.admin.journal().filter(({ method }) => method !== "GET");
    expect(writes.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  });

  scenario("lets the two tokens of a rotating one take turns", async () => {
    const program = (generation: number) => `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.envZero });
      const token = new pools.RotatingPoolToken("ci", { controlPlane: address.envZero, pool, generation: ${generation} });
      exports.value = token.value;
      exports.previousValue = token.previousValue;`;
    const { stack, project, emulator } = await start(program(1));
    let { outputs: before } = await stack.up();
    for (const generation of [2, 3, 4]) {
      project.write(programWith(emulator, program(generation)));
      const up = await stack.up();
      expect(errorsOf(up)).toBe("");
      expect(up.outputs["previousValue"]).toBe(before["value"]);
      expect(up.outputs["value"]).not.toBe(before["value"]);
      before = up.outputs;
    }
    project.write(programWith(emulator, program(7)));
    expect(errorsOf(await stack.preview())).toMatch(
      /generation.*of the RotatingPoolToken may only rise by one at a time/s,
    );
  });

  scenario("moves assignments to the new pool before the old one is deleted", async () => {
    const program = (organization: string) => `
      const controlPlane = { ...address.pulumi, organization: "${organization}" };
      const pool = new pools.RunnerPool("builders", { controlPlane });
      new pools.StackPoolAssignment("stack", { controlPlane, pool, target: { stack: "network/prod" } });`;
    const { stack, project, emulator } = await start(program("acme"));
    emulator.admin.seed({ pulumiCloud: [{ organization: "second", stacks: ["network/prod"] }] });
    emulator.admin.addCredential({
      plane: "pulumi-cloud",
      value: emulatorCredentials.pulumiCloudAccessToken,
      kind: "admin",
      organizations: ["acme", "second"],
    });
    expect(errorsOf(await stack.up())).toBe("");
    project.write(programWith(emulator, program("second")));
    const moved = await stack.up();
    expect(errorsOf(moved)).toBe("");
    expect(moved.changes).toMatchObject({ replace: 2 });
    const pools = emulator.admin
      .snapshot()
      .pulumiCloud.organizations.map(({ name, agentPools }) => [name, agentPools.length]);
    expect(pools).toEqual([
      ["acme", 0],
      ["second", 1],
    ]);
  });

  scenario("keeps what succeeded of a set, and converges once the rest can succeed", async () => {
    const program = `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
      new pools.StackPoolAssignments("set", { controlPlane: address.hcp, pool, targets: { workspaces: ["network-dev", "later"] } });`;
    const { stack, emulator } = await start(program);
    const first = await stack.up();
    expect(first.result).toBe("failed");
    expect(errorsOf(first)).toContain("there is no workspace later in organization acme");
    emulator.admin.seed({ hcpTerraform: [{ organization: "acme", workspaces: [{ name: "later" }] }] });
    const second = await stack.up();
    expect(errorsOf(second)).toBe("");
    expect(second.changes).toMatchObject({ update: 1 });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    expect(errorsOf(await stack.destroy())).toBe("");
  });

  scenario("refreshes and destroys what succeeded only in part", async () => {
    const { stack, emulator } = await start(`
      const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
      new pools.StackPoolAssignments("set", { controlPlane: address.hcp, pool, targets: { workspaces: ["network-dev", "never"] } });`);
    expect((await stack.up()).result).toBe("failed");
    expect(errorsOf(await stack.refresh())).toBe("");
    expect(errorsOf(await stack.destroy())).toBe("");
    const { agentPools, workspaces } = emulator.admin.snapshot().hcpTerraform;
    expect(agentPools).toEqual([]);
    expect(JSON.stringify(workspaces)).not.toContain("apool-");
  });

  scenario("finds a stack that came later and matches a pattern", async () => {
    const program = `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi });
      const set = new pools.StackPoolAssignments("set", { controlPlane: address.pulumi, pool, targets: { stacks: ["*/prod"] } });
      exports.assigned = set.assigned;`;
    const { stack, emulator } = await start(program);
    expect((await stack.up()).outputs["assigned"]).toEqual(["stack:app/prod", "stack:network/prod"]);
    emulator.admin.seed({ pulumiCloud: [{ organization: "acme", stacks: ["data/prod"] }] });
    const second = await stack.up();
    expect(second.outputs["assigned"]).toEqual(["stack:app/prod", "stack:data/prod", "stack:network/prod"]);
  });

  scenario("refuses bad input in the preview, by property, before anything is called", async () => {
    const { stack, emulator } = await start(
      `new pools.RunnerPool("bad", { controlPlane: address.hcp, name: "no spaces please" });`,
    );
    const preview = await stack.preview();
    expect(preview.result).toBe("failed");
    expect(errorsOf(preview)).toMatch(/name.*use only letters, digits, hyphens and underscores/s);
    expect(emulator.admin.journal()).toEqual([]);
  });

  scenario("shows no secret when the property that holds it is refused", async () => {
    const { stack } = await start(
      `new pools.PoolToken("stray", { controlPlane: address.hcp, pool: "x", initialToken: pulumi.secret("a-secret-of-the-user") });`,
    );
    const preview = await stack.preview();
    expect(errorsOf(preview)).toContain("on HCP Terraform a token is made, and none is issued with the pool");
    expect(JSON.stringify(preview)).not.toContain("a-secret-of-the-user");
  });

  scenario("names what to set where credentials are missing", async () => {
    const { stack } = await start(
      `new pools.RunnerPool("builders", { controlPlane: { kind: "env-zero", organization: "acme" } });`,
      { environment: noCredentials },
    );
    const preview = await stack.preview();
    expect(errorsOf(preview)).toMatch(
      /controlPlane.*set ENV0_API_KEY and ENV0_API_SECRET, or the secret configuration runner-pools:envZeroApiKey/s,
    );
  });

  scenario("takes credentials from secret stack configuration", async () => {
    const { stack } = await start(`new pools.RunnerPool("builders", { controlPlane: address.hcp });`, {
      environment: noCredentials,
      config: {
        "runner-pools:hcpTerraformToken": { value: emulatorCredentials.hcpTerraformToken, secret: true },
      },
    });
    expect(errorsOf(await stack.up())).toBe("");
    expect(errorsOf(await stack.destroy())).toBe("");
  });

  scenario("refuses a second token for a pool of Pulumi Cloud", async () => {
    const { stack } = await start(`
      const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi });
      new pools.PoolToken("first", { controlPlane: address.pulumi, pool });
      new pools.PoolToken("second", { controlPlane: address.pulumi, pool });`);
    const up = await stack.up();
    expect(up.result).toBe("failed");
    expect(errorsOf(up)).toMatch(
      /PoolToken "(first|second)" of this program also declares the token that is issued with pool/,
    );
  });

  scenario("reads a pool that it does not manage", async () => {
    const { stack, project, emulator } = await start(`
      const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
      exports.id = pool.id;`);
    const { id } = (await stack.up()).outputs as { id: string };
    // The id names no URL; TFE_ADDRESS of the environment does.
    project.write(
      programWith(
        emulator,
        `new pools.RunnerPool("builders", { controlPlane: address.hcp });
         exports.name = pools.RunnerPool.get("same", ${JSON.stringify(id)}).name;`,
      ),
    );
    const read = await stack.up();
    expect(errorsOf(read)).toBe("");
    expect(read.outputs["name"]).toBe("builders");
  });

  scenario("takes a URL that is stated for the one that the environment names", async () => {
    const { stack, project, emulator } = await start(
      `new pools.RunnerPool("builders", { controlPlane: { kind: "hcp-terraform", organization: "acme" } });`,
    );
    expect(errorsOf(await stack.up())).toBe("");
    project.write(programWith(emulator, `new pools.RunnerPool("builders", { controlPlane: address.hcp });`));
    const stated = await stack.up();
    expect(errorsOf(stated)).toBe("");
    expect(stated.changes).toMatchObject({ update: 1 });
    expect(stated.changes).not.toHaveProperty("replace");
  });

  scenario("adopts a pool, and deletes it in the end", async () => {
    const { stack, project, emulator } = await start("");
    const { id } = emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "made-by-hand" });
    project.write(
      programWith(
        emulator,
        `new pools.RunnerPool("builders", { controlPlane: address.pulumi, adopt: "${id}" });`,
      ),
    );
    expect(errorsOf(await stack.up())).toBe("");
    const names = () =>
      emulator.admin.snapshot().pulumiCloud.organizations[0]?.agentPools.map(({ name }) => name);
    // What the program does not declare is left as it was found.
    expect(names()).toEqual(["made-by-hand"]);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    project.write(
      programWith(
        emulator,
        `new pools.RunnerPool("builders", { controlPlane: address.pulumi, adopt: "${id}", name: "builders" });`,
      ),
    );
    expect(errorsOf(await stack.up())).toBe("");
    expect(names()).toEqual(["builders"]);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    expect(await stack.refresh({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    expect(errorsOf(await stack.destroy())).toBe("");
    expect(names()).toEqual([]);
  });

  scenario("deploys and destroys targets alone", async () => {
    const { stack, emulator } = await start(`
      new pools.RunnerPool("one", { controlPlane: address.hcp });
      new pools.RunnerPool("two", { controlPlane: address.hcp });`);
    expect(errorsOf(await stack.up({ targets: [urn("RunnerPool", "one")] }))).toBe("");
    const names = () => emulator.admin.snapshot().hcpTerraform.agentPools.map(({ name }) => name);
    expect(names()).toEqual(["one"]);
    expect(errorsOf(await stack.up())).toBe("");
    expect(errorsOf(await stack.destroy({ targets: [urn("RunnerPool", "one")] }))).toBe("");
    expect(names()).toEqual(["two"]);
  });

  scenario("finds everything that was deleted behind its back, and makes it again", async () => {
    const project = emulatorIds.envZeroProjects.network;
    const { stack, emulator } = await start(`
      const pool = new pools.RunnerPool("builders", { controlPlane: address.envZero });
      new pools.PoolToken("builders", { controlPlane: address.envZero, pool });
      new pools.StackPoolAssignment("network", { controlPlane: address.envZero, pool, target: { project: "${project}" } });`);
    expect(errorsOf(await stack.up())).toBe("");
    const [agent] = emulator.admin.snapshot().envZero.agents;
    emulator.admin.envZero.assign({ projectId: project, agentId: null });
    emulator.admin.envZero.deleteAgent({ agentId: agent?.id ?? "" });
    const refreshed = await stack.refresh();
    expect(errorsOf(refreshed)).toBe("");
    expect(refreshed.changes).toMatchObject({ delete: 3 });
    const repaired = await stack.up();
    expect(errorsOf(repaired)).toBe("");
    expect(repaired.changes).toMatchObject({ create: 3 });
  });

  scenario("keeps everything in state while the credential cannot see the organization", async () => {
    const { stack, emulator } = await start(
      `new pools.RunnerPool("builders", { controlPlane: address.hcp });`,
    );
    expect(errorsOf(await stack.up())).toBe("");
    emulator.admin.addCredential({
      plane: "hcp-terraform",
      value: emulatorCredentials.hcpTerraformToken,
      kind: "team-token",
      organizations: [],
    });
    const refreshed = await stack.refresh();
    expect(refreshed.result).toBe("failed");
    const { deployment: state } = await stack.exportState();
    expect(state.resources?.some(({ urn: known }) => known === urn("RunnerPool", "builders"))).toBe(true);
  });
});
