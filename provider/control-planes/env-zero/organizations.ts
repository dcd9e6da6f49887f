import { z } from "zod";
import { listInWords } from "../../list-in-words";
import { ControlPlaneError } from "../http/error";
import type { HttpTransport } from "../http/http";
import { displayName } from "./dialect";
import { organization } from "./wire";

/** The one organization that we were told of, by its id or its name. Everything of the API goes by the id. */
export class OwnOrganization {
  /** As the user gave it. */
  readonly nameOrId: string;
  private readonly api: HttpTransport;
  private found: Promise<string> | undefined;

  constructor(api: HttpTransport, nameOrId: string) {
    this.api = api;
    this.nameOrId = nameOrId;
  }

  /** Looked up once. @throws ControlPlaneError that names the organizations there are, where ours is not one of them. */
  async id(): Promise<string> {
    this.found ??= this.lookUp();
    try {
      return await this.found;
    } catch (error) {
      this.found = undefined;
      throw error;
    }
  }

  /** A path with the organization as the query that lists and the assignment map ask for. */
  async path(path: string): Promise<string> {
    return `${path}?${new URLSearchParams({ organizationId: await this.id() })}`;
  }

  private async lookUp(): Promise<string> {
    const visible = await this.api.send(
      { operation: "list the organizations", method: "GET", path: "/organizations" },
      z.array(organization),
    );
    const byId = visible.filter(({ id }) => id === this.nameOrId);
    const [own, ...others] = byId.length > 0 ? byId : visible.filter(({ name }) => name === this.nameOrId);
    if (own && others.length === 0) return own.id;
    const candidates = own ? [own, ...others] : visible;
    const names = listInWords(candidates.map(({ id, name }) => `${name} (${id})`));
    throw new ControlPlaneError({
      plane: displayName,
      operation: `find organization ${this.nameOrId}`,
      message: own
        ? `several have that name: ${names}`
        : `the API key sees ${names ? `these organizations: ${names}` : "no organization"}`,
      advice: own
        ? "Give the organization's id."
        : "Give the organization's name or id, and an API key that belongs to it.",
    });
  }
}
