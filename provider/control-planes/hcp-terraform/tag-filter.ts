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
  if (equals < 0) return { "search[tags]": tag };
  return {
    "filter[tagged][0][key]": tag.slice(0, equals),
    "filter[tagged][0][value]": tag.slice(equals + 1),
  };
}
