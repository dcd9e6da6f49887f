import { describe, expect, test, vi } from "vitest";
import { clientOf, valueAt } from "../test/contract/emulator-client.ts";
import { useEmulator } from "../test/contract/use-emulator.ts";

const pools = "/api/orgs/acme/agent-pools";
const pool = { name: "p", description: "" };

const emulator = useEmulator();
const send = clientOf(emulator, "pulumi-cloud");

function poolCount(): number {
  return emulator.admin.snapshot().pulumiCloud.organizations[0]?.agentPools.length ?? 0;
}

describe("a fault", () => {
  test("strikes after so many requests, so many times", async () => {
    emulator.admin.addFault({ operation: "GetCurrentUser", kind: "status", status: 503, skip: 1, times: 2 });
    const statuses = [];
    for (let attempt = 0; attempt < 5; attempt++) statuses.push((await send("GET", "/api/user")).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
  });

  test("strikes only what it matches", async () => {
    emulator.admin.addFault({
      plane: "pulumi-cloud",
      method: "POST",
      path: "agent-pools$",
      kind: "status",
      status: 500,
    });
    expect((await send("GET", pools)).status).toBe(200);
    expect((await send("POST", pools, pool)).status).toBe(500);
    expect((await clientOf(emulator, "env-zero")("GET", "/organizations")).status).toBe(200);
  });

  test("carries headers and body", async () => {
    emulator.admin.addFault({
      kind: "status",
      status: 429,
      headers: { "Retry-After": "7" },
      body: { message: "slow" },
    });
    const { status, headers, body } = await send("GET", pools);
    expect([status, headers.get("retry-after"), body]).toEqual([429, "7", { message: "slow" }]);
  });

  test("can be removed", async () => {
    const { id } = emulator.admin.addFault({ kind: "status", status: 500 });
    expect(emulator.admin.removeFault({ id })).toBe(true);
    expect((await send("GET", pools)).status).toBe(200);
  });
});

describe("kinds of faults", () => {
  test("drop-before: nothing happened", async () => {
    emulator.admin.addFault({ method: "POST", kind: "drop-before" });
    await expect(send("POST", pools, pool)).rejects.toThrow();
    expect(poolCount()).toBe(0);
  });

  test("drop-after: it happened, and nobody was told", async () => {
    emulator.admin.addFault({ method: "POST", kind: "drop-after" });
    await expect(send("POST", pools, pool)).rejects.toThrow();
    expect(poolCount()).toBe(1);
    expect(emulator.admin.journal().at(-1)).not.toHaveProperty("status");
  });

  test("truncate: the body ends too early", async () => {
    emulator.admin.addFault({ kind: "truncate" });
    await expect(send("GET", pools)).rejects.toThrow();
  });

  test("malformed-json: the body does not parse", async () => {
    emulator.admin.addFault({ kind: "malformed-json" });
    await expect(send("GET", pools)).rejects.toThrow(SyntaxError);
  });

  test("html: a proxy's page", async () => {
    emulator.admin.addFault({ kind: "html", status: 200 });
    const { status, headers, body } = await send("GET", pools);
    expect([status, headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(body).toContain("<html>");
  });

  test("latency: slower, and other faults still apply", async () => {
    emulator.admin.addFault({ kind: "latency", milliseconds: 60 });
    emulator.admin.addFault({ kind: "status", status: 502 });
    const started = performance.now();
    expect((await send("GET", pools)).status).toBe(502);
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  test("status-after: it happened, and the answer says otherwise", async () => {
    emulator.admin.addFault({
      method: "POST",
      kind: "status-after",
      status: 429,
      headers: { "retry-after": "0" },
      body: { message: "slow" },
      times: 1,
    });
    const { status, headers, body } = await send("POST", pools, pool);
    expect([status, headers.get("retry-after"), body]).toEqual([429, "0", { message: "slow" }]);
    expect(poolCount()).toBe(1);
    await send("POST", pools, pool);
    expect(poolCount()).toBe(2);
  });

  test("without-field: one field of the answer is missing, and nothing else", async () => {
    await send("POST", pools, pool);
    await send("POST", pools, pool);
    emulator.admin.addFault({ kind: "without-field", field: "agentPools.*.name", times: 1 });
    const listed = valueAt((await send("GET", pools)).body, "agentPools") as object[];
    expect(listed).toHaveLength(2);
    for (const item of listed) expect(Object.keys(item)).toContain("id");
    for (const item of listed) expect(item).not.toHaveProperty("name");
    emulator.admin.addFault({ kind: "without-field", field: "agentPools.0", times: 1 });
    expect(valueAt((await send("GET", pools)).body, "agentPools")).toHaveLength(1);
    emulator.admin.addFault({ kind: "without-field", field: "agentPools", times: 1 });
    expect((await send("GET", pools)).body).toEqual({});
    expect(valueAt((await send("GET", pools)).body, "agentPools", 1, "name")).toBe("p");
  });

  test("without-field: a field that the answer doesn't have changes nothing", async () => {
    emulator.admin.addFault({ kind: "without-field", field: "nothing.here" });
    expect((await send("GET", pools)).body).toEqual({ agentPools: [] });
  });
});

describe("delayed requests", () => {
  test("are answered at once and carried out later", async () => {
    emulator.admin.addFault({ method: "POST", kind: "delayed", milliseconds: 30 });
    expect((await send("POST", pools, pool)).status).toBe(504);
    expect(poolCount()).toBe(0);
    await vi.waitFor(() => expect(poolCount()).toBe(1));
    expect(emulator.admin.journal()).toMatchObject([{ status: 504, lateStatus: 200 }]);
  });

  test("are carried out on demand, once, by what the emulator knows by then", async () => {
    emulator.admin.addFault({ method: "POST", kind: "delayed", milliseconds: 60_000, status: 503, times: 1 });
    expect((await send("POST", "/api/stacks/acme/app", { stackName: "new" })).status).toBe(503);
    expect((await send("POST", "/api/stacks/acme/app", { stackName: "new" })).status).toBe(200);
    expect(await emulator.admin.carryOutDelayed()).toBe(1);
    expect(await emulator.admin.carryOutDelayed()).toBe(0);
    expect(emulator.admin.journal()[0]).toMatchObject({ status: 503, lateStatus: 409 });
  });

  test("are forgotten by a reset", async () => {
    emulator.admin.addFault({ method: "POST", kind: "delayed", milliseconds: 60_000 });
    await send("POST", pools, pool);
    emulator.admin.reset();
    expect(await emulator.admin.carryOutDelayed()).toBe(0);
    expect(poolCount()).toBe(0);
  });
});
