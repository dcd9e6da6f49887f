import { z } from "zod";
import type { TargetKind } from "../capabilities";
import type { Assignment, Target } from "../control-plane";
import { hasStatus } from "../error";
import type { HttpTransport } from "../http";
import {
  deploymentSettings,
  insightsAccount,
  insightsAccountList,
  policyGroup,
  policyGroupList,
  stackList,
} from "./wire";

/** How one kind of target is read, pointed at a pool (undefined: at none), and listed. */
interface TargetApi {
  find(name: string): Promise<Assignment | undefined>;
  /** False where the target does not exist. */
  set(name: string, poolId: string | undefined): Promise<boolean>;
  list(): Promise<string[]>;
}

/** Stacks, Insights accounts and policy groups of a Pulumi Cloud organization. */
export function pulumiTargets(api: HttpTransport, organization: string) {
  const kinds: Partial<Record<TargetKind, TargetApi>> = {
    stack: stacks(api, organization),
    insightsAccount: insightsAccounts(api, organization),
    policyGroup: policyGroups(api, organization),
  };
  return (target: Pick<Target, "kind">): TargetApi => {
    const targetApi = kinds[target.kind];
    if (!targetApi) throw new TypeError(`Pulumi Cloud has no target of the kind ${target.kind}.`);
    return targetApi;
  };
}

/**
 * A stack's pool is one key of its deployment settings. POST merges, null removes a key; PUT and DELETE would lose the
 * settings that others wrote, so they are never used. (API: `PatchDeploymentSettings`.)
 */
function stacks(api: HttpTransport, organization: string): TargetApi {
  const stackPath = (name: string) =>
    `/api/stacks/${[organization, ...name.split("/")].map(encodeURIComponent).join("/")}`;
  const settingsPath = (name: string) => `${stackPath(name)}/deployments/settings`;
  return {
    async find(name) {
      const operation = `read the deployment settings of stack ${organization}/${name}`;
      const settings = await api.find(
        { operation, method: "GET", path: settingsPath(name) },
        deploymentSettings,
      );
      if (settings) return { poolId: settings.agentPoolID || undefined };
      // 404 is also the answer for a stack that was never configured.
      const stack = await api.find({ operation, method: "GET", path: stackPath(name) }, z.unknown());
      return stack === undefined ? undefined : { poolId: undefined };
    },
    async set(name, poolId) {
      const settings = await api.find(
        {
          operation: `${poolId ? "assign" : "take"} the agent pool ${poolId ? "to" : "from"} stack ${organization}/${name}`,
          method: "POST",
          path: settingsPath(name),
          body: { agentPoolID: poolId ?? null },
          repeatable: true,
        },
        deploymentSettings,
      );
      return settings !== undefined;
    },
    list: () =>
      namesOnAllPages(async (continuationToken) => {
        const page = await api.send(
          {
            operation: `list the stacks of organization ${organization}`,
            method: "GET",
            path: "/api/user/stacks",
            query: { organization, continuationToken },
          },
          stackList,
        );
        const names = (page.stacks ?? []).map((stack) => `${stack.projectName}/${stack.stackName}`);
        return { names, next: page.continuationToken };
      }),
  };
}

/** The API is in preview. Whether an empty string clears the pool is not documented; that it does is a guess. */
function insightsAccounts(api: HttpTransport, organization: string): TargetApi {
  const accountsPath = `/api/preview/insights/${encodeURIComponent(organization)}/accounts`;
  const read = (name: string) =>
    api.find(
      {
        operation: `read Insights account ${name}`,
        method: "GET",
        path: `${accountsPath}/${encodeURIComponent(name)}`,
      },
      insightsAccount,
    );
  return {
    async find(name) {
      const account = await read(name);
      return account && { poolId: account.agentPoolID || undefined };
    },
    async set(name, poolId) {
      const account = await read(name);
      if (!account) return false;
      await api.send(
        {
          operation: `${poolId ? "assign an agent pool to" : "take the agent pool from"} Insights account ${name}`,
          method: "PATCH",
          path: `${accountsPath}/${encodeURIComponent(name)}`,
          body: {
            // Required by the API; the rest is sent back as it was read, since omission may clear it.
            environment: account.providerEnvRef ?? "",
            ...(account.providerConfig && { providerConfig: account.providerConfig }),
            agentPoolID: poolId ?? "",
          },
        },
        z.unknown(),
      );
      return true;
    },
    list: () =>
      namesOnAllPages(async (continuationToken) => {
        const page = await api.send(
          {
            operation: `list the Insights accounts of organization ${organization}`,
            method: "GET",
            path: accountsPath,
            query: { continuationToken },
          },
          insightsAccountList,
        );
        return { names: (page.accounts ?? []).map((account) => account.name), next: page.nextToken };
      }),
  };
}

/** Only audit policy groups use a pool. The empty string clears it. (API: `UpdatePolicyGroup`.) */
function policyGroups(api: HttpTransport, organization: string): TargetApi {
  const groupsPath = `/api/orgs/${encodeURIComponent(organization)}/policygroups`;
  const groupPath = (name: string) => `${groupsPath}/${encodeURIComponent(name)}`;
  return {
    async find(name) {
      const group = await api.find(
        { operation: `read policy group ${name}`, method: "GET", path: groupPath(name) },
        policyGroup,
      );
      return group && { poolId: group.agentPoolId || undefined };
    },
    async set(name, poolId) {
      try {
        await api.send(
          {
            operation: `${poolId ? "assign an agent pool to" : "take the agent pool from"} policy group ${name}`,
            method: "PATCH",
            path: groupPath(name),
            body: { agentPoolId: poolId ?? "" },
          },
          z.unknown(),
        );
        return true;
      } catch (error) {
        if (hasStatus(error, 404)) return false;
        throw error;
      }
    },
    async list() {
      const { policyGroups } = await api.send(
        { operation: `list the policy groups of ${organization}`, method: "GET", path: groupsPath },
        policyGroupList,
      );
      return policyGroups.map((group) => group.name);
    },
  };
}

/** One page of a list; `next` is the token of the page after it, absent or empty on the last one. */
interface Page {
  readonly names: readonly string[];
  readonly next?: string | null | undefined;
}

async function namesOnAllPages(
  readPage: (continuationToken: string | undefined) => Promise<Page>,
): Promise<string[]> {
  const names: string[] = [];
  let continuationToken: string | undefined;
  do {
    const page = await readPage(continuationToken);
    names.push(...page.names);
    continuationToken = page.next || undefined;
  } while (continuationToken !== undefined);
  return names;
}
