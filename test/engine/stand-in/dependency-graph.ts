import type { ResourceState } from "../deployment.ts";
import { parseProviderReference } from "../urn.ts";

/** URNs that a resource refers to, its parent and its provider aside. */
export function dependenciesOf(resource: ResourceState): string[] {
  return [
    ...(resource.dependencies ?? []),
    ...Object.values(resource.propertyDependencies ?? {}).flat(),
    ...(resource.deletedWith === undefined ? [] : [resource.deletedWith]),
    ...(resource.replaceWith ?? []),
  ];
}

/** URNs of everything that has to be there for a resource to be there. */
export function requirementsOf(resource: ResourceState): string[] {
  return [...dependenciesOf(resource), ...optional(resource.parent), ...optional(providerUrn(resource))];
}

/** The URN of a resource's provider. */
export function providerUrn(resource: ResourceState): string | undefined {
  return resource.provider === undefined ? undefined : parseProviderReference(resource.provider).urn;
}

/** Who depends on whom, in a list that is in an order in which everything comes after what it depends on. */
export class DependencyGraph {
  private readonly resources: readonly ResourceState[];

  constructor(resources: readonly ResourceState[]) {
    this.resources = resources;
  }

  /** Everything that depends on a resource, directly or not, in order. */
  dependingOn(root: ResourceState, ignored: ReadonlySet<string>, includeChildren: boolean): ResourceState[] {
    const found = new Set([root.urn]);
    const start = this.resources.indexOf(root) + 1;
    return this.resources.slice(start).filter((candidate) => {
      const urns = includeChildren
        ? requirementsOf(candidate)
        : [...dependenciesOf(candidate), ...optional(providerUrn(candidate))];
      const depends = !ignored.has(candidate.urn) && urns.some((urn) => found.has(urn));
      if (depends) {
        found.add(candidate.urn);
      }
      return depends;
    });
  }

  /** Everything that a resource depends on directly; of a component also what is in it. */
  dependenciesOf(resource: ResourceState): Set<ResourceState> {
    const before = this.resources.slice(0, this.resources.indexOf(resource));
    const urns = new Set([...dependenciesOf(resource), ...optional(providerUrn(resource))]);
    const found = new Set<ResourceState>();
    for (const candidate of before) {
      if (urns.has(candidate.urn) || candidate.urn === resource.parent) {
        found.add(candidate);
      }
      if (urns.has(candidate.urn) && !candidate.custom) {
        for (const child of this.descendantsOf(candidate, before)) {
          found.add(child);
        }
      }
    }
    return found;
  }

  /** Everything that a resource depends on, directly or not. */
  transitiveDependenciesOf(resource: ResourceState): Set<ResourceState> {
    const found = new Set<ResourceState>();
    const open = [resource];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const dependency of this.dependenciesOf(next)) {
        if (!found.has(dependency)) {
          found.add(dependency);
          open.push(dependency);
        }
      }
    }
    return found;
  }

  private descendantsOf(component: ResourceState, among: readonly ResourceState[]): ResourceState[] {
    const parents = new Set([component.urn]);
    return among.filter((candidate) => {
      const isChild = candidate.parent !== undefined && parents.has(candidate.parent);
      if (isChild) {
        parents.add(candidate.urn);
      }
      return isChild;
    });
  }
}

function optional(urn: string | undefined): string[] {
  return urn === undefined ? [] : [urn];
}
