import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { agentUnavailable, buildAgent } from "./build.ts";
import { type OidcIssuer, startOidcIssuer } from "./oidc-issuer.ts";
import { registerIssuer } from "./oidc-trust.ts";
import { emptyFolder } from "./start-agent.ts";
import { makeHost, makePool, queue, startOn, waitFor } from "./workflow-agent-world.ts";

let emulator: Emulator;
let issuer: OidcIssuer;
beforeAll(async () => {
  if (agentUnavailable === undefined) await buildAgent();
  [emulator, issuer] = await Promise.all([startEmulator(), startOidcIssuer()]);
});
beforeEach(() => emulator.admin.reset());
afterAll(() => Promise.all([emulator.stop(), issuer.stop()]));

/** Lets tokens of the issuer with this subject be runners of the pool. */
async function trust(poolId: string, subject: string): Promise<void> {
  const allow = await registerIssuer(emulator, issuer);
  await allow(poolId, subject);
}

function tokenFile(subject: string): string {
  const path = join(emptyFolder(), "token");
  writeFileSync(path, `${issuer.issue({ sub: subject, aud: "urn:pulumi:org:acme" })}\n`, { mode: 0o600 });
  return path;
}

describe.skipIf(agentUnavailable !== undefined)(
  `the workflow agent's stand-in with OIDC (${agentUnavailable ?? "built"})`,
  () => {
    test("exchanges its token for a runner's, does so again when that expires, and runs jobs", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p", "app/prod")];
      await trust(pool.id, "host:*");
      const oidc = {
        oidc_token_file: tokenFile("host:a"),
        organization_name: "acme",
        runner_pool_id: pool.id,
      };
      const agent = await startOn(host, { ...oidc, token_expiration: "2s" });
      await waitFor(emulator, queue(emulator, "app/prod", 0.1), "succeeded");
      await agent.printed("token-exchanged", 2);
      await waitFor(emulator, queue(emulator, "app/prod", 0.1), "succeeded");
    });

    test("ends, and says why, when the policy doesn't let it, or its token file is missing", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p")];
      await trust(pool.id, "host:a");
      const file = tokenFile("host:b");
      const oidc = { oidc_token_file: file, organization_name: "acme", runner_pool_id: pool.id };
      const refused = await startOn(host, oidc);
      expect(await refused.exited).toBe(1);
      expect(refused.output).toMatch(/don't allow runner/);
      rmSync(file);
      const missing = await startOn(host, oidc);
      expect(await missing.exited).toBe(1);
      expect(missing.output).toMatch(/oidc_token_file.*no such file/);
    });
  },
);
