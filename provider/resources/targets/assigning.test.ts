import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accessKey, poolKey, targetKey } from "../ownership/claim-keys.ts";
import { Claims } from "../ownership/claims.ts";
import {
  claim,
  openTargetWorld,
  organization,
  reference,
  type TargetWorld,
} from "../testing/target-world.ts";
import { assignmentKeys, identify } from "./assigning.ts";

let hcp: TargetWorld;

beforeEach(async () => {
  hcp = await openTargetWorld();
});

afterEach(() => hcp.world.close());

describe("an assignment", () => {
  it("gives the target the pool and access to it", async () => {
    const { id, name } = await hcp.workspace();
    expect(await hcp.assign(hcp.one)).toEqual({ id, name, accessGranted: true });
    expect(await hcp.poolNow()).toBe(hcp.one);
    expect(await hcp.allowed(hcp.one)).toEqual([id]);
  });

  it("takes over what is so already, with the entry in the list where it has one", async () => {
    await hcp.repoint(hcp.one);
    const before = hcp.changesSent();
    hcp.queueRun();
    expect((await hcp.assign(hcp.one)).accessGranted).toBe(true);
    expect(hcp.changesSent()).toBe(before);
  });

  it("changes nothing where the deployment is cancelled while the target is looked at", async () => {
    const before = hcp.changesSent();
    hcp.cancelled = AbortSignal.abort();
    await expect(hcp.assign(hcp.one)).rejects.toThrow("The deployment was cancelled before this was begun.");
    expect(hcp.changesSent()).toBe(before);
  });

  it("takes over no entry where everybody may use the pool", async () => {
    const open = await hcp.makePool("open", true);
    await hcp.repoint(open);
    const before = hcp.changesSent();
    expect((await hcp.assign(open)).accessGranted).toBe(false);
    expect(hcp.changesSent()).toBe(before);
  });

  it("grants access again that was taken away", async () => {
    await hcp.repoint(hcp.one);
    await hcp.plane.pools.update(hcp.one, { scope: { organizationScoped: false, allowedWorkspaces: [] } });
    expect((await hcp.assign(hcp.one)).accessGranted).toBe(true);
    expect(await hcp.allowed(hcp.one)).toHaveLength(1);
  });

  it("takes over an entry that was there before where the program manages the list, and no other", async () => {
    const { id } = await hcp.workspace();
    const listed = { organizationScoped: false, allowedWorkspaces: [id] };
    await hcp.plane.pools.update(hcp.one, { scope: listed });
    await hcp.plane.pools.update(hcp.two, { scope: listed });
    expect((await hcp.assign(hcp.one)).accessGranted).toBe(false);
    hcp.claims.declare(claim({ pool: poolKey(hcp.plane, hcp.two), manages: "access" }));
    expect((await hcp.assign(hcp.two, { overwrite: true })).accessGranted).toBe(true);
  });

  it("ends the access to the former pool where it was given with that assignment", async () => {
    await hcp.repoint(hcp.one);
    await hcp.assign(hcp.two, { former: { poolId: hcp.one, accessGranted: false } });
    expect(await hcp.poolNow()).toBe(hcp.two);
    expect(await hcp.allowed(hcp.one)).toHaveLength(1);
    await hcp.assign(hcp.one, { former: { poolId: hcp.two, accessGranted: true } });
    expect(await hcp.allowed(hcp.two)).toEqual([]);
    await hcp.assign(hcp.one, { former: { poolId: hcp.one, accessGranted: true } });
    expect(await hcp.allowed(hcp.one)).toHaveLength(1);
  });

  it("ends the access to a pool whose list the program manages, unless another resource declares it", async () => {
    const { id } = await hcp.workspace();
    const manager = claim({ owner: "pool", pool: poolKey(hcp.plane, hcp.one), manages: "access" });
    await hcp.repoint(hcp.one);
    hcp.claims.declare(claim({ resolve: async () => [accessKey(poolKey(hcp.plane, hcp.one), id)] }));
    hcp.claims.declare(manager);
    await hcp.assign(hcp.two);
    expect(await hcp.allowed(hcp.one)).toEqual([id]);
    await hcp.repoint(hcp.one);
    hcp.claims = new Claims(hcp.world.clock);
    hcp.claims.declare(manager);
    await hcp.assign(hcp.two);
    expect(await hcp.allowed(hcp.one)).toEqual([]);
  });

  it("does what waits for the target to leave its pool", async () => {
    const left = vi.fn(async () => undefined);
    hcp.claims.things.onDeparture(await hcp.keyOfWorkspace(), left);
    await hcp.assign(hcp.one);
    expect(left).toHaveBeenCalledOnce();
  });

  it("refuses a target that is not there, or no more after a wait for its work", async () => {
    const missing = (name: string) => `HCP Terraform: there is no workspace ${name} in organization acme`;
    await expect(hcp.assign(hcp.one, {}, "none")).rejects.toMatchObject({
      message: expect.stringContaining(missing("none")),
    });
    hcp.meanwhile(() =>
      hcp.world.emulator.admin.hcpTerraform.deleteWorkspace({ organization, workspace: "network-prod" }),
    );
    await expect(hcp.assign(hcp.one, { activeWorkTimeoutSeconds: 60 })).rejects.toMatchObject({
      message: expect.stringContaining(missing("network-prod")),
    });
  });
});

describe("a target of a pool that the deployment does not manage", () => {
  const refusal = () =>
    `workspace network-prod is assigned to pool "two" (${hcp.two}), which this program does not manage, and was not moved to pool "one" (${hcp.one})`;

  it("is refused, unless it may be overwritten", async () => {
    await hcp.repoint(hcp.two);
    await expect(hcp.assign(hcp.one)).rejects.toThrow(refusal());
    await hcp.assign(hcp.one, { overwrite: true });
    expect(await hcp.poolNow()).toBe(hcp.one);
  });

  it("is refused where somebody gives it to that pool during a wait for its work", async () => {
    hcp.meanwhile(() => hcp.repoint(hcp.two));
    await expect(hcp.assign(hcp.one, { activeWorkTimeoutSeconds: 60 })).rejects.toThrow(refusal());
  });

  it("is refused whatever pool state names, unless it names that one", async () => {
    const third = await hcp.makePool("third");
    await hcp.repoint(hcp.two);
    await expect(hcp.assign(hcp.one, { former: { poolId: third, accessGranted: true } })).rejects.toThrow(
      refusal(),
    );
    await hcp.assign(hcp.one, { former: { poolId: hcp.two, accessGranted: false } });
    expect(await hcp.poolNow()).toBe(hcp.one);
  });

  it("may be moved once a resource of the program that manages the pool is registered, which is waited for", async () => {
    await hcp.repoint(hcp.two);
    void hcp.claims.registration.during(async () => {
      await hcp.world.clock.pause(500);
      hcp.claims.notePool(poolKey(hcp.plane, hcp.two), { owner: "pool" });
    });
    await hcp.assign(hcp.one);
    expect(await hcp.poolNow()).toBe(hcp.one);
    const quiet = vi.spyOn(hcp.claims.registration, "quiet");
    hcp.claims.noteHeld(
      poolKey(hcp.plane, hcp.one),
      { kind: "workspace", id: (await hcp.workspace()).id, poolId: hcp.one },
      { owner: "b" },
    );
    await hcp.assign(hcp.two);
    expect(quiet).not.toHaveBeenCalled();
  });
});

describe("the identity of a target", () => {
  it("is its name where that is the identity, and is looked up where it is not", async () => {
    const stack = { kind: "stack", name: "a/b" };
    expect(await identify(hcp.world.outsider("pulumi-cloud"), stack)).toEqual({ ...stack, id: "a/b" });
    expect(await identify(hcp.plane, reference)).toMatchObject({ id: (await hcp.workspace()).id });
    expect(await identify(hcp.plane, { ...reference, name: "none" })).toBeUndefined();
  });

  it("comes with its access to a pool where there is one", async () => {
    const target = { kind: "workspace", id: "ws-1" };
    const key = targetKey(hcp.plane, organization, target);
    expect(await assignmentKeys(hcp.plane, target, undefined)).toEqual([key]);
    expect(await assignmentKeys(hcp.plane, target, hcp.one)).toEqual([
      key,
      accessKey(poolKey(hcp.plane, hcp.one), "ws-1"),
    ]);
  });
});
