import type { DefaultPool, Freshness } from "../control-plane";
import { activeWorkOfOrganization } from "./active-work";
import { defaultPoolOf, type Organization } from "./organization";
import type { HcpTerraformSession } from "./session";

/** The pool that projects and workspaces inherit from the organization. (API: "Organizations".) */
export class OrganizationDefaultPool implements DefaultPool {
  private readonly session: HcpTerraformSession;
  private readonly organization: Organization;

  constructor(session: HcpTerraformSession) {
    this.session = session;
    this.organization = session.organization;
  }

  activeWork(): Promise<string | undefined> {
    return activeWorkOfOrganization(this.session);
  }

  async find(freshness?: Freshness): Promise<string | undefined> {
    return defaultPoolOf(await this.organization.read(freshness));
  }

  /** Going back to `remote` takes the pool away by itself. */
  set(poolId: string | undefined): Promise<void> {
    return this.organization.update(
      `set the default agent pool of organization ${this.organization.name}`,
      poolId === undefined
        ? { attributes: { "default-execution-mode": "remote" } }
        : {
            attributes: { "default-execution-mode": "agent" },
            relationships: { "default-agent-pool": { data: { id: poolId, type: "agent-pools" } } },
          },
    );
  }
}
