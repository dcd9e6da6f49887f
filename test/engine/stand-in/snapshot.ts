import { isDeepStrictEqual } from "node:util";
import type { PendingOperation, PropertyMap, ResourceState } from "../deployment.ts";
import { withPresentNames } from "./normalize.ts";
import type { State } from "./state-file.ts";

/** An operation that is on record as under way. */
export interface BegunOperation {
  /** It ended well; what came of it is recorded next, with one write. */
  done: () => void;
  /** It changed nothing. */
  failed: () => void;
}

/**
 * The state while an operation runs: what is done already, in the order in which it was done, then what is left of
 * before. It is written after each change, so that whoever is killed loses nothing that was done.
 */
export class Snapshot {
  private base: ResourceState[];
  private readonly news: ResourceState[] = [];
  private readonly inherited: PendingOperation[];
  private readonly running = new Set<PendingOperation>();
  private readonly save: (state: State) => void;
  private refreshed = false;

  /** @param save writes a state; in a preview it does nothing */
  constructor(state: State, save: (state: State) => void) {
    this.base = [...state.resources];
    // An interrupted creation may have made something that nobody knows the id of: it stays on record until a refresh.
    this.inherited = state.pendingOperations.filter(({ type }) => type === "creating");
    this.save = save;
  }

  /** What would be written now. */
  current(): State {
    const resources = withPresentNames([...this.news, ...this.base]);
    return {
      resources: this.refreshed ? withoutDanglingReferences(resources) : resources,
      pendingOperations: [...this.running, ...this.inherited],
    };
  }

  /** Records that an operation is about to touch the world. */
  begin(type: PendingOperation["type"], resource: ResourceState): BegunOperation {
    const operation = { resource, type };
    this.running.add(operation);
    this.write();
    return {
      done: () => {
        this.running.delete(operation);
      },
      failed: () => {
        this.running.delete(operation);
        this.write();
      },
    };
  }

  /** A resource took the place of an older state of itself, or of none. */
  put(resource: ResourceState, replaces?: ResourceState): void {
    const silent =
      replaces !== undefined && isDeepStrictEqual(withoutPosition(resource), withoutPosition(replaces));
    this.news.push(resource);
    if (replaces !== undefined) {
      this.take(replaces);
    }
    if (!silent) {
      this.write();
    }
  }

  /** A component said what its outputs are. */
  setOutputs(resource: ResourceState, outputs: PropertyMap): void {
    if (!isDeepStrictEqual(resource.outputs, outputs)) {
      resource.outputs = outputs;
      this.write();
    }
  }

  /** A resource is gone. */
  remove(resource: ResourceState): void {
    this.take(resource);
    this.write();
  }

  /** A refresh found a resource to be something else, or gone. Its place in the order stays. */
  refresh(old: ResourceState, now: ResourceState | undefined): void {
    this.refreshed = true;
    const index = this.base.indexOf(old);
    this.base.splice(index, 1, ...(now === undefined ? [] : [now]));
    this.write();
  }

  /** Writes the state as it is now. */
  write(): void {
    this.save(this.current());
  }

  private take(resource: ResourceState): void {
    for (const list of [this.news, this.base]) {
      const index = list.indexOf(resource);
      if (index >= 0) {
        list.splice(index, 1);
      }
    }
  }
}

/** Resources whose references to what is no longer there are gone too. */
export function withoutDanglingReferences(resources: readonly ResourceState[]): ResourceState[] {
  const known = new Set<string>();
  const parentsOfGone = new Map<string, string | undefined>();
  return resources.map((resource) => {
    const isKnown = (urn: string) => known.has(urn);
    const kept: ResourceState = { ...resource };
    kept.dependencies = resource.dependencies?.filter(isKnown);
    kept.replaceWith = resource.replaceWith?.filter(isKnown);
    kept.propertyDependencies =
      resource.propertyDependencies &&
      Object.fromEntries(
        Object.entries(resource.propertyDependencies)
          .map(([key, urns]) => [key, urns.filter(isKnown)] as const)
          .filter(([, urns]) => urns.length > 0),
      );
    if (resource.deletedWith !== undefined && !known.has(resource.deletedWith)) {
      kept.deletedWith = undefined;
    }
    if (resource.parent !== undefined && !known.has(resource.parent)) {
      kept.parent = parentsOfGone.get(resource.parent);
    }
    parentsOfGone.set(resource.urn, resource.parent);
    known.add(resource.urn);
    return kept;
  });
}

/** Where a resource stands in the program is worth keeping, not worth a write of its own. */
function withoutPosition(resource: ResourceState): ResourceState {
  return { ...resource, sourcePosition: undefined, stackTrace: undefined };
}
