import { CachedList } from "../cached-list";
import type { Freshness } from "../control-plane";
import { type HcpTerraformApi, pathOf } from "./api";
import { type OrganizationResource, one, organizationResource } from "./wire";

type Reference = { readonly data?: { readonly id: string } | null | undefined } | null | undefined;

/** The organization's own document: its defaults, and what the credential may do in it. (API: "Organizations".) */
export class Organization {
  readonly name: string;
  /** The name in lower case: the service does not distinguish names by case. */
  readonly identity: string;
  /** Path of the organization, below which its lists are. */
  readonly path: string;
  private readonly api: HcpTerraformApi;
  private readonly document: CachedList<OrganizationResource>;

  constructor(api: HcpTerraformApi, name: string) {
    this.api = api;
    this.name = name;
    this.identity = name.toLowerCase();
    this.path = pathOf("organizations", name);
    this.document = new CachedList(async () => {
      const { data } = await api.send(
        { operation: `read organization ${name}`, method: "GET", path: this.path },
        one(organizationResource),
      );
      return [data];
    });
  }

  async read(freshness?: Freshness): Promise<OrganizationResource> {
    const [document] = await this.document.read(freshness);
    return document as OrganizationResource;
  }

  /**
   * Whether the service says that the credential lacks a permission, for example `can-update-agent-pools`. One that
   * the service does not name counts as there: older installations name fewer.
   */
  async lacks(permission: string): Promise<boolean> {
    const { attributes } = await this.read({ fresh: true });
    return attributes.permissions?.[permission] === false;
  }

  /** False for what an id found in another organization that the credential sees. */
  owns({ relationships }: { readonly relationships: { readonly organization?: Reference } }): boolean {
    const owner = relationships.organization?.data?.id ?? this.name;
    return owner.toLowerCase() === this.identity;
  }

  /** Changes the organization. What is absent stays as it is. */
  async update(
    operation: string,
    change: { readonly attributes: object; readonly relationships?: object },
  ): Promise<void> {
    const { data } = await this.api.send(
      {
        operation,
        method: "PATCH",
        path: this.path,
        body: { data: { type: "organizations", id: this.name, ...change } },
      },
      one(organizationResource),
    );
    this.document.set([data]);
  }
}

/** The pool of an organization whose work runs on agents by default. */
export function defaultPoolOf({ attributes, relationships }: OrganizationResource): string | undefined {
  if (attributes["default-execution-mode"] !== "agent") return undefined;
  return relationships["default-agent-pool"]?.data?.id;
}
