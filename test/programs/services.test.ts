import { expect, onTestFinished } from "vitest";
import { emulatorCredentials, startEmulator } from "../../emulator/index.ts";
import { describeForms } from "./forms.ts";
import { assignmentsIn, poolsIn } from "./organization.ts";
import { errorsOf, expectSuccess, messagesOf } from "./results.ts";

describeForms("a program", ({ form, scenario, start }) => {
  scenario("refuses two resources that declare one thing for different pools, and names both", async () => {
    const twoPools = `
      const one = new pools.RunnerPool("one", { controlPlane: address.hcp });
      const other = new pools.RunnerPool("other", { controlPlane: address.hcp });`;
    const twice = `${twoPools}
      new pools.StackPoolAssignment("single", { controlPlane: address.hcp, pool: one, target: { workspace: "network-dev" } });
      new pools.StackPoolAssignments("set", { controlPlane: address.hcp, pool: other, targets: { workspaces: ["network-dev", "app-prod"] } });`;
    const { stack, project, emulator } = await start(twice);
    const first = await stack.up();
    expect(first.result).toBe("failed");
    const sentence =
      /StackPoolAssignments? "(single|set)" of this program also declares .*workspace network-dev/;
    expect(errorsOf(first)).toMatch(sentence);
    expect(errorsOf(first)).toContain("single");
    expect(errorsOf(first)).toContain("set");
    project.write(form.program(emulator, twoPools));
    expectSuccess(await stack.up());
    expect(assignmentsIn(emulator)).toEqual({});
    // With pools that exist, the preview tells.
    project.write(form.program(emulator, twice));
    const preview = await stack.preview();
    expect(preview.result).toBe("failed");
    expect(errorsOf(preview)).toMatch(sentence);
    const sameName = `
      new pools.RunnerPool("one", { controlPlane: address.hcp, name: "builders" });
      new pools.RunnerPool("other", { controlPlane: address.hcp, name: "builders" });`;
    project.write(form.program(emulator, sameName));
    expect(errorsOf(await stack.preview())).toMatch(/RunnerPool "(one|other)" of this program also declares/);
  });

  scenario("names in a preview what is assigned, what is released, and what selects nothing", async () => {
    const program = (set: object) => `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi });
      new pools.StackPoolAssignment("single", { controlPlane: address.pulumi, pool, target: { stack: "network/dev" } });
      new pools.StackPoolAssignments("set", { controlPlane: address.pulumi, pool, ...${JSON.stringify(set)} });`;
    const { stack, project, emulator } = await start(program({ targets: { stacks: ["app/*"] } }));
    expectSuccess(await stack.up());
    project.write(
      form.program(
        emulator,
        program({ targets: { stacks: ["network/*", "none/*"], insightsAccounts: ["aws-*"] } }),
      ),
    );
    const told = messagesOf(expectSuccess(await stack.preview()));
    expect(told).toMatch(/StackPoolAssignments "set" assigns 3 targets to pool "builders"/);
    expect(told).toMatch(/stack network\/prod/);
    expect(told).toMatch(/aws-production/);
    expect(told).toMatch(
      /StackPoolAssignments "set" releases 2 targets from pool "builders".*app\/dev.*app\/prod/,
    );
    expect(told).toMatch(/targets\.stacks\[1\] \("none\/\*"\) selects nothing at present/);
    project.write(form.program(emulator, program({ targets: { stacks: ["none/*"] }, maxReleases: 1 })));
    expect(errorsOf(await stack.up())).toMatch(
      /would take the pool from 2 of 2 targets, and at most 1 .*app\/dev.*app\/prod.*maxReleases to 2/s,
    );
    expect(assignmentsIn(emulator)).toHaveProperty("stack app/dev", "builders");
  });

  scenario("leaves a target alone that a stranger's pool has, until overwrite says otherwise", async () => {
    const program = (overwrite: boolean) => `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi });
      new pools.StackPoolAssignment("single", { controlPlane: address.pulumi, pool, target: { stack: "network/dev" }, overwrite: ${overwrite} });`;
    const { stack, project, emulator } = await start(program(false));
    const { id } = emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "theirs" });
    const target = { stack: "network/dev" };
    emulator.admin.pulumiCloud.assign({ organization: "acme", target, agentPoolId: id });
    expect(errorsOf(await stack.up())).toMatch(
      /stack network\/dev is assigned to pool "theirs".* was not moved to pool "builders".*overwrite: true/s,
    );
    expect(assignmentsIn(emulator)).toEqual({ "stack network/dev": "theirs" });
    project.write(form.program(emulator, program(true)));
    expectSuccess(await stack.up());
    expect(assignmentsIn(emulator)).toEqual({ "stack network/dev": "builders" });
  });

  scenario("refuses to work on another service than the one where things were made", async () => {
    const hcp = `{ kind: "hcp-terraform", organization: "acme" }`;
    const { stack, emulator, reopen } = await start(`
      const pool = new pools.RunnerPool("builders", { controlPlane: ${hcp} });
      new pools.PoolToken("ci", { controlPlane: ${hcp}, pool });
      new pools.StackPoolAssignment("single", { controlPlane: ${hcp}, pool, target: { workspace: "network-dev" } });
      new pools.StackPoolAssignments("set", { controlPlane: ${hcp}, pool, targets: { workspaces: ["app-*"] } });
      new pools.OrganizationDefaultPool("default", { controlPlane: ${hcp}, pool });`);
    expectSuccess(await stack.up());
    // Where it writes state, the CLI encrypts secrets anew, and leaves out what is empty.
    const resourcesOf = async () => {
      const { deployment } = await stack.exportState();
      const known = (deployment.resources ?? []).map(({ urn, id, inputs, outputs }) => ({
        urn,
        id,
        inputs,
        outputs,
      }));
      return JSON.parse(JSON.stringify(known).replace(/"ciphertext":"[^"]*"/g, '"ciphertext":""'));
    };
    const before = await resourcesOf();
    const assigned = assignmentsIn(emulator);
    const elsewhere = await startEmulator();
    onTestFinished(() => elsewhere.stop());
    const there = { TFE_ADDRESS: elsewhere.url, TFE_HOSTNAME: new URL(elsewhere.url).host };
    const moved = await reopen(there);
    for (const operation of ["preview", "up", "refresh", "destroy"] as const) {
      const result = await moved[operation]();
      expect(result.result, operation).toBe("failed");
      expect(errorsOf(result), operation).toContain(`was made on ${emulator.url}`);
      expect(errorsOf(result), operation).toContain(`now name ${elsewhere.url}`);
      expect(await resourcesOf(), operation).toEqual(before);
    }
    await moved.dispose();
    expect(elsewhere.admin.journal()).toEqual([]);
    expect(assignmentsIn(emulator)).toEqual(assigned);
    const back = await reopen({});
    expectSuccess(await back.destroy());
    expect(poolsIn(emulator)).toEqual([]);
    await back.dispose();
  });

  scenario("reaches two organizations with a credential each", async () => {
    const other = "othertoken0001.atlasv1.".concat("organization".repeat(6));
    const credentials = {
      "hcp-terraform/acme": { token: emulatorCredentials.hcpTerraformToken },
      "hcp-terraform/second": { token: other },
    };
    const { stack, emulator } = await start(
      `for (const organization of ["acme", "second"]) {
        const controlPlane = { ...address.hcp, organization };
        const pool = new pools.RunnerPool(organization, { controlPlane });
        new pools.StackPoolAssignment(organization, { controlPlane, pool, target: { workspace: "network-dev" } });
      }`,
      {
        environment: { TFE_TOKEN: undefined },
        config: { "runner-pools:credentials": { value: JSON.stringify(credentials), secret: true } },
      },
    );
    emulator.admin.seed({
      credentials: [{ plane: "hcp-terraform", value: other, kind: "team-token", organizations: ["second"] }],
      hcpTerraform: [{ organization: "second", workspaces: [{ name: "network-dev" }] }],
    });
    expectSuccess(await stack.up());
    expect(poolsIn(emulator)).toEqual(["acme", "second"]);
    expectSuccess(await stack.up({ expectNoChanges: true }));
    const state = JSON.stringify(await stack.exportState());
    for (const secret of [other, emulatorCredentials.hcpTerraformToken]) expect(state).not.toContain(secret);
    expectSuccess(await stack.destroy());
    expect(poolsIn(emulator)).toEqual([]);
  });
});
