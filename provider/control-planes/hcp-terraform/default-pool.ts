import type { DefaultPool, Freshness } from "../control-plane";
import { defaultPoolOf, type Organization } from "./organization";

/** The pool that projects and workspaces inherit from the organization. (API: "Organizations".) */
export class OrganizationDefaultPool implements DefaultPool {
  private readonly organization: Organization;

  constructor(organization: Organization) {
    this.organization = organization;
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
