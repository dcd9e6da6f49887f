import type { DefaultPool, Freshness } from "../control-plane";
import type { EnvZeroSession } from "./session";

/** The pool of projects that name none. The API shows it and cannot set it: the console or the vendor's support does. */
export class OrganizationDefaultPool implements DefaultPool {
  private readonly session: EnvZeroSession;

  constructor(session: EnvZeroSession) {
    this.session = session;
  }

  async find(freshness?: Freshness): Promise<string | undefined> {
    return (await this.session.assignmentMap.read(freshness)).defaultPoolId;
  }
}
