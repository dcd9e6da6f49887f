import { expect } from "vitest";
import { describeForms } from "./forms.ts";
import { errorsOf } from "./results.ts";

/** Two tokens of one pool. */
const program = (one: string, other = 'whenInUse: "revoke"') => `
  const controlPlane = address.hcp;
  const pool = new pools.RunnerPool("builders", { controlPlane, name: "builders" });
  ${one && `new pools.PoolToken("one", { controlPlane, pool, description: "one", ${one} });`}
  new pools.PoolToken("other", { controlPlane, pool, description: "other", ${other} });`;

describeForms("tokens that agents use", ({ form, scenario, start }) => {
  async function use(body: string) {
    const { emulator, stack, project } = await start(body);
    expect(errorsOf(await stack.up())).toBe("");
    const tokens = () => emulator.admin.snapshot().hcpTerraform.agentPools.flatMap((pool) => pool.tokens);
    const descriptions = () =>
      tokens()
        .map(({ description }) => description.replace(/ #.*/, ""))
        .sort();
    for (const { id } of tokens())
      emulator.admin.hcpTerraform.updateAgentToken({ id, lastUsedAt: new Date().toISOString() });
    const next = (text: string) => {
      project.write(form.program(emulator, text));
      return stack.up();
    };
    return { next, descriptions };
  }

  scenario("are not revoked because another token of the pool may be", async () => {
    const { next, descriptions } = await use(program("generation: 1"));
    expect(errorsOf(await next(program("")))).toContain("was not revoked: an agent used it");
    expect(descriptions()).toEqual(["one", "other"]);
  });

  scenario("are revoked once their own resource says so", async () => {
    const { next, descriptions } = await use(program("generation: 1", "generation: 1"));
    expect(errorsOf(await next(program("generation: 2", "generation: 1")))).toContain("was not revoked");
    // The next deployment finds what is left over of the one before, which no program declares any more.
    expect(errorsOf(await next(program("generation: 2", 'whenInUse: "revoke"')))).toContain(
      "was not revoked",
    );
    expect(descriptions()).toEqual(["one", "one", "other"]);
    expect(errorsOf(await next(program('generation: 2, whenInUse: "revoke"', "generation: 1")))).toBe("");
    expect(descriptions()).toEqual(["one", "other"]);
  });
});
