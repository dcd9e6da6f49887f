import { expect } from "vitest";
import { type Emulator, emulatorIds } from "../../emulator/index.ts";
import { accessIn, assignmentsIn, poolsIn } from "./organization.ts";

const organization = emulatorIds.organization;

/**
 * Somebody else who works in the same organization while programs are deployed: just before each request that changes
 * something it makes pools and tokens of its own and moves targets of its own between its pools.
 */
export class Stranger {
  /** How often it did something. */
  acts = 0;
  private readonly emulator: Emulator;
  private readonly pools: { cloud: string[]; envZero: string[]; hcp: string[] } = {
    cloud: [],
    envZero: [],
    hcp: [],
  };
  private readonly tokens: string[] = [];
  private readonly leaving: (() => unknown)[] = [];

  constructor(emulator: Emulator) {
    this.emulator = emulator;
    this.makePools();
    this.moveTargets();
    for (const method of ["POST", "PATCH", "PUT", "DELETE"] as const) {
      const interposed = emulator.admin.interpose({ method, when: "before", run: () => this.act() });
      this.leaving.push(interposed.remove);
    }
  }

  /** It does nothing any more. */
  leave(): void {
    for (const leave of this.leaving.splice(0)) leave();
  }

  /** Expects every pool, token and assignment of the stranger's, and its entry in the list of its pool. */
  expectEverythingAsItLeftIt(): void {
    const names = poolsIn(this.emulator).filter((name) => name.startsWith("stranger"));
    expect(names).toHaveLength(Object.values(this.pools).flat().length);
    const { envZero, hcpTerraform } = this.emulator.admin.snapshot();
    const secrets = envZero.agents.flatMap(({ secrets: made }) => made.map(({ id }) => id));
    const tokens = hcpTerraform.agentPools.flatMap(({ tokens: made }) => made.map(({ id }) => id));
    expect([...secrets, ...tokens]).toEqual(expect.arrayContaining(this.tokens));
    const last = `stranger-${this.pools.cloud.length}`;
    expect(assignmentsIn(this.emulator)).toMatchObject({
      "stack network/dev": last,
      "project sandbox": last,
      "workspace app-prod": last,
    });
    expect(accessIn(this.emulator)[last]).toEqual(["app-prod"]);
  }

  private act(): void {
    this.acts++;
    // More would only make states larger.
    if (this.pools.cloud.length < 8) this.makePools();
    this.moveTargets();
  }

  private makePools(): void {
    const { pulumiCloud, envZero, hcpTerraform } = this.emulator.admin;
    const name = `stranger-${this.pools.cloud.length + 1}`;
    this.pools.cloud.push(pulumiCloud.createAgentPool({ organization, name }).id);
    const agentId = envZero.createAgent({ organizationId: emulatorIds.envZeroOrganizationId, name }).id;
    this.pools.envZero.push(agentId);
    const agentPoolId = hcpTerraform.createAgentPool({ organization, name, organizationScoped: false }).id;
    this.pools.hcp.push(agentPoolId);
    this.tokens.push(
      envZero.createAgentSecret({ agentId }).id,
      // The description that the program's own token has.
      hcpTerraform.createAgentToken({ agentPoolId, description: "hcp" }).id,
    );
    const workspaces = this.emulator.admin.snapshot().hcpTerraform.workspaces;
    const id = workspaces.find((workspace) => workspace.name === "app-prod")?.id ?? "";
    hcpTerraform.updateAgentPool({ agentPoolId, allowedWorkspaceIds: [id] });
  }

  private moveTargets(): void {
    const { pulumiCloud, envZero, hcpTerraform } = this.emulator.admin;
    const [cloud, agentId, hcp] = [this.pools.cloud, this.pools.envZero, this.pools.hcp].map((ids) =>
      String(ids.at(-1)),
    ) as [string, string, string];
    pulumiCloud.assign({ organization, target: { stack: "network/dev" }, agentPoolId: cloud });
    envZero.assign({ projectId: emulatorIds.envZeroProjects.sandbox, agentId });
    hcpTerraform.assign({ organization, target: { workspace: "app-prod" }, agentPoolId: hcp });
  }
}
