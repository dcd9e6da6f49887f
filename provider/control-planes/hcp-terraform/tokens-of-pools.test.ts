import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openPlane, openTestWorld } from "./testing/plane.ts";

let world: Awaited<ReturnType<typeof openTestWorld>>;
let plane: ReturnType<typeof openPlane>;
let pool: string;
let other: string;
let token: string;
beforeEach(async () => {
  world = await openTestWorld();
  onTestFinished(() => world.emulator.stop());
  plane = openPlane(world.emulator.url);
  pool = world.assignedPool("builders");
  other = world.assignedPool("others");
  token = world.emulator.admin.hcpTerraform.createAgentToken({ agentPoolId: pool }).id;
});

test.each([false, true])("a token is not found in another pool, fresh: %j", async (fresh) => {
  await expect(plane.tokens.find(other, token, { fresh })).rejects.toThrow(
    `could not find agent token ${token} in agent pool ${other}: the token is there, but it is not one of this pool's. Name the pool that it belongs to`,
  );
  expect(await plane.tokens.find(pool, token, { fresh })).toMatchObject({ id: token });
});

test("a token is not found in a pool that does not exist", async () => {
  await expect(plane.tokens.find("apool-none", token)).rejects.toThrow(
    /list the tokens of agent pool apool-none: HTTP 404.*The token is there; check the pool's id/,
  );
});

test("a token whose pool was told before is asked for alone", async () => {
  for (let look = 0; look < 3; look++) await plane.tokens.find(pool, token, { fresh: true });
  expect(world.requests("listAgentTokens")).toHaveLength(1);
  const made = await plane.tokens.create(other, "fleet 1");
  await plane.tokens.find(other, made.id, { fresh: true });
  expect(world.requests("listAgentTokens")).toHaveLength(1);
});

test("a token that a list has missed is looked for once more", async () => {
  await plane.tokens.list(pool);
  const { id } = world.emulator.admin.hcpTerraform.createAgentToken({ agentPoolId: pool });
  expect(await plane.tokens.find(pool, id)).toMatchObject({ id });
  expect(world.requests("listAgentTokens")).toHaveLength(2);
});
