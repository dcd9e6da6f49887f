import { z } from "zod";
import { CachedList } from "../cached-list";
import type { ConnectOptions, Credential, PlaneAddress } from "../descriptor";
import { HttpTransport } from "../http/http";
import { AssignmentMap } from "./assignment-map";
import { dialect } from "./dialect";
import { OwnOrganization } from "./organizations";
import { listedPool, type PoolResource } from "./wire";

/** What the parts of one organization share. */
export interface EnvZeroSession {
  readonly api: HttpTransport;
  readonly organization: OwnOrganization;
  readonly poolList: CachedList<PoolResource>;
  readonly assignmentMap: AssignmentMap;
}

/** Opens an organization of env zero. It makes no request. */
export function openSession(
  { organization: nameOrId, url }: PlaneAddress,
  credential: Credential,
  options: ConnectOptions,
): EnvZeroSession {
  if (!("apiKey" in credential)) throw new TypeError("env zero takes an API key and its secret.");
  const api = new HttpTransport(url, dialect(credential), options);
  const organization = new OwnOrganization(api, nameOrId);
  const poolList = new CachedList(() => readOwn({ api, organization }, "agent pools", "/agents", listedPool));
  const assignmentMap = new AssignmentMap(api, organization, poolList);
  return { api, organization, poolList, assignmentMap };
}

/** Everything of one kind in the organization; these lists have no pages. */
export async function readOwn<Item extends z.ZodType>(
  { api, organization }: Pick<EnvZeroSession, "api" | "organization">,
  what: string,
  path: string,
  item: Item,
): Promise<z.output<Item>[]> {
  return api.send(
    {
      operation: `list the ${what} of organization ${organization.nameOrId}`,
      method: "GET",
      path: await organization.path(path),
    },
    z.array(item),
  );
}
