import { describe, expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../test/contract/emulator-client.ts";
import { useEmulator } from "../test/contract/use-emulator.ts";
import { AdminError } from "./admin-command.ts";

const pools = "/api/orgs/acme/agent-pools";

const emulator = useEmulator();
const send = clientOf(emulator, "pulumi-cloud");

function createPool(name: string): string {
  return emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name }).id;
}

async function poolNames(): Promise<unknown[]> {
  const listed = valueAt((await send("GET", pools)).body, "agentPools") as unknown[];
  return listed.map((pool) => valueAt(pool, "name"));
}

describe("a callback", () => {
  test("before a request is seen by its answer, after it by the next one", async () => {
    const first = emulator.admin.interpose({
      operation: "ListOrgAgentPool",
      when: "before",
      run: () => void createPool("before"),
      times: 1,
    });
    emulator.admin.interpose({
      operation: "ListOrgAgentPool",
      when: "after",
      run: () => void createPool("after"),
      times: 1,
    });
    expect(await poolNames()).toEqual(["before"]);
    expect(await poolNames()).toEqual(["before", "after"]);
    expect(first.count).toBe(1);
  });

  test("comes between a client's read and its write", async () => {
    const id = createPool("p");
    emulator.admin.interpose({
      method: "GET",
      path: `${pools}/`,
      when: "after",
      run: () => emulator.admin.pulumiCloud.deleteAgentPool({ organization: "acme", agentPoolId: id }),
    });
    expect((await send("GET", `${pools}/${id}`)).status).toBe(200);
    expect((await send("PATCH", `${pools}/${id}`, { name: "q" })).status).toBe(404);
  });

  test("may send the very request that it waits for", async () => {
    const handle = emulator.admin.interpose({
      method: "POST",
      path: "/agent-pools$",
      when: "before",
      run: async () => {
        await send("POST", pools, { name: "stranger", description: "" });
      },
    });
    await send("POST", pools, { name: "mine", description: "" });
    expect(await poolNames()).toEqual(["stranger", "mine"]);
    expect(handle.count).toBe(1);
  });

  test("skips, and is removed by its handle", async () => {
    let runs = 0;
    const handle = emulator.admin.interpose({ when: "before", skip: 1, run: () => void runs++ });
    await poolNames();
    expect(runs).toBe(0);
    await poolNames();
    expect(runs).toBe(1);
    expect([handle.remove(), handle.remove()]).toEqual([true, false]);
    await poolNames();
    expect(runs).toBe(1);
  });

  test("that throws fails the request and says so", async () => {
    emulator.admin.interpose({
      when: "before",
      run: () => {
        throw new Error("no such stranger");
      },
    });
    const { status, body } = await send("GET", pools);
    expect(status).toBe(500);
    expect(textAt(body, "message")).toContain("no such stranger");
  });

  test("is not for requests that a fault keeps from being handled", async () => {
    const handle = emulator.admin.interpose({ when: "before", run: () => {} });
    emulator.admin.addFault({ kind: "status", status: 502, times: 1 });
    await send("GET", pools);
    expect(handle.count).toBe(0);
  });

  test("is gone after a reset", async () => {
    const handle = emulator.admin.interpose({ when: "before", run: () => {} });
    emulator.admin.reset();
    await send("GET", pools);
    expect([handle.count, emulator.admin.listInterpositions()]).toEqual([0, []]);
  });
});

describe("over HTTP", () => {
  async function post(command: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${emulator.url}/_emulator/${command}`, {
      method: "POST",
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  test("commands stand in for the callback", async () => {
    const input = { organization: "acme", name: "stranger" };
    const added = await post("interpose", {
      operation: "ListOrgAgentPool",
      when: "before",
      times: 1,
      commands: [{ command: "pulumiCloud/createAgentPool", input }],
    });
    expect(added).toEqual({ status: 200, body: { id: expect.any(String), count: 0 } });
    expect(await poolNames()).toEqual(["stranger"]);
    expect((await post("listInterpositions")).body).toEqual([{ id: textAt(added.body, "id"), count: 1 }]);
    expect((await post("removeInterposition", { id: textAt(added.body, "id") })).body).toBe(true);
    expect((await post("listInterpositions")).body).toEqual([]);
  });

  test("unknown commands, and nothing to do, are refused", async () => {
    const unknown = { when: "before", commands: [{ command: "pulumiCloud/explode" }] };
    expect((await post("interpose", unknown)).status).toBe(400);
    expect((await post("interpose", { when: "before" })).status).toBe(400);
    expect(() => emulator.admin.interpose({ when: "before" })).toThrow(AdminError);
  });
});
