import { z } from "zod";
import { CachedList } from "../cached-list";
import { capabilities } from "../capabilities";
import type { ConnectOptions } from "../connect";
import { ControlPlaneError } from "../error";
import { HttpTransport } from "../http";
import { dialect } from "./dialect";
import { organization } from "./wire";

/** Transport of the env zero API. Paths that belong to an organization carry its id, which is looked up once. */
export class EnvZeroApi extends HttpTransport {
  readonly organization: string;
  private readonly organizations: CachedList<z.output<typeof organization>>;

  /** @param organizationNameOrId either is taken. */
  constructor(
    organizationNameOrId: string,
    url: string,
    credentials: { apiKey: string; apiSecret: string },
    options: ConnectOptions,
  ) {
    super(url, dialect(credentials), options);
    this.organization = organizationNameOrId;
    this.organizations = new CachedList(() =>
      this.send(
        { operation: "list the organizations", method: "GET", path: "/organizations" },
        z.array(organization),
      ),
    );
  }

  /** @throws ControlPlaneError that names the organizations there are, where ours is not visible. */
  async organizationId(): Promise<string> {
    const visible = await this.organizations.read();
    const own = visible.find(({ id, name }) => id === this.organization || name === this.organization);
    if (own) return own.id;
    const names = visible.map(({ id, name }) => `${name} (${id})`).join(", ");
    throw new ControlPlaneError({
      plane: capabilities["env-zero"].displayName,
      operation: `find organization ${this.organization}`,
      message: `the API key sees ${names ? `these organizations: ${names}` : "no organization"}`,
      advice: "Give the organization's name or id, and an API key that belongs to it.",
    });
  }

  /** A path with the organization as the query that lists and the assignment map ask for. */
  async ofOrganization(path: string): Promise<string> {
    return `${path}?${new URLSearchParams({ organizationId: await this.organizationId() })}`;
  }

  /** Everything of one kind in the organization; these lists have no pages. */
  async listOwn<Item extends z.ZodType>(what: string, path: string, item: Item): Promise<z.output<Item>[]> {
    return this.send(
      {
        operation: `list the ${what} of organization ${this.organization}`,
        method: "GET",
        path: await this.ofOrganization(path),
      },
      z.array(item),
    );
  }
}
