import type { DefaultPool, Freshness } from "../control-plane";
import { anyAnswer } from "../http/answer";
import { organizationPath, type PulumiCloudSession } from "./session";

/** The pool of all work that names none. Its answer to a change does not show it, so the list of pools is asked. */
export class OrganizationDefaultPool implements DefaultPool {
  private readonly session: PulumiCloudSession;

  constructor(session: PulumiCloudSession) {
    this.session = session;
  }

  async find(freshness?: Freshness): Promise<string | undefined> {
    return (await this.session.poolList.read(freshness)).defaultPoolId;
  }

  /** The empty string reverts to the hosted pool. Only the one key is sent. (API: `UpdateOrganizationSettings`.) */
  async set(poolId: string | undefined): Promise<void> {
    const { api, organization, poolList } = this.session;
    await api.send(
      {
        operation: `set the default agent pool of organization ${organization}`,
        method: "PATCH",
        path: organizationPath(organization),
        body: { setDefaultAgentPoolID: poolId ?? "" },
      },
      anyAnswer,
    );
    poolList.change((answer) => ({ ...answer, defaultPoolId: poolId }));
  }
}
