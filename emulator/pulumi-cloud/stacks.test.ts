import { expect, test } from "vitest";
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
