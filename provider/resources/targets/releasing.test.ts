import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { poolKey } from "../ownership/claim-keys.ts";
import {
  claim,
  openTargetWorld,
  organization,
  reference,
  type TargetWorld,
} from "../testing/target-world.ts";

let hcp: TargetWorld;

beforeEach(async () => {
  hcp = await openTargetWorld();
});

afterEach(() => hcp.world.close());

describe("the end of an assignment", () => {
  beforeEach(() => hcp.repoint(hcp.one));

  it("takes the pool and the access away", async () => {
    expect(await hcp.release(hcp.one)).toBe("to-hosted-runners");
    expect(await hcp.poolNow()).toBeUndefined();
    expect(await hcp.allowed(hcp.one)).toEqual([]);
  });

  it("changes nothing where the deployment is cancelled while the target is looked at", async () => {
    hcp.cancelled = AbortSignal.abort();
    await expect(hcp.release(hcp.one)).rejects.toThrow("The deployment was cancelled before this was begun.");
    expect(await hcp.poolNow()).toBe(hcp.one);
    expect(await hcp.allowed(hcp.one)).toHaveLength(1);
  });

  it("leaves access that others gave, unless the program manages the pool's list", async () => {
    await hcp.release(hcp.one, { accessGranted: false });
    expect(await hcp.allowed(hcp.one)).toHaveLength(1);
    await hcp.repoint(hcp.one);
    hcp.claims.declare(claim({ pool: poolKey(hcp.plane, hcp.one), manages: "access" }));
    await hcp.release(hcp.one, { accessGranted: false });
    expect(await hcp.allowed(hcp.one)).toEqual([]);
  });

  it("leaves the target to the pool that it inherits, unless hosted runners are asked for", async () => {
    const agentPoolId = await hcp.makePool("default", true);
    // What was known of the organization a moment ago does not count.
    expect(await hcp.plane.assignments.inheritedPool(await hcp.workspace())).toBeUndefined();
    hcp.world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization, agentPoolId });
    expect(await hcp.release(hcp.one)).toBe("to-inherited-pool");
    await hcp.repoint(hcp.one);
    expect(await hcp.release(hcp.one, { fallback: "hosted" })).toBe("to-hosted-runners");
  });

  it("leaves a target alone that has another pool, and takes back the access that was given", async () => {
    await hcp.repoint(hcp.two);
    hcp.queueRun();
    expect(await hcp.release(hcp.one)).toBe("left-alone");
    expect(await hcp.poolNow()).toBe(hcp.two);
    expect(await hcp.allowed(hcp.one)).toEqual([]);
    expect(await hcp.allowed(hcp.two)).toHaveLength(1);
  });

  it("leaves a target to another resource that declares it, with its access until it has left", async () => {
    const key = await hcp.keyOfWorkspace();
    hcp.claims.declare(claim({ resolve: async () => [key] }));
    hcp.queueRun();
    expect(await hcp.release(hcp.one)).toBe("left-alone");
    expect(await hcp.poolNow()).toBe(hcp.one);
    expect(await hcp.allowed(hcp.one)).toHaveLength(1);
    await hcp.claims.things.departed(key);
    expect(await hcp.allowed(hcp.one)).toEqual([]);
  });

  it("leaves a target alone that another resource declares during a wait for its work", async () => {
    const key = await hcp.keyOfWorkspace();
    hcp.meanwhile(() => hcp.claims.declare(claim({ resolve: async () => [key] })));
    expect(await hcp.release(hcp.one, { activeWorkTimeoutSeconds: 60 })).toBe("left-alone");
    expect(await hcp.poolNow()).toBe(hcp.one);
  });

  it("leaves a target alone that somebody takes during a wait for its work", async () => {
    hcp.meanwhile(() => hcp.repoint(hcp.two));
    expect(await hcp.release(hcp.one, { activeWorkTimeoutSeconds: 60 })).toBe("left-alone");
    expect(await hcp.poolNow()).toBe(hcp.two);
  });

  it("looks anew where another resource works on the target in the meantime", async () => {
    const find = vi.spyOn(hcp.plane.assignments, "find");
    let released: Promise<unknown> | undefined;
    await hcp.claims.things.exclusively(await hcp.keyOfWorkspace(), 0, async () => {
      find.mockClear();
      released = hcp.release(hcp.one);
      await vi.waitFor(() => expect(find.mock.settledResults[0]?.type).toBe("fulfilled"));
      await hcp.world.outsider("hcp-terraform").assignments.assign(await hcp.workspace(), hcp.two);
    });
    expect(await released).toBe("left-alone");
    expect(await hcp.poolNow()).toBe(hcp.two);
  });

  it("is a success where the target is gone for certain", async () => {
    hcp.world.emulator.admin.hcpTerraform.deleteWorkspace({ organization, workspace: "network-prod" });
    const confirmed = vi.spyOn(hcp.plane.assignments, "confirmGone");
    expect(await hcp.release(hcp.one)).toBe("gone");
    expect(confirmed).toHaveBeenCalledExactlyOnceWith(reference);
  });
});
