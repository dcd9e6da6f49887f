import type { z } from "zod";
import type { ConnectOptions } from "../descriptor";
import { ControlPlaneError, type ControlPlaneFailure } from "../http/error";
import { HttpTransport } from "../http/http";
import { dialect, displayName } from "./dialect";
import { page } from "./wire";

type Page<Resource extends z.ZodType> = z.output<ReturnType<typeof page<Resource>>>;

/** The largest page that the API gives. */
const pageSize = 100;

/** Transport of the HCP Terraform API v2 with its paging. */
export class HcpTerraformApi extends HttpTransport {
  /** @param url base URL of the service, without a slash at its end. */
  constructor(url: string, token: string, options: ConnectOptions) {
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

  /** All pages of a list. @throws ControlPlaneError where a page names an earlier one, or itself, as the next. */
  async all<Resource extends z.ZodType>(
    operation: string,
    path: string,
    resource: Resource,
    query: Readonly<Record<string, string>> = {},
  ): Promise<z.output<Resource>[]> {
    const items: z.output<Resource>[] = [];
    for (let number = 1; ; ) {
      const { data, meta }: Page<Resource> = await this.page(operation, path, resource, number, query);
      items.push(...data);
      const next = meta?.pagination?.["next-page"];
      if (!next) return items;
      if (next <= number) {
        const message = `page ${number} names page ${next} as the next one, so the list has no end`;
        throw failure({ operation, message });
      }
      number = next;
    }
  }
}

/** A failure that no single answer tells. */
export function failure(details: Omit<ControlPlaneFailure, "plane">): ControlPlaneError {
  return new ControlPlaneError({ plane: displayName, ...details });
}

/** Whether the service may have done what failed with this error. */
export function isUncertain(error: unknown): error is ControlPlaneError {
  return error instanceof ControlPlaneError && error.ambiguous;
}

/** A path below the API's root, from parts that are encoded here. */
export function pathOf(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}
