import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { emulatorIds } from "../../emulator/default-seed.ts";
import type { ControlPlane } from "../control-planes/control-plane.ts";
import {
  type Assigning,
  assignmentKeys,
  assignTarget,
  identify,
  type Releasing,
  releaseTarget,
} from "./assigning.ts";
import { accessKey, poolKey, targetKey } from "./claim-keys.ts";
import { type Claim, Claims } from "./claims.ts";
import type { LifecycleContext } from "./lifecycle.ts";
import { openWorld, type World } from "./testing/world.ts";

const { organization } = emulatorIds;
const reference = { kind: "workspace", name: "network-prod" };

let world: World;
/** HCP Terraform, where pools have lists of those that may use them. */
let plane: ControlPlane;
let claims: Claims;
let one: string;
let two: string;

beforeEach(async () => {
  world = await openWorld();
  plane = world.outsider("hcp-terraform");
  claims = new Claims(world.clock);
  one = await makePool("one");
  two = await makePool("two");
});

afterEach(() => world.close());

const makePool = async (name: string, organizationScoped = false) => {
  const { pool } = await plane.pools.create({ name, scope: { organizationScoped } });
  return pool.id;
};
const allowed = async (poolId: string) =>
  (await world.outsider("hcp-terraform").pools.find(poolId, { fresh: true }))?.scope?.allowedWorkspaces ?? [];
const poolNow = () => world.poolOfTarget("hcp-terraform", { workspace: "network-prod" });
/** The workspace as it is now. */
async function workspace() {
  const found = await plane.assignments.find(reference, { fresh: true });
  if (!found) throw new Error("the workspace is gone");
  return found;
}
/** Somebody assigns the workspace to a pool. */
const repoint = async (poolId: string) => plane.assignments.assign(await workspace(), poolId);
const keyOfWorkspace = async () => targetKey(plane, organization, await workspace());
const claim = (more: Partial<Claim>): Claim => ({
  owner: "b",
  declared: [],
  resolve: async () => [],
  ...more,
});
const changesSent = () =>
  world.emulator.admin.journal({ plane: "hcp-terraform" }).filter(({ method }) => method !== "GET").length;
const context = (): LifecycleContext => ({
  claims,
  clock: world.clock,
  subject: 'Thing "a"',
  connections: undefined as never,
  warn: () => undefined,
  inform: () => undefined,
  progress: () => undefined,
});
const assign = (poolId: string, more: Partial<Assigning> = {}, name = reference.name) =>
  assignTarget(
    plane,
    { ...reference, name },
    { poolId, overwrite: false, activeWorkTimeoutSeconds: 0, ...more },
    context(),
  );
const release = (poolId: string, more: Partial<Releasing> = {}) =>
  releaseTarget(
    plane,
    reference,
    { poolId, fallback: "inherit", accessGranted: true, activeWorkTimeoutSeconds: 0, ...more },
    context(),
  );
const queueRun = () =>
  world.emulator.admin.hcpTerraform.queueRun({ organization, workspace: "network-prod", status: "planning" })
    .id;
/** Does something once the run was looked at, so during the wait for its end, and ends the run. */
function meanwhile(run: () => unknown): void {
  const id = queueRun();
  world.emulator.admin.interpose({
    method: "GET",
    path: "/runs/",
    when: "after",
    times: 1,
    run: async () => {
      world.emulator.admin.hcpTerraform.updateRun({ id, status: "applied" });
      await run();
    },
  });
}

describe("an assignment", () => {
  it("gives the target the pool and access to it", async () => {
    const { id, name } = await workspace();
    expect(await assign(one)).toEqual({ id, name, accessGranted: true });
    expect(await poolNow()).toBe(one);
    expect(await allowed(one)).toEqual([id]);
  });

  it("takes over what is so already, with the entry in the list where it has one", async () => {
    await repoint(one);
    const before = changesSent();
    queueRun();
    expect((await assign(one)).accessGranted).toBe(true);
    expect(changesSent()).toBe(before);
  });

  it("takes over no entry where everybody may use the pool", async () => {
    const open = await makePool("open", true);
    await repoint(open);
    const before = changesSent();
    expect((await assign(open)).accessGranted).toBe(false);
    expect(changesSent()).toBe(before);
  });

  it("grants access again that was taken away", async () => {
    await repoint(one);
    await plane.pools.update(one, { scope: { organizationScoped: false, allowedWorkspaces: [] } });
    expect((await assign(one)).accessGranted).toBe(true);
    expect(await allowed(one)).toHaveLength(1);
  });

  it("takes over an entry that was there before where the program manages the list, and no other", async () => {
    const { id } = await workspace();
    const listed = { organizationScoped: false, allowedWorkspaces: [id] };
    await plane.pools.update(one, { scope: listed });
    await plane.pools.update(two, { scope: listed });
    expect((await assign(one)).accessGranted).toBe(false);
    claims.declare(claim({ pool: poolKey(plane, two), manages: "access" }));
    expect((await assign(two, { overwrite: true })).accessGranted).toBe(true);
  });

  it("ends the access to the former pool where it was given with that assignment", async () => {
    await repoint(one);
    await assign(two, { former: { poolId: one, accessGranted: false } });
    expect(await poolNow()).toBe(two);
    expect(await allowed(one)).toHaveLength(1);
    await assign(one, { former: { poolId: two, accessGranted: true } });
    expect(await allowed(two)).toEqual([]);
    await assign(one, { former: { poolId: one, accessGranted: true } });
    expect(await allowed(one)).toHaveLength(1);
  });

  it("ends the access to a pool whose list the program manages, unless another resource declares it", async () => {
    const { id } = await workspace();
    const manager = claim({ owner: "pool", pool: poolKey(plane, one), manages: "access" });
    await repoint(one);
    claims.declare(claim({ resolve: async () => [accessKey(poolKey(plane, one), id)] }));
    claims.declare(manager);
    await assign(two);
    expect(await allowed(one)).toEqual([id]);
    await repoint(one);
    claims = new Claims(world.clock);
    claims.declare(manager);
    await assign(two);
    expect(await allowed(one)).toEqual([]);
  });

  it("does what waits for the target to leave its pool", async () => {
    const left = vi.fn(async () => undefined);
    claims.things.onDeparture(await keyOfWorkspace(), left);
    await assign(one);
    expect(left).toHaveBeenCalledOnce();
  });

  it("refuses a target that is not there, or no more after a wait for its work", async () => {
    const missing = (name: string) => `HCP Terraform: there is no workspace ${name} in organization acme`;
    await expect(assign(one, {}, "none")).rejects.toThrow(missing("none"));
    meanwhile(() =>
      world.emulator.admin.hcpTerraform.deleteWorkspace({ organization, workspace: "network-prod" }),
    );
    await expect(assign(one, { activeWorkTimeoutSeconds: 60 })).rejects.toThrow(missing("network-prod"));
  });
});

describe("a target of a pool that the deployment does not manage", () => {
  const refusal = () =>
    `workspace network-prod is assigned to pool "two" (${two}), which this deployment does not manage, and was not moved to pool "one" (${one})`;

  it("is refused, unless it may be overwritten", async () => {
    await repoint(two);
    await expect(assign(one)).rejects.toThrow(refusal());
    await assign(one, { overwrite: true });
    expect(await poolNow()).toBe(one);
  });

  it("is refused where somebody gives it to that pool during a wait for its work", async () => {
    meanwhile(() => repoint(two));
    await expect(assign(one, { activeWorkTimeoutSeconds: 60 })).rejects.toThrow(refusal());
  });

  it("is refused whatever pool state names, unless it names that one", async () => {
    const third = await makePool("third");
    await repoint(two);
    await expect(assign(one, { former: { poolId: third, accessGranted: true } })).rejects.toThrow(refusal());
    await assign(one, { former: { poolId: two, accessGranted: false } });
    expect(await poolNow()).toBe(one);
  });

  it("may be moved once a resource of the program that manages the pool is registered, which is waited for", async () => {
    await repoint(two);
    void claims.whileRegistering(async () => {
      await world.clock.pause(500);
      claims.notePool(poolKey(plane, two), { owner: "pool" });
    });
    await assign(one);
    expect(await poolNow()).toBe(one);
    const quiet = vi.spyOn(claims, "quiet");
    claims.noteHeld(
      poolKey(plane, one),
      { kind: "workspace", id: (await workspace()).id, poolId: one },
      { owner: "b" },
    );
    await assign(two);
    expect(quiet).not.toHaveBeenCalled();
  });
});

describe("the end of an assignment", () => {
  beforeEach(() => repoint(one));

  it("takes the pool and the access away", async () => {
    expect(await release(one)).toBe("to-hosted-runners");
    expect(await poolNow()).toBeUndefined();
    expect(await allowed(one)).toEqual([]);
  });

  it("leaves access that others gave, unless the program manages the pool's list", async () => {
    await release(one, { accessGranted: false });
    expect(await allowed(one)).toHaveLength(1);
    await repoint(one);
    claims.declare(claim({ pool: poolKey(plane, one), manages: "access" }));
    await release(one, { accessGranted: false });
    expect(await allowed(one)).toEqual([]);
  });

  it("leaves the target to the pool that it inherits, unless hosted runners are asked for", async () => {
    const agentPoolId = await makePool("default", true);
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization, agentPoolId });
    expect(await release(one)).toBe("to-inherited-pool");
    await repoint(one);
    expect(await release(one, { fallback: "hosted" })).toBe("to-hosted-runners");
  });

  it("leaves a target alone that has another pool, and takes back the access that was given", async () => {
    await repoint(two);
    queueRun();
    expect(await release(one)).toBe("left-alone");
    expect(await poolNow()).toBe(two);
    expect(await allowed(one)).toEqual([]);
    expect(await allowed(two)).toHaveLength(1);
  });

  it("leaves a target to another resource that declares it, with its access until it has left", async () => {
    const key = await keyOfWorkspace();
    claims.declare(claim({ resolve: async () => [key] }));
    queueRun();
    expect(await release(one)).toBe("left-alone");
    expect(await poolNow()).toBe(one);
    expect(await allowed(one)).toHaveLength(1);
    await claims.things.departed(key);
    expect(await allowed(one)).toEqual([]);
  });

  it("leaves a target alone that another resource declares during a wait for its work", async () => {
    const key = await keyOfWorkspace();
    meanwhile(() => claims.declare(claim({ resolve: async () => [key] })));
    expect(await release(one, { activeWorkTimeoutSeconds: 60 })).toBe("left-alone");
    expect(await poolNow()).toBe(one);
  });

  it("leaves a target alone that somebody takes during a wait for its work", async () => {
    meanwhile(() => repoint(two));
    expect(await release(one, { activeWorkTimeoutSeconds: 60 })).toBe("left-alone");
    expect(await poolNow()).toBe(two);
  });

  it("looks anew where another resource works on the target in the meantime", async () => {
    const find = vi.spyOn(plane.assignments, "find");
    let released: Promise<unknown> | undefined;
    await claims.things.exclusively(await keyOfWorkspace(), 0, async () => {
      find.mockClear();
      released = release(one);
      await vi.waitFor(() => expect(find.mock.settledResults[0]?.type).toBe("fulfilled"));
      await world.outsider("hcp-terraform").assignments.assign(await workspace(), two);
    });
    expect(await released).toBe("left-alone");
    expect(await poolNow()).toBe(two);
  });

  it("is a success where the target is gone for certain", async () => {
    world.emulator.admin.hcpTerraform.deleteWorkspace({ organization, workspace: "network-prod" });
    const confirmed = vi.spyOn(plane.assignments, "confirmGone");
    expect(await release(one)).toBe("gone");
    expect(confirmed).toHaveBeenCalledExactlyOnceWith(reference);
  });
});

describe("the identity of a target", () => {
  it("is its name where that is the identity, and is looked up where it is not", async () => {
    const stack = { kind: "stack", name: "a/b" };
    expect(await identify(world.outsider("pulumi-cloud"), stack)).toEqual({ ...stack, id: "a/b" });
    expect(await identify(plane, reference)).toMatchObject({ id: (await workspace()).id });
    expect(await identify(plane, { ...reference, name: "none" })).toBeUndefined();
  });

  it("comes with its access to a pool where there is one", async () => {
    const target = { kind: "workspace", id: "ws-1" };
    const key = targetKey(plane, organization, target);
    expect(await assignmentKeys(plane, target, undefined)).toEqual([key]);
    expect(await assignmentKeys(plane, target, one)).toEqual([key, accessKey(poolKey(plane, one), "ws-1")]);
  });
});
