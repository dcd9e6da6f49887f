import { randomUUID } from "node:crypto";
import { failure } from "./api";

/** A tag of a workspace to select by. The service separates several tags by commas, and takes a blank one for no filter. */
export const workspaceTag = {
  pattern: /^(?=[^=]*[^=\s])[^,]*$/,
  words:
    "name or name=value, with a name that is not blank, and without a comma: each tag is an element of its own",
};

/**
 * The query that lists workspaces with a tag: a name (`search[tags]`), or a key and its value (`filter[tagged]`).
 * (API: "Workspaces", "List workspaces".)
 * @throws ControlPlaneError for a tag that would be no filter, and select every workspace, or several tags.
 */
export function tagQuery(operation: string, tag: string): Record<string, string> {
  if (!workspaceTag.pattern.test(tag)) {
    throw failure({
      operation,
      message: `"${tag}" is no tag to select by`,
      advice: `Use ${workspaceTag.words}; or leave the filter out.`,
    });
  }
  const equals = tag.indexOf("=");
  return equals < 0
    ? { "search[tags]": tag }
    : { [keyField]: tag.slice(0, equals), [valueField]: tag.slice(equals + 1) };
}

const keyField = "filter[tagged][0][key]";
const valueField = "filter[tagged][0][value]";

/** Whether the query goes by a key and a value. */
export function hasKey(query: Readonly<Record<string, string>>): boolean {
  return keyField in query;
}

/**
 * Whether the service knows the filter `filter[tagged]`. One that is older than key-value tags ignores it, and answers
 * with every workspace. (`search[tags]` is older than the scopes of pools, without which nothing works here.)
 */
export class KeyFilter {
  private readonly list: (query: Record<string, string>) => Promise<{ readonly data: readonly unknown[] }>;
  private probing: Promise<void> | undefined;

  /** @param list gives the first page of the organization's workspaces that the query selects. */
  constructor(list: KeyFilter["list"]) {
    this.list = list;
  }

  /**
   * Asks once, by a tag that no workspace has.
   * @throws ControlPlaneError where the service ignores the filter.
   */
  confirm(): Promise<void> {
    this.probing ??= this.probe().catch((error) => {
      this.probing = undefined;
      throw error;
    });
    return this.probing;
  }

  private async probe(): Promise<void> {
    const { data } = await this.list({ [keyField]: `runner-pools-${randomUUID()}`, [valueField]: "none" });
    if (data.length === 0) return;
    throw failure({
      operation: "select workspaces by a tag with a value",
      message:
        "the service ignores the filter filter[tagged]: it lists workspaces for a tag that none of them has",
      advice:
        "This installation is older than tags with values. Select by a tag's name alone, by project, or by name or pattern.",
    });
  }
}
