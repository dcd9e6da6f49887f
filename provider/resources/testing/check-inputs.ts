import { expect } from "vitest";
import { systemClock } from "../../clock.ts";
import { Connections } from "../../control-planes/connect.ts";
import { checkInputs } from "../framework/check.ts";
import type { LifecycleContext, Properties } from "../framework/lifecycle.ts";
import { lifecycles, type ResourceName } from "../index.ts";
import { Claims } from "../ownership/claims.ts";

export const pulumi = { kind: "pulumi-cloud", organization: "acme" };
export const envZero = { kind: "env-zero", organization: "acme" };
export const terraform = { kind: "hcp-terraform", organization: "acme" };

const everyCredential = {
  pulumiCloudAccessToken: "pulumi-token",
  hcpTerraformToken: "tfe-token",
  envZeroApiKey: "key",
  envZeroApiSecret: "secret-of-check",
};

/** Checks inputs as an adapter does, without any control plane: no check asks one. */
export function check(
  resource: ResourceName,
  inputs: Properties,
  {
    previous,
    credentials = everyCredential,
  }: { previous?: Properties; credentials?: Record<string, string> } = {},
) {
  const context: LifecycleContext = {
    connections: new Connections(credentials),
    claims: new Claims(),
    clock: systemClock,
    subject: resource,
    warn: () => undefined,
    inform: () => undefined,
    progress: () => undefined,
  };
  return checkInputs(lifecycles[resource], inputs, context, { previous });
}

/** What is wrong, in which inputs of which resource, and where and why they are refused. */
export type Refusal = [
  what: string,
  resource: ResourceName,
  inputs: Properties,
  property: string,
  reason: string,
];

/** Expects exactly one violation: a mistake that is named twice looks like two. */
export function expectRefusal(...[, resource, inputs, property, reason]: Refusal): void {
  const { violations } = check(resource, inputs);
  expect(violations).toHaveLength(1);
  expect(violations[0]?.property).toBe(property);
  expect(violations[0]?.reason).toContain(reason);
}
