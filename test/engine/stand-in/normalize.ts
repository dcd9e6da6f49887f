import type { ResourceState } from "../deployment.ts";
import { parseProviderReference } from "../urn.ts";

/** Resources that refer to each other by present names only; what old names they were found by is not kept. */
export function withPresentNames(resources: readonly ResourceState[]): ResourceState[] {
  const present = new Map(
    resources.flatMap(({ urn, aliases = [] }) => aliases.map((alias) => [alias, urn] as const)),
  );
  if (present.size === 0) {
    return [...resources];
  }
  const rename = (urn: string) => present.get(urn) ?? urn;
  const renameOptional = (urn: string | undefined) => (urn === undefined ? undefined : rename(urn));
  return resources.map(({ aliases: _, ...resource }) => ({
    ...resource,
    parent: renameOptional(resource.parent),
    deletedWith: renameOptional(resource.deletedWith),
    replaceWith: resource.replaceWith?.map(rename),
    dependencies: resource.dependencies?.map(rename),
    propertyDependencies:
      resource.propertyDependencies &&
      Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, urns.map(rename)]),
      ),
    provider: resource.provider && renameProvider(resource.provider, rename),
  }));
}

function renameProvider(reference: string, rename: (urn: string) => string): string {
  const { urn, id } = parseProviderReference(reference);
  return `${rename(urn)}::${id}`;
}
