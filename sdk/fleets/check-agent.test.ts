import { describe, expect, it } from "vitest";
import { imageReference } from "./check-agent.ts";

describe("the image of an agent", () => {
  it.each([
    ["pulumi-cloud", "2.3.0", "pulumi/customer-managed-workflow-agent:v2.3.0"],
    ["pulumi-cloud", "v2.3.0-amd64", "pulumi/customer-managed-workflow-agent:v2.3.0-amd64"],
    ["pulumi-cloud", "latest", "pulumi/customer-managed-workflow-agent:latest"],
    ["hcp-terraform", "1.30.2", "hashicorp/tfc-agent:1.30.2"],
    ["env-zero", "5.2.2", "ghcr.io/env0/deployment-agent:5.2.2"],
  ] as const)("of %s %s has the vendor's tag", (kind, version, image) => {
    expect(imageReference({ kind, version })).toBe(image);
  });

  it("has the user's own tag in a registry of the user's own, and the digest", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const agent = {
      kind: "pulumi-cloud",
      version: "2.3.0",
      image: "registry.acme.example/agent",
      digest,
    } as const;
    expect(imageReference(agent)).toBe(`registry.acme.example/agent:2.3.0@${digest}`);
  });
});
