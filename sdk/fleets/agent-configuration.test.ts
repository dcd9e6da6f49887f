import { expect, it } from "vitest";
import { fleetControlPlane } from "./agent-configuration.ts";

const controlPlane = {
  kind: "pulumi-cloud",
  organization: "acme",
  url: "https://pulumi.acme.example",
} as const;

it("takes the control plane of a fleet from the id of the pool", () => {
  expect(fleetControlPlane("pulumi-cloud", undefined, "pulumi-cloud/acme/pool-1")).toEqual({
    kind: "pulumi-cloud",
    organization: "acme",
  });
});

it("takes the control plane of a fleet that is given, with its URL", () => {
  for (const pool of ["pool-1", "pulumi-cloud/acme/pool-1"]) {
    expect(fleetControlPlane("pulumi-cloud", controlPlane, pool)).toEqual(controlPlane);
  }
});

it.each([
  ["pool-1", undefined, 'controlPlane: is required here, since "pool-1"'],
  [
    "hcp-terraform/acme/apool-1",
    undefined,
    "pool: is a pool of hcp-terraform, which Pulumi's agent cannot serve",
  ],
  [
    "pool-1",
    { kind: "env-zero", organization: "acme" },
    "agent.kind: Pulumi's agent serves pools of pulumi-cloud only",
  ],
] as const)("refuses the pool %s of the control plane %j", (pool, given, reason) => {
  expect(() => fleetControlPlane("pulumi-cloud", given, pool)).toThrow(reason);
});
