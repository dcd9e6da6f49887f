import { expect } from "vitest";
import type { Deployment } from "./deployment.ts";
import { describeForms } from "./forms.ts";
import { assignmentsIn } from "./organization.ts";
import { errorsOf, expectSuccess } from "./results.ts";

/** The waits that are interrupted end by themselves after a minute or later; engines need a moment to end. Milliseconds. */
const soon = 10_000;

describeForms("Ctrl-C ends at once", ({ scenario, start }) => {
  /** Starts an up, presses Ctrl-C once it waits, and says how it ended and how long that took. */
  async function interrupt({ stack }: Deployment, waits: () => boolean) {
    const cancelling = new AbortController();
    const running = stack.up({ signal: cancelling.signal });
    await expect.poll(waits, { timeout: 60_000, interval: 50 }).toBe(true);
    const pressed = Date.now();
    cancelling.abort();
    const result = await running;
    return { result, milliseconds: Date.now() - pressed };
  }

  scenario("a wait for agents", async () => {
    const here = await start(`
      const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
      new pools.AgentsOnline("builders", { controlPlane: address.hcp, pool, timeoutSeconds: 600 });`);
    const looks = () => here.emulator.admin.journal().filter(({ path }) => /\/agents$/.test(path)).length > 1;
    const { result, milliseconds } = await interrupt(here, looks);
    expect(milliseconds).toBeLessThan(soon);
    expect(result.result).toBe("failed");
    expect(errorsOf(result)).toMatch(/cancelled while it waited for agents/);
    expectSuccess(await here.stack.destroy());
  });

  scenario("a wait for a run that is under way", async () => {
    const here = await start(`
      const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
      new pools.StackPoolAssignment("busy", { controlPlane: address.hcp, pool, target: { workspace: "network-dev" } });`);
    here.emulator.admin.hcpTerraform.queueRun({
      organization: "acme",
      workspace: "network-dev",
      status: "planning",
    });
    const looks = () =>
      here.emulator.admin.journal().filter(({ path }) => /\/runs\/run-/.test(path)).length > 0;
    const { result, milliseconds } = await interrupt(here, looks);
    expect(milliseconds).toBeLessThan(soon);
    expect(errorsOf(result)).toMatch(/network-dev was left as it is: the deployment was cancelled while run/);
    expect(assignmentsIn(here.emulator)).toEqual({});
    expectSuccess(await here.stack.destroy());
  });

  scenario("a wait before a request is tried again", async () => {
    const here = await start(`new pools.RunnerPool("builders", { controlPlane: address.hcp });`);
    const fault = here.emulator.admin.addFault({
      kind: "status",
      // The looks of a preview go through: what waits is the creation.
      method: "POST",
      status: 429,
      headers: { "retry-after": "60" },
    });
    const struck = () =>
      (here.emulator.admin.listFaults().find(({ id }) => id === fault.id)?.struck ?? 0) > 0;
    const { result, milliseconds } = await interrupt(here, struck);
    expect(milliseconds).toBeLessThan(soon);
    expect(errorsOf(result)).toMatch(/cancelled/);
  });
});
