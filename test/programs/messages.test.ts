import { expect } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import { describeForms } from "./forms.ts";
import { errorsOf, expectSuccess, messagesOf } from "./results.ts";

const { organization } = emulatorIds;

describeForms("what the user reads", ({ form, scenario, start }) => {
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

  scenario(
    "of a first preview: a target that does not exist, what an adoption changes, a name that is taken",
    async () => {
      const { stack, project, emulator } = await start("");
      const { id } = emulator.admin.pulumiCloud.createAgentPool({ organization, name: "builders" });
      const taken = emulator.admin.pulumiCloud.createAgentPool({ organization, name: "taken" });
      project.write(
        form.program(
          emulator,
          `new pools.RunnerPool("adopted", { controlPlane: address.pulumi, adopt: "${id}", name: "ours" });
      const pool = new pools.RunnerPool("more", { controlPlane: address.pulumi, name: "taken" });
      new pools.StackPoolAssignment("network", { controlPlane: address.pulumi, pool, target: { stack: "network/prd" } });
      new pools.StackPoolAssignments("apps", { controlPlane: address.pulumi, pool, targets: { stacks: ["app/*"] } });`,
        ),
      );
      const told = messagesOf(expectSuccess(await stack.preview()));
      expect(told).toContain(
        `RunnerPool "adopted" adopts pool "builders" (${id}) and changes its name to "ours"`,
      );
      expect(told).toContain(`RunnerPool "more": the name "taken" is taken by pool ${taken.id} at present`);
      expect(told).toContain(
        'StackPoolAssignment "network": there is no stack network/prd in organization acme at present',
      );
      expect(told).toMatch(/StackPoolAssignments "apps" selects \d targets: stack app\//);
    },
  );

  scenario("of a first preview with a wrong token: that it is wrong, and nothing is made", async () => {
    const { emulator, reopen } = await start(
      `new pools.RunnerPool("builders", { controlPlane: { kind: "hcp-terraform", organization: "acme" } });`,
    );
    const stack = await reopen({ TFE_TOKEN: "wrong" });
    const preview = await stack.preview();
    expect(preview.result).toBe("failed");
    expect(errorsOf(preview)).toMatch(/controlPlane.*HCP Terraform: could not list .*HTTP 401: .*token/s);
    expect(emulator.admin.journal().filter(({ method }) => method !== "GET")).toEqual([]);
  });
});
