import type { Emulator } from "../../emulator/emulator.ts";
import { clientOf, textAt } from "../contract/emulator-client.ts";
import type { OidcIssuer } from "./oidc-issuer.ts";

/** Lets tokens with such a subject, and no others, be runners of a pool. */
export type Trust = (poolId: string, subject: string) => Promise<void>;

/** Registers an issuer with organization `acme`. */
export async function registerIssuer(emulator: Emulator, issuer: OidcIssuer): Promise<Trust> {
  const send = clientOf(emulator, "pulumi-cloud");
  const body = { name: "host", url: issuer.url, thumbprints: [issuer.thumbprint] };
  const { body: made } = await send("POST", "/api/orgs/acme/oidc/issuers", body);
  const policies = "/api/orgs/acme/auth/policies";
  const policy = await send("GET", `${policies}/oidcissuers/${textAt(made, "id")}`);
  return async (poolId, subject) => {
    const rule = { decision: "allow", tokenType: "runner", runnerID: poolId, authorizedPermissions: [] };
    const rules = { sub: subject, aud: "urn:pulumi:org:acme" };
    await send("PATCH", `${policies}/${textAt(policy.body, "id")}`, { policies: [{ ...rule, rules }] });
  };
}
