import { expect, onTestFinished } from "vitest";
import { emulatorCredentials, startEmulator } from "../../emulator/index.ts";
import type { OperationResult } from "../engine/engine.ts";
import { describeForms } from "./forms.ts";
import { assignmentsIn, poolsIn } from "./organization.ts";
import { errorsOf, expectSuccess } from "./results.ts";

/** What has a pool, with `more` as further properties of each. */
const users = (more: string) => `
  new pools.PoolToken("token", { pool, description: "ci", ${more} });
  new pools.StackPoolAssignment("single", { pool, target: { stack: "network/prod" }, ${more} });
  new pools.StackPoolAssignments("set", { pool, targets: { stacks: ["app/*"] }, ${more} });
  new pools.OrganizationDefaultPool("default", { pool, ${more} });`;

const opsOf = ({ steps }: OperationResult, name: string) =>
  steps.filter((step) => step.name === name).map(({ op }) => op);

describeForms("a control plane that is left to the pool", ({ form, scenario, start }) => {
  scenario("is known as soon as the pool is, and moves with it", async () => {
    const program = (generation: number) => `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi, generation: ${generation} });
      ${users("")}`;
    const { stack, project, emulator } = await start(program(1));
    expectSuccess(await stack.preview());
    expectSuccess(await stack.up());
    expect(assignmentsIn(emulator)).toMatchObject({ default: "builders", "stack network/prod": "builders" });
    expectSuccess(await stack.up({ expectNoChanges: true }));
    expectSuccess(await stack.refresh({ expectNoChanges: true }));
    project.write(form.program(emulator, program(2)));
    const preview = expectSuccess(await stack.preview());
    expect(opsOf(preview, "single")).toEqual(["update"]);
    expect(opsOf(preview, "default")).toEqual(["update"]);
    expectSuccess(await stack.up());
    expect(assignmentsIn(emulator)).toMatchObject({ default: "builders-g2", "stack app/dev": "builders-g2" });
    expectSuccess(await stack.destroy());
    expect(poolsIn(emulator)).toEqual([]);
  });

  scenario("may be taken out of a program, which changes nothing", async () => {
    const pool = `const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi });`;
    const { stack, project, emulator } = await start(`${pool} ${users("controlPlane: address.pulumi")}`);
    expectSuccess(await stack.up());
    project.write(form.program(emulator, `${pool} ${users("")}`));
    expectSuccess(await stack.preview({ expectNoChanges: true }));
    expectSuccess(await stack.up({ expectNoChanges: true }));
  });

  scenario("must be the pool's where it is given all the same", async () => {
    const { stack, project, emulator } = await start(`
      const pool = "hcp-terraform/acme/apool-1";
      new pools.StackPoolAssignment("plane", { controlPlane: address.pulumi, pool, target: { stack: "network/prod" } });`);
    expect(errorsOf(await stack.preview())).toMatch(
      /Pulumi Cloud, but the pool is one of HCP Terraform: both must be the same/,
    );
    // The CLI ends with the first resource that is refused.
    project.write(form.program(emulator, `new pools.AgentsOnline("id", { pool: "apool-1" });`));
    expect(errorsOf(await stack.preview())).toMatch(/is required here: "apool-1"/);
  });

  scenario("is told with its URL by a pool, and not by the id of one", async () => {
    const elsewhere = await startEmulator();
    onTestFinished(() => elsewhere.stop());
    const { host } = new URL(elsewhere.url);
    const credentials = JSON.stringify({
      [`pulumi-cloud@${host}`]: { token: emulatorCredentials.pulumiCloudAccessToken },
    });
    const there = JSON.stringify({ kind: "pulumi-cloud", organization: "acme", url: elsewhere.url });
    const program = (pool: string, more: string) => `
      const made = new pools.RunnerPool("builders", { controlPlane: ${there} });
      new pools.StackPoolAssignment("single", { pool: ${pool}, target: { stack: "network/prod" }, ${more} });`;
    const { stack, project, emulator } = await start(program("made.id", ""), {
      config: { "runner-pools:credentials": { value: credentials, secret: true } },
    });
    expectSuccess(await stack.preview());
    const refused = await stack.up();
    expect(refused.result).toBe("failed");
    expect(errorsOf(refused)).toContain(`RunnerPool "builders" has the pool at ${elsewhere.url}`);
    expect(assignmentsIn(elsewhere)).toEqual({});
    const told =
      form.name === "dynamic" ? program("made", "") : program("made.id", "controlPlane: made.controlPlane");
    project.write(form.program(emulator, told));
    expectSuccess(await stack.up());
    expect(assignmentsIn(elsewhere)).toEqual({ "stack network/prod": "builders" });
    expectSuccess(await stack.up({ expectNoChanges: true }));
    expectSuccess(await stack.destroy());
  });
});
