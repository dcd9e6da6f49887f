import { describe, expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const emulator = useEmulator();
const send = clientOf(emulator, "pulumi-cloud");

test("long lists of stacks go on with a continuation token", async () => {
  const stacks = Array.from({ length: 150 }, (_, index) => `many/stack-${index}`);
  emulator.admin.seed({ pulumiCloud: [{ organization: "acme", stacks }] });
  const path = "/api/user/stacks?organization=acme&project=many";
  const first = (await send("GET", path)).body;
  expect(valueAt(first, "stacks")).toHaveLength(100);
  const token = textAt(first, "continuationToken");
  const second = (await send("GET", `${path}&continuationToken=${token}`)).body;
  expect(valueAt(second, "stacks")).toHaveLength(50);
  expect(second).not.toHaveProperty("continuationToken");
});

test("a stack is made once", async () => {
  expect((await send("POST", "/api/stacks/acme/new", { stackName: "dev" })).status).toBe(200);
  expect((await send("POST", "/api/stacks/acme/new", { stackName: "dev" })).status).toBe(409);
  expect((await send("HEAD", "/api/stacks/acme/new")).status).toBe(200);
  expect((await send("HEAD", "/api/stacks/acme/none")).status).toBe(404);
});

describe("the list of stacks", () => {
  async function listed(query: string): Promise<string[]> {
    const stacks = valueAt((await send("GET", `/api/user/stacks?${query}`)).body, "stacks") as unknown[];
    return stacks.map((stack) => `${textAt(stack, "projectName")}/${textAt(stack, "stackName")}`);
  }

  test("is narrowed by project, by tag and by the tag's value", async () => {
    const { setStackTags } = emulator.admin.pulumiCloud;
    setStackTags({ organization: "acme", stack: "network/dev", tags: { tier: "low" } });
    setStackTags({ organization: "acme", stack: "app/prod", tags: { tier: "high" } });
    expect(await listed("organization=acme&project=app")).toEqual(["app/dev", "app/prod"]);
    expect(await listed("tagName=tier")).toEqual(["network/dev", "app/prod"]);
    expect(await listed("tagName=tier&tagValue=high")).toEqual(["app/prod"]);
    expect(await listed("tagName=tier&tagValue=high&project=network")).toEqual([]);
    expect(await listed("tagName=pulumi:project&tagValue=network")).toEqual(["network/dev", "network/prod"]);
  });

  test("comes in pages of the size asked for", async () => {
    const first = (await send("GET", "/api/user/stacks?maxResults=3")).body;
    expect(valueAt(first, "stacks")).toHaveLength(3);
    const token = textAt(first, "continuationToken");
    expect(await listed(`maxResults=3&continuationToken=${token}`)).toEqual(["app/prod"]);
    expect((await send("GET", "/api/user/stacks?continuationToken=nonsense")).status).toBe(400);
  });
});

describe("behind a client's back", () => {
  const idAt = async (path: string) =>
    valueAt((await send("GET", `/api/stacks/acme/${path}`)).body, "id") as string | undefined;

  test("a stack is renamed and keeps its id, settings and deployments", async () => {
    const { pulumiCloud } = emulator.admin;
    const { id: agentPoolId } = pulumiCloud.createAgentPool({ organization: "acme", name: "p" });
    const stack = "network/dev";
    pulumiCloud.assign({ organization: "acme", target: { stack }, agentPoolId });
    pulumiCloud.queueDeployment({ organization: "acme", stack });
    const id = await idAt(stack);
    pulumiCloud.renameStack({ organization: "acme", stack, to: "base/live" });
    expect([await idAt(stack), await idAt("base/live")]).toEqual([undefined, id]);
    const settings = await send("GET", "/api/stacks/acme/base/live/deployments/settings");
    expect(valueAt(settings.body, "agentPoolID")).toBe(agentPoolId);
    const deployments = (await send("GET", "/api/stacks/acme/base/live/deployments")).body;
    expect(valueAt(deployments, "total")).toBe(1);
    const tags = valueAt((await send("GET", "/api/stacks/acme/base/live")).body, "tags");
    expect(tags).toEqual({ "pulumi:project": "base" });
  });

  test("stacks come and go", async () => {
    const { pulumiCloud } = emulator.admin;
    const key = { organization: "acme", stack: "new/dev" };
    const { id } = pulumiCloud.createStack({ ...key, tags: { tier: "low" } });
    expect(await idAt("new/dev")).toBe(id);
    expect(() => pulumiCloud.createStack(key)).toThrow("already");
    expect(() => pulumiCloud.renameStack({ ...key, to: "app/dev" })).toThrow("already");
    pulumiCloud.deleteStack(key);
    expect(await idAt("new/dev")).toBeUndefined();
    expect(() => pulumiCloud.deleteStack(key)).toThrow("new/dev");
  });
});
