import { afterEach, beforeEach, expect, it } from "vitest";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;
let set: TestResource;

const organization = "acme";
const open = Array.from({ length: 100 }, (_, index) => `open/s${index}`);
const secret = Array.from({ length: 4_900 }, (_, index) => `secret/s${index}`);

/** A set of 5,000 stacks, of which the credential may do nothing with 4,900. */
beforeEach(async () => {
  world = await openWorld();
  const { admin } = world.emulator;
  for (const stack of [...open, ...secret]) admin.pulumiCloud.createStack({ organization, stack });
  admin.addFault({
    kind: "status",
    status: 403,
    path: "/secret/",
    body: { code: 403, message: "no access" },
  });
  const { controlPlane } = world.plane("pulumi-cloud");
  const pool = await world.poolOn("pulumi-cloud");
  const targets = { stacks: ["open/*", "secret/*"] };
  set = world.resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets });
}, 120_000);

afterEach(() => world.close());

it("has what it may have, says once why the rest failed, and goes on with what it knows in a refresh", async () => {
  const failure = await set.create().catch((error: unknown) => error as Error);
  const { message } = failure as Error;
  expect(message).toContain("HTTP 403: no access");
  expect(message).toMatch(
    / 4899 other targets failed for the same reason: stack secret\/s\d+, .* and 4894 more\.$/,
  );
  expect(message.split("\n")).toHaveLength(1);
  expect(message.length).toBeLessThan(800);
  expect(set.state["assigned"]).toEqual(open.map((stack) => `stack:${stack}`).sort());

  world.nextDeployment();
  world.emulator.admin.clearFaults();
  world.emulator.admin.addFault({ kind: "status", status: 403, path: "/open/s[1-9]" });
  expect(await set.refresh()).toBe(true);
  expect(set.state["assigned"]).toHaveLength(100);
  expect(world.warnings.at(-1)).toMatch(
    /may not read stack open\/s.* and 79 more; state keeps what it knew of them\./,
  );
}, 120_000);
