import { describe, expect, test } from "vitest";
import { clientOf } from "../test/contract/emulator-client.ts";
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
});
