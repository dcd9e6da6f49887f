import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { redact } from "../http/redact.ts";
import { startCannedService } from "./testing/canned-service.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

let world: Awaited<ReturnType<typeof openTestWorld>>;
let plane: ReturnType<typeof openPlane>;
let pool: string;
beforeEach(async () => {
  world = await openTestWorld();
  plane = openPlane(world.emulator.url);
  pool = world.assignedPool("builders");
});
afterEach(() => world.emulator.stop());

const someToken = () => world.emulator.admin.hcpTerraform.createAgentToken({ agentPoolId: pool });

describe("a token", () => {
  test("is created with its description, and its value is a secret from then on", async () => {
    const token = await plane.tokens.create(pool, "fleet 1");
    expect(world.bodies("createAgentToken")).toEqual([
      { data: { type: "authentication-tokens", attributes: { description: "fleet 1" } } },
    ]);
    expect(token).toEqual({
      id: token.id,
      description: "fleet 1",
      createdAt: world.pool(pool).tokens[0]?.createdAt,
      lastUsedAt: null,
      value: expect.stringContaining(".atlasv1."),
    });
    expect(redact(`x ${token.value} y`)).toBe("x [secret] y");
  });

  test("that was just made is in the list once, without its value", async () => {
    await plane.tokens.list(pool);
    const { value: _value, ...token } = await plane.tokens.create(pool, "fleet 1");
    expect(await plane.tokens.list(pool)).toEqual([token]);
    expect(await plane.tokens.list(pool, { fresh: true })).toHaveLength(1);
    expect(world.requests("listAgentTokens")).toHaveLength(2);
  });

  test("tells when it was last used", async () => {
    const { id } = someToken();
    const lastUsedAt = "2026-01-02T03:04:05.000Z";
    world.emulator.admin.hcpTerraform.updateAgentToken({ id, lastUsedAt });
    expect(await plane.tokens.find(pool, id)).toMatchObject({ lastUsedAt, description: "admin" });
  });

  test("is found in the list that was read, and afresh by asking for it alone", async () => {
    const { id } = someToken();
    expect(await plane.tokens.find(pool, id)).toMatchObject({ id, lastUsedAt: null });
    expect(world.requests("getAuthenticationToken")).toHaveLength(0);
    const lastUsedAt = "2026-01-02T03:04:05.000Z";
    world.emulator.admin.hcpTerraform.updateAgentToken({ id, lastUsedAt });
    expect(await plane.tokens.find(pool, id, { fresh: true })).toMatchObject({ lastUsedAt });
    expect(world.requests("listAgentTokens")).toHaveLength(1);
  });

  test("that the list lacks is asked for by its id", async () => {
    await plane.tokens.list(pool);
    const { id } = someToken();
    expect(await plane.tokens.find(pool, id)).toMatchObject({ id });
    expect(await plane.tokens.find(pool, "at-none")).toBeUndefined();
  });

  test("of a pool that is gone is not found, but a list that fails is an error", async () => {
    expect(await plane.tokens.find("apool-none", "at-none")).toBeUndefined();
    world.emulator.admin.addFault({ operation: "listAgentTokens", kind: "status", status: 403 });
    await expect(plane.tokens.find(pool, "at-none")).rejects.toThrow("HTTP 403");
  });

  test("is deleted, and a second time that answers false", async () => {
    const { id } = someToken();
    await plane.tokens.list(pool);
    expect(await plane.tokens.delete(pool, id)).toBe(true);
    expect(await plane.tokens.list(pool)).toEqual([]);
    expect(await plane.tokens.delete(pool, id)).toBe(false);
    expect(world.pool(pool).tokens).toEqual([]);
  });

  test("is found and deleted among others, which stay", async () => {
    const [one, other] = [someToken().id, someToken().id];
    expect(await plane.tokens.find(pool, one)).toMatchObject({ id: one });
    expect(await plane.tokens.find(pool, other)).toMatchObject({ id: other });
    expect(await plane.tokens.delete(pool, one)).toBe(true);
    expect((await plane.tokens.list(pool)).map(({ id }) => id)).toEqual([other]);
  });

  test("whose deletion fails is still listed", async () => {
    const { id } = someToken();
    await plane.tokens.list(pool);
    world.emulator.admin.addFault({ operation: "deleteAuthenticationToken", kind: "status", status: 403 });
    await expect(plane.tokens.delete(pool, id)).rejects.toThrow(
      `could not revoke agent token ${id}: HTTP 403`,
    );
    expect(await plane.tokens.list(pool)).toHaveLength(1);
  });

  test("without a value in the answer to its creation is a broken answer", async () => {
    const service = await startCannedService({
      "POST /agent-pools/apool-1/authentication-tokens": {
        status: 201,
        body: { data: { id: "at-1", attributes: { description: "x", token: "" } } },
      },
    });
    const creation = openPlane(service.url).tokens.create("apool-1", "x");
    await expect(creation).rejects.toMatchObject({ ambiguous: true });
    await service.stop();
  });
});

describe("the creation of a token", () => {
  test.each([401, 403, 404])("that is refused with %i blames organization tokens", async (status) => {
    world.emulator.admin.addFault({ operation: "createAgentToken", kind: "status", status });
    await expect(plane.tokens.create(pool, "fleet 1")).rejects.toMatchObject({
      status,
      advice: expect.stringContaining(
        "organization tokens cannot create agent tokens, so use a user token or that of a team",
      ),
    });
  });

  test("that is refused for another reason does not", async () => {
    world.emulator.admin.addFault({ operation: "createAgentToken", kind: "status", status: 422 });
    await expect(plane.tokens.create(pool, "fleet 1")).rejects.toMatchObject({
      status: 422,
      advice: undefined,
    });
  });
});

describe("a request that is refused", () => {
  test("because of a limit was not carried out, so even a creation is sent again", async () => {
    world.emulator.admin.addFault({ operation: "createAgentToken", kind: "status", status: 429, times: 1 });
    expect(await plane.tokens.create(pool, "fleet 1")).toMatchObject({ description: "fleet 1" });
    expect(world.pool(pool).tokens).toHaveLength(1);
  });

  test("is named in the error by its id, so that the vendor's support can find it", async () => {
    world.emulator.admin.addFault({ operation: "createAgentToken", kind: "status", status: 422 });
    await expect(plane.tokens.create(pool, "fleet 1")).rejects.toThrow(/\(request id [0-9a-f-]{36}\)/);
  });
});

describe("that a token is gone", () => {
  test("is certain when it answers 404 and the pool's list lacks it", async () => {
    someToken();
    await plane.tokens.confirmGone(pool, "at-none");
    expect(world.requests("getAuthenticationToken")).toHaveLength(1);
    expect(world.requests("listAgentTokens")).toHaveLength(1);
  });

  test("is refused while it is there", async () => {
    const { id } = someToken();
    await expect(plane.tokens.confirmGone(pool, id)).rejects.toThrow(`agent token ${id} is still there`);
  });

  test("is refused when the list, read anew, has it", async () => {
    await plane.tokens.list(pool);
    const { id } = someToken();
    someToken();
    world.emulator.admin.addFault({ operation: "getAuthenticationToken", kind: "status", status: 404 });
    await expect(plane.tokens.confirmGone(pool, id)).rejects.toThrow(
      `could not confirm that agent token ${id} is gone: it answers 404, yet agent pool ${pool} lists it`,
    );
  });

  test("is refused to a credential that sees the pool but not its tokens", async () => {
    const { id } = someToken();
    for (const operation of ["getAuthenticationToken", "listAgentTokens"])
      world.emulator.admin.addFault({ operation, kind: "status", status: 404 });
    await expect(plane.tokens.confirmGone(pool, id)).rejects.toThrow(
      "this credential may not see its tokens: use that of a user or team that may manage agent pools",
    );
    expect(world.pool(pool).tokens).toHaveLength(1);
  });

  test("is certain once the pool is", async () => {
    await plane.tokens.confirmGone("apool-none", "at-none");
    expect(world.requests("listAgentPools")).toHaveLength(1);
  });

  test("is refused when neither tokens nor pools can be listed", async () => {
    world.emulator.admin.addFault({ operation: "listAgentPools", kind: "status", status: 404 });
    await expect(plane.tokens.confirmGone("apool-none", "at-none")).rejects.toThrow(
      "The token may not see agent pools",
    );
  });

  test("is not known when the list of tokens fails", async () => {
    world.emulator.admin.addFault({ operation: "listAgentTokens", kind: "status", status: 403 });
    const failure = plane.tokens.confirmGone(pool, "at-none");
    await expect(failure).rejects.toThrow("HTTP 403");
    await expect(failure).rejects.not.toThrow("The pool is there");
    expect(world.requests("getAgentPool")).toHaveLength(0);
  });
});
