import { z } from "zod";
import type { ConnectOptions } from "../descriptor";
import { ControlPlaneError, type ControlPlaneFailure, hasStatus } from "../error";
import { type ApiRequest, type Dialect, HttpTransport } from "../http";
import { errorMessage, page } from "./wire";

type Page<Resource extends z.ZodType> = z.output<ReturnType<typeof page<Resource>>>;

/** The name in errors. */
export const displayName = "HCP Terraform";

/** The largest page that the API gives. */
const pageSize = 100;

/** Transport of the HCP Terraform API v2 with its paging. */
export class HcpTerraformApi extends HttpTransport {
  /** @param url base URL of the service, without a slash at its end. */
  constructor(url: string, token: string, options: ConnectOptions = {}) {
    super(`${url}/api/v2`, dialect(token), options);
  }

  /** One page, counted from 1. */
  async page<Resource extends z.ZodType>(
    operation: string,
    path: string,
    resource: Resource,
    number: number,
    query: Readonly<Record<string, string>> = {},
  ): Promise<Page<Resource>> {
    return this.send(
      {
        operation,
        method: "GET",
        path,
        query: { ...query, "page[size]": pageSize, "page[number]": number },
      },
      page(resource),
    );
  }

  /** All pages of a list. */
  async all<Resource extends z.ZodType>(
    operation: string,
    path: string,
    resource: Resource,
    query: Readonly<Record<string, string>> = {},
  ): Promise<z.output<Resource>[]> {
    const items: z.output<Resource>[] = [];
    let next: number | null | undefined = 1;
    while (next) {
      const answer: Page<Resource> = await this.page(operation, path, resource, next, query);
      items.push(...answer.data);
      next = answer.meta?.pagination?.["next-page"];
    }
    return items;
  }

  /** Deletes what the call names. False: the service answered 404. */
  async remove(call: Pick<ApiRequest, "operation" | "path">): Promise<boolean> {
    try {
      await this.send({ ...call, method: "DELETE" }, z.unknown());
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }
}

/** A failure that no single answer tells. */
export function failure(details: Omit<ControlPlaneFailure, "plane">): ControlPlaneError {
  return new ControlPlaneError({ plane: displayName, ...details });
}

/** Whether the service may have done what failed with this error. */
export function isUncertain(error: unknown): boolean {
  return error instanceof ControlPlaneError && error.ambiguous;
}

/** A path below the API's root, from parts that are encoded here. */
export function pathOf(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

/** HCP Terraform counts requests before it handles them, and masks missing permissions as 404. */
function dialect(token: string): Dialect {
  return {
    plane: displayName,
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.api+json" },
    contentType: "application/vnd.api+json",
    rateLimitPrecedesHandler: true,
    requestIdHeaders: ["x-request-id"],
    errorMessage,
    advice,
  };
}

function advice(status: number): string | undefined {
  switch (status) {
    case 401:
      return "The token is not valid here: check TFE_TOKEN (or TF_TOKEN_<host>, or the Terraform credentials file) and the URL.";
    case 403:
    case 404:
      return "HCP Terraform also answers 404 where a token lacks a permission: check the name, the organization, and that the token's team may manage agent pools.";
    case 429:
      return "The rate limit of 30 requests a second did not clear in time: run again, or lower --parallel.";
    default:
      return status >= 500 ? "Try again; if it stays, see the vendor's status page." : undefined;
  }
}
