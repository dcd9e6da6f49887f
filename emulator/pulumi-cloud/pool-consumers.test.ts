import { describe, expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const accounts = "/api/preview/insights/acme/accounts";
const groups = "/api/orgs/acme/policygroups";

const emulator = useEmulator();
const send = clientOf(emulator, "pulumi-cloud");

function createPool(): string {
  return emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "p" }).id;
}

describe("an Insights account", () => {
  test("keeps what an update doesn't name", async () => {
    const agentPoolID = createPool();
    const created = { provider: "aws", environment: "a/b", scanSchedule: "daily", agentPoolID };
    await send("POST", `${accounts}/staging`, { ...created, providerConfig: { regions: ["eu-west-1"] } });
    expect((await send("PATCH", `${accounts}/staging`, { scanSchedule: "none" })).status).toBe(204);
    expect((await send("GET", `${accounts}/staging`)).body).toMatchObject({
      providerEnvRef: "a/b",
      agentPoolID,
      scheduledScanEnabled: false,
      providerConfig: { regions: ["eu-west-1"] },
    });
    await send("PATCH", `${accounts}/staging`, { agentPoolID: "" });
    expect((await send("GET", `${accounts}/staging`)).body).not.toHaveProperty("agentPoolID");
    expect((await send("GET", `${accounts}/staging`)).body).toMatchObject({ providerEnvRef: "a/b" });
  });

  test("needs an environment to be made", async () => {
    expect((await send("POST", `${accounts}/staging`, { provider: "aws" })).status).toBe(400);
  });

  test("is out of reach in an organization without Insights", async () => {
    const one = `${accounts}/aws-production`;
    emulator.admin.pulumiCloud.setInsightsAvailable({ organization: "acme", enabled: false });
    for (const path of [accounts, one]) expect((await send("GET", path)).status).toBe(402);
    expect((await send("PATCH", one, { agentPoolID: "" })).status).toBe(402);
    expect(textAt((await send("GET", one)).body, "message")).toContain("Payment Required");
    emulator.admin.pulumiCloud.setInsightsAvailable({ organization: "acme", enabled: true });
    expect((await send("GET", one)).status).toBe(200);
  });

  test("can be out of reach from the start", async () => {
    emulator.admin.reset({
      pulumiCloud: [{ organization: "small", insights: false }],
      credentials: [{ plane: "pulumi-cloud", value: "s", kind: "admin", organizations: ["small"] }],
    });
    const small = clientOf(emulator, "pulumi-cloud", "token s");
    expect((await small("GET", "/api/preview/insights/small/accounts")).status).toBe(402);
  });
});

describe("a policy group", () => {
  async function groupAfter(body: object): Promise<unknown> {
    expect((await send("POST", groups, { name: "g", ...body })).status).toBe(204);
    return (await send("GET", `${groups}/g`)).body;
  }

  test("in mode audit keeps its pool", async () => {
    const agentPoolId = createPool();
    expect(await groupAfter({ entityType: "stacks", mode: "audit", agentPoolId })).toMatchObject({
      mode: "audit",
      agentPoolId,
    });
  });

  test("in mode preventative accepts a pool and has none", async () => {
    const agentPoolId = createPool();
    const made = await groupAfter({ entityType: "stacks", mode: "preventative", agentPoolId });
    expect(made).not.toHaveProperty("agentPoolId");
    expect((await send("PATCH", `${groups}/g`, { agentPoolId })).status).toBe(204);
    expect((await send("GET", `${groups}/g`)).body).not.toHaveProperty("agentPoolId");
  });

  test("without a mode is preventative for stacks and audits accounts", async () => {
    expect(await groupAfter({ entityType: "stacks" })).toMatchObject({ mode: "preventative" });
    await send("DELETE", `${groups}/g`);
    expect(await groupAfter({ entityType: "accounts" })).toMatchObject({ mode: "audit" });
  });

  test("can be seeded with its mode", async () => {
    const group = { name: "guard", mode: "preventative" as const };
    emulator.admin.seed({ pulumiCloud: [{ organization: "acme", policyGroups: [group] }] });
    const listed = valueAt((await send("GET", groups)).body, "policyGroups");
    expect(listed).toMatchObject([{ mode: "audit" }, { name: "guard", mode: "preventative" }]);
  });
});
