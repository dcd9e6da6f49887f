import { beforeEach, describe, expect, test } from "vitest";
import { clientOf, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const pools = "/api/orgs/acme/agent-pools";

const emulator = useEmulator();
const administrator = clientOf(emulator, "pulumi-cloud");
const member = clientOf(emulator, "pulumi-cloud", "token member");
beforeEach(() => {
  const credential = { plane: "pulumi-cloud" as const, kind: "member" as const, organizations: ["acme"] };
  emulator.admin.addCredential({ ...credential, value: "member", login: "maria" });
});

describe("agent pools", () => {
  test("are forbidden to a member, who sees the organization and its stacks", async () => {
    expect((await member("GET", pools)).status).toBe(403);
    expect((await member("GET", "/api/orgs/acme")).status).toBe(200);
    expect((await member("GET", "/api/stacks/acme/app/dev")).status).toBe(200);
  });

  test("can be refused to any credential, openly or as if they were not there", async () => {
    const { id } = emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "p" });
    for (const agentPools of [403, 404] as const) {
      emulator.admin.addCredential({
        plane: "pulumi-cloud",
        value: "narrow",
        kind: "admin",
        organizations: ["acme"],
        agentPools,
      });
      const narrow = clientOf(emulator, "pulumi-cloud", "token narrow");
      expect((await narrow("GET", pools)).status).toBe(agentPools);
      expect((await narrow("POST", pools, { name: "q", description: "" })).status).toBe(agentPools);
      expect((await narrow("GET", `${pools}/${id}`)).status).toBe(agentPools);
      expect((await narrow("DELETE", `${pools}/${id}`)).status).toBe(agentPools);
      expect((await narrow("GET", "/api/orgs/acme")).status).toBe(200);
    }
    expect(valueAt((await administrator("GET", pools)).body, "agentPools")).toHaveLength(1);
  });

  test("are refused so on Pulumi Cloud only", () => {
    const credential = { value: "v", kind: "admin" as const, organizations: ["acme"] };
    expect(() =>
      emulator.admin.addCredential({ ...credential, plane: "hcp-terraform", agentPools: 404 }),
    ).toThrow("Pulumi Cloud");
  });
});

describe("a member with access to some stacks", () => {
  beforeEach(() => {
    emulator.admin.pulumiCloud.setStackAccess({ organization: "acme", login: "maria", stacks: ["app/dev"] });
  });

  async function stackNames(send: typeof member): Promise<unknown[]> {
    const stacks = valueAt((await send("GET", "/api/user/stacks")).body, "stacks") as unknown[];
    return stacks.map((stack) => `${valueAt(stack, "projectName")}/${valueAt(stack, "stackName")}`);
  }

  test("finds these and no others, and administrators find all", async () => {
    expect(await stackNames(member)).toEqual(["app/dev"]);
    expect(await stackNames(administrator)).toHaveLength(4);
    const settings = (path: string) => `/api/stacks/acme/${path}/deployments/settings`;
    expect((await member("POST", settings("app/dev"), { tag: "t" })).status).toBe(200);
    expect((await member("POST", settings("app/prod"), { tag: "t" })).status).toBe(404);
    expect((await member("HEAD", "/api/stacks/acme/app")).status).toBe(200);
    expect((await member("HEAD", "/api/stacks/acme/network")).status).toBe(404);
  });

  test("finds the deployments of these only", async () => {
    for (const stack of ["app/dev", "app/prod", "network/dev"]) {
      emulator.admin.pulumiCloud.queueDeployment({ organization: "acme", stack });
    }
    const total = async (send: typeof member) =>
      valueAt((await send("GET", "/api/orgs/acme/deployments")).body, "total");
    expect([await total(member), await total(administrator)]).toEqual([1, 3]);
  });

  test("sees what it makes itself, and a renamed stack still", async () => {
    await member("POST", "/api/stacks/acme/mine", { stackName: "dev" });
    emulator.admin.pulumiCloud.renameStack({ organization: "acme", stack: "app/dev", to: "app/live" });
    expect(await stackNames(member)).toEqual(["app/live", "mine/dev"]);
  });

  test("sees all of them again when the restriction is lifted", async () => {
    emulator.admin.pulumiCloud.setStackAccess({ organization: "acme", login: "maria", stacks: null });
    expect(await stackNames(member)).toHaveLength(4);
  });
});
