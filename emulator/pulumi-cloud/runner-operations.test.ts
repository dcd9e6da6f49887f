import { describe, expect, test } from "vitest";
import { clientOf, type Send, textAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const organization = "acme";
const identity = { hostname: "h", pid: "1", platform: "linux/amd64", version: "2.3.0" };

const emulator = useEmulator();

/** A pool with stacks, and its runner's poll. */
function makePool(...stacks: string[]): { id: string; send: Send; poll: () => ReturnType<Send> } {
  const { pulumiCloud } = emulator.admin;
  const { id, tokenValue } = pulumiCloud.createAgentPool({ organization, name: "p" });
  for (const stack of stacks) pulumiCloud.assign({ organization, target: { stack }, agentPoolId: id });
  const send = clientOf(emulator, "pulumi-cloud", `token ${tokenValue}`);
  const headers = { "x-emulator-runner": JSON.stringify(identity) };
  return { id, send, poll: () => send("GET", "/api/deployments/poll", undefined, headers) };
}

function queue(stack: string): string {
  return emulator.admin.pulumiCloud.queueDeployment({ organization, stack }).id;
}

/** The client of a claimed job, with the job's own token. */
function holderOf(claimed: unknown): { job: string; send: Send } {
  const send = clientOf(emulator, "pulumi-cloud", `token ${textAt(claimed, "jobToken")}`);
  return { job: `/api/workflow/jobs/${textAt(claimed, "jobID")}`, send };
}

describe("a poll", () => {
  test("without work is 204 and says when to come again", async () => {
    emulator.admin.setAgentTimeouts({ pulumiCloud: { retryAfter: 7 } });
    const empty = await makePool().poll();
    expect([empty.status, empty.headers.get("retry-after")]).toEqual([204, "7"]);
  });

  test("with a user's token, or one of a deleted pool, is 403", async () => {
    const user = clientOf(emulator, "pulumi-cloud");
    expect((await user("GET", "/api/deployments/poll")).status).toBe(403);
    const { id, poll } = makePool();
    emulator.admin.pulumiCloud.deleteAgentPool({ organization, agentPoolId: id });
    expect((await poll()).status).toBe(403);
  });

  test("hands out the oldest deployment, one at a time per stack", async () => {
    const { poll } = makePool("app/dev", "app/prod");
    const [first, second, other] = [queue("app/dev"), queue("app/dev"), queue("app/prod")];
    const { body: claimed } = await poll();
    expect(textAt(claimed, "typeSpecificID")).toBe(first);
    expect(textAt((await poll()).body, "typeSpecificID")).toBe(other);
    expect((await poll()).status).toBe(204);
    const { job, send } = holderOf(claimed);
    await send("PATCH", `${job}/1/status`, { status: "succeeded" });
    expect(textAt((await poll()).body, "typeSpecificID")).toBe(second);
  });

  test("hands out nothing while the organization or the stack is paused", async () => {
    const { poll } = makePool("app/dev");
    queue("app/dev");
    const user = clientOf(emulator, "pulumi-cloud");
    for (const path of ["/api/orgs/acme/deployments", "/api/stacks/acme/app/dev/deployments"]) {
      await user("POST", `${path}/pause`);
      expect((await poll()).status).toBe(204);
      await user("POST", `${path}/resume`);
    }
    expect((await poll()).status).toBe(200);
  });
});

describe("a job", () => {
  test("is reported with its own token, by bodies without a media type", async () => {
    const { send: runner, poll } = makePool("app/dev");
    const id = queue("app/dev");
    const { job, send } = holderOf((await poll()).body);
    expect((await runner("GET", job)).status).toBe(403);
    expect((await send("POST", `${job}/heartbeat`, "{}", { "content-type": "" })).status).toBe(200);
    await send("PATCH", `${job}/0/status`, { status: "succeeded" });
    expect(await runner("GET", `/api/deployments/${id}/status`)).toMatchObject({ body: "running" });
    await send("PATCH", `${job}/1/status`, { status: "failed" });
    const check = await runner("POST", `/api/agent-workflows/deployment:${id}/check`);
    expect(check.body).toEqual({ id, status: "failed", complete: true });
    expect((await send("POST", `${job}/heartbeat`)).status).toBe(409);
    expect(emulator.admin.jobs()).toMatchObject([{ id, outcome: "failed", heartbeats: 1, agent: "h" }]);
  });

  test("runs in the image of its stack", async () => {
    const { poll } = makePool("app/dev");
    const executorContext = { executorImage: { reference: "builders:7" } };
    const settings = "/api/stacks/acme/app/dev/deployments/settings";
    await clientOf(emulator, "pulumi-cloud")("POST", settings, { executorContext });
    queue("app/dev");
    const { job, send } = holderOf((await poll()).body);
    expect((await send("GET", job)).body).toMatchObject({ image: { reference: "builders:7" } });
  });
});

test("a runner goes offline when it falls silent, and later leaves the pool", async () => {
  const { id, poll } = makePool();
  emulator.admin.pulumiCloud.putAgent({ organization, agentPoolId: id, hostname: "fake" });
  await poll();
  const agents = () => emulator.admin.snapshot().pulumiCloud.organizations[0]?.agentPools[0]?.agents;
  expect(agents()).toMatchObject([{ hostname: "fake" }, { ...identity, status: "online", ip: "127.0.0.1" }]);
  emulator.admin.setAgentTimeouts({ pulumiCloud: { offline: 0.05, forgotten: 60 } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(agents()?.map(({ status }) => status)).toEqual(["online", "offline"]);
  emulator.admin.setAgentTimeouts({ pulumiCloud: { forgotten: 0.01 } });
  expect(agents()).toMatchObject([{ hostname: "fake", status: "online" }]);
});

test("tokens of jobs and runners are in no snapshot and no journal", async () => {
  emulator.admin.recordBodies({ enabled: true });
  const { poll } = makePool("app/dev");
  queue("app/dev");
  const { body } = await poll();
  emulator.admin.recordBodies({ enabled: false });
  const everything = JSON.stringify([emulator.admin.snapshot(), emulator.admin.journal()]);
  expect(everything).not.toContain(textAt(body, "jobToken"));
});
