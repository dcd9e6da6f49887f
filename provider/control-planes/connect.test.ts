import { describe, expect, it, onTestFinished } from "vitest";
import { emulatorIds } from "../../emulator/default-seed.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { emulatorSettings } from "../../emulator/environment.ts";
import { Connections, type ControlPlaneAddress } from "./connect.ts";
import { controlPlaneKinds } from "./planes.ts";
import { failureOf } from "./testing/open-parts.ts";

const { organization, envZeroOrganizationId } = emulatorIds;
const [pulumi, envZero, terraform] = (["pulumi-cloud", "env-zero", "hcp-terraform"] as const).map((kind) => ({
  kind,
  organization,
})) as [ControlPlaneAddress, ControlPlaneAddress, ControlPlaneAddress];

/** Connections that are configured for an emulator, and the emulator. */
async function open() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.stop());
  const settings = emulatorSettings(emulator.url);
  const requests = () => emulator.admin.journal().map(({ operation }) => operation);
  return { ...emulator, settings, connections: new Connections(settings), requests };
}

describe("a client", () => {
  it("is one for all who name the same organization of the same service", async () => {
    const { connections, url } = await open();
    const client = connections.connect(pulumi);
    expect(connections.connect({ ...pulumi })).toBe(client);
    expect(connections.connect({ ...pulumi, url: `${url.toUpperCase()}/` })).toBe(client);
    expect(connections.connect({ ...pulumi, organization: "other" })).not.toBe(client);
    expect(connections.connect(terraform)).not.toBe(client);
  });

  it.each(controlPlaneKinds)("of %s knows where it is connected to, and reaches it", async (kind) => {
    const { connections, url } = await open();
    const client = connections.connect({ kind, organization });
    expect(client).toMatchObject({ kind, organization, url });
    expect(await client.pools.list()).toEqual([]);
    expect(await client.defaultPool.find()).toBeUndefined();
  });

  it("has the parts that its control plane has", async () => {
    const { connections } = await open();
    const shown = [pulumi, envZero, terraform].map((address) => {
      const client = connections.connect(address);
      const parts = Object.entries(client).filter(([, part]) => typeof part === "object");
      return [client.displayName, ...parts.map(([name]) => name)];
    });
    expect(shown).toEqual([
      ["Pulumi Cloud", "pools", "assignments", "defaultPool", "agents", "demand"],
      ["env zero", "pools", "tokens", "assignments", "defaultPool"],
      ["HCP Terraform", "pools", "tokens", "assignments", "defaultPool", "agents", "demand"],
    ]);
  });

  it("tells the identity of the organization: an id, or its name where it has none", async () => {
    const { connections, requests } = await open();
    expect(await connections.connect(pulumi).organizationId()).toBe(organization);
    expect(requests()).toEqual([]);
    expect(await connections.connect(envZero).organizationId()).toBe(envZeroOrganizationId);
  });

  it("tries as often as it was told", async () => {
    const { admin, settings, requests } = await open();
    const retries = { attempts: 2, firstDelay: 1, longestDelay: 1, totalTime: 1000 };
    admin.addFault({ operation: "ListOrgAgentPool", kind: "status", status: 503 });
    await failureOf(new Connections(settings, { retries }).connect(pulumi).pools.list());
    expect(requests()).toEqual(["ListOrgAgentPool", "ListOrgAgentPool"]);
  });
});

describe("two addresses", () => {
  it("are one organization where they name the same, without a request", async () => {
    const { connections, url, requests } = await open();
    expect(await connections.isSame(envZero, { ...envZero, url })).toBe(true);
    expect(requests()).toEqual([]);
  });

  it("are not one on another control plane, or on another service", async () => {
    const { connections, requests } = await open();
    expect(await connections.isSame(pulumi, terraform)).toBe(false);
    expect(await connections.isSame(pulumi, { ...pulumi, url: "https://other.test" })).toBe(false);
    expect(requests()).toEqual([]);
  });

  it("are not one by another name where the name is the identity, without a request", async () => {
    const { connections, requests } = await open();
    expect(await connections.isSame(pulumi, { ...pulumi, organization: "other" })).toBe(false);
    expect(requests()).toEqual([]);
  });

  it("are one where name and id have the same identity", async () => {
    const { connections } = await open();
    const byId = { ...envZero, organization: envZeroOrganizationId };
    expect(await connections.isSame(envZero, byId)).toBe(true);
    expect(await connections.isSame(byId, envZero)).toBe(true);
  });

  it("are not one where an identity is not known", async () => {
    const { connections } = await open();
    const [other, third] = ["other", "third"].map((name) => ({ ...envZero, organization: name }));
    expect(await connections.isSame(envZero, other as ControlPlaneAddress)).toBe(false);
    expect(await connections.isSame(other as ControlPlaneAddress, third as ControlPlaneAddress)).toBe(false);
  });

  it("are not one where their identities differ", async () => {
    const { connections, admin, settings } = await open();
    const organizationId = "e0e0e0e0-0000-4000-8000-000000000002";
    const value = `${settings["envZeroApiKey"]}:${settings["envZeroApiSecret"]}`;
    admin.seed({
      credentials: [
        { plane: "env-zero", value, kind: "admin", organizations: [envZeroOrganizationId, organizationId] },
      ],
      envZero: [{ organizationId, organization: "second" }],
    });
    expect(await connections.isSame(envZero, { ...envZero, organization: "second" })).toBe(false);
  });
});
