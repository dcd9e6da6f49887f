import type { AssignedTarget, Freshness, Target, TargetFilter } from "../control-plane";
import { ControlPlaneError } from "../http/error";
import { displayName } from "./dialect";
import type { PulumiCloudSession } from "./session";
import { organizationMetadata } from "./wire";

/** How one kind of target is found, pointed at a pool, and listed. */
export interface TargetsOfKind {
  /** The target by its name, asked for now. Undefined: 404. @throws ControlPlaneError where the name can be none. */
  find(name: string): Promise<AssignedTarget | undefined>;
  /** Points it at a pool; undefined: at none. False: 404. */
  write(name: string, poolId: string | undefined): Promise<boolean>;
  list(filter: TargetFilter, freshness?: Freshness): Promise<readonly Target[]>;
  /** All of them with their pools, asked for now. Absent: the service refuses to delete a pool that one of these has. */
  listWithPools?(): Promise<readonly AssignedTarget[]>;
  /** @throws ControlPlaneError unless the token may see all targets of this kind. */
  confirmVisible(): Promise<void>;
}

/**
 * Both lists of which a token may see a part only are counted in full in the organization's metadata, which also tell
 * the role: an administrator sees everything. (API: `GetOrganizationMetadata`.)
 *
 * @param visible what the token sees, asked only where the role does not decide.
 */
export async function confirmSeesAll(
  { api, organization }: PulumiCloudSession,
  what: { readonly words: string; readonly count: "stackCount" | "accountCount" },
  visible: () => Promise<readonly unknown[]>,
): Promise<void> {
  const operation = `find out whether the token may see all ${what.words} of organization ${organization}`;
  const metadata = await api.send(
    { operation, method: "GET", path: `/api/orgs/${encodeURIComponent(organization)}/metadata` },
    organizationMetadata,
  );
  if (metadata.userRole === "admin") return;
  const seen = (await visible()).length;
  const all = metadata[what.count];
  if (seen >= all) return;
  throw new ControlPlaneError({
    plane: displayName,
    operation,
    message: `it sees ${seen} of ${all}, so one that it does not find may exist all the same`,
    advice: "Use a token of an administrator, or of a role that may see them.",
  });
}
