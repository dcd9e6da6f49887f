import type { PropertyMap, ResourceState } from "../deployment.ts";
import { isProviderType, parseProviderReference } from "../urn.ts";
import { applyReplaceOnChanges, completeUnknownDiff, type DiffResult, isReplace } from "./diff.ts";
import { Abort, type Operation } from "./operation.ts";
import { UNKNOWN } from "./property-values.ts";
import type { KnownRegistration } from "./registration.ts";
import type { Step } from "./step.ts";

/** Works out the steps of replacements, in both orders. */
export class Replacement {
  private readonly operation: Operation;
  /** URNs that had something happen to them already. */
  private readonly operatedOn: ReadonlySet<string>;
  /** URNs deleted before it is known whether the program still has them. */
  private readonly deleted = new Set<string>();
  private readonly replaced = new Set<string>();
  /** States deleted in this operation already. */
  readonly deletedStates = new Set<ResourceState>();
  private readonly reasons = new Map<string, string[]>();

  constructor(operation: Operation, operatedOn: ReadonlySet<string>) {
    this.operation = operation;
    this.operatedOn = operatedOn;
  }

  isDeleted(urn: string): boolean {
    return this.deleted.has(urn);
  }

  isReplaced(urn: string): boolean {
    return this.replaced.has(urn);
  }

  /** Creates again what was deleted because of something that it depends on. */
  recreate({ urn, old, next }: KnownRegistration): Step[] {
    this.deleted.delete(urn);
    this.replaced.add(urn);
    const replaceKeys = this.reasons.get(urn) ?? [];
    return [
      { op: "replace", urn, old, next },
      { op: "create-replacement", urn, old, next, replaceKeys },
    ];
  }

  /** Creates first and deletes at the end, or deletes first, with everything that cannot stay without it. */
  async steps(registration: KnownRegistration, diff: DiffResult): Promise<Step[]> {
    const { urn, goal, old, next } = registration;
    this.replaced.add(urn);
    const { replaceKeys } = diff;
    const replace: Step = { op: "replace", urn, old, next, diff, replaceKeys };
    const create: Step = { op: "create-replacement", urn, old, next, diff, replaceKeys };
    if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
      return [{ ...create, deletesOldLater: !old.pendingReplacement }, replace];
    }
    const steps = await this.deleteDependents(registration);
    if (!old.pendingReplacement) {
      await this.operation.setup.providers.ensure(old.provider, this.operation.setup.previous);
      this.deletedStates.add(old);
      steps.push({
        op: "delete-replaced",
        urn: old.urn,
        old,
        pendingReplacement: true,
        deletedUrns: this.deleted,
      });
    }
    return [...steps, replace, create];
  }

  private async deleteDependents({ urn, old }: KnownRegistration): Promise<Step[]> {
    const dependents = [...(await this.dependentReplacements(old)), ...this.goingWith(urn)];
    const steps: Step[] = [];
    for (const { resource, keys } of dependents.reverse()) {
      if (this.deletedStates.has(resource)) {
        continue;
      }
      if (resource.protect) {
        const message = `unable to replace resource "${resource.urn}" as part of replacing "${urn}" as it is currently marked for protection`;
        this.operation.setup.reporter.error(message, resource.urn);
        throw new Abort(message);
      }
      await this.operation.setup.providers.ensure(resource.provider, this.operation.setup.previous);
      this.reasons.set(resource.urn, keys);
      this.deleted.add(resource.urn);
      this.deletedStates.add(resource);
      const op = resource.delete ? "delete" : "delete-replaced";
      steps.push({
        op,
        urn: resource.urn,
        old: resource,
        pendingReplacement: !resource.delete,
        deletedUrns: this.deleted,
      });
    }
    return steps;
  }

  /**
   * What depends on a resource and would have to be replaced if the properties that it takes from there changed:
   * each dependent's provider is asked, with unknowns in place of those properties.
   */
  private async dependentReplacements(
    root: ResourceState,
  ): Promise<{ resource: ResourceState; keys: string[] }[]> {
    const replaced = new Set([root.urn]);
    const found: { resource: ResourceState; keys: string[] }[] = [];
    for (const resource of this.operation.graph.dependingOn(root, this.operatedOn, false)) {
      const keys = await this.replaceKeysIfGone(resource, replaced);
      if (keys !== undefined) {
        replaced.add(resource.urn);
        found.push({ resource, keys });
      }
    }
    return found;
  }

  private async replaceKeysIfGone(
    resource: ResourceState,
    gone: ReadonlySet<string>,
  ): Promise<string[] | undefined> {
    if (!resource.custom || resource.external) {
      return undefined;
    }
    const { providers, previous } = this.operation.setup;
    const usesGoneProvider =
      resource.provider !== undefined && gone.has(parseProviderReference(resource.provider).urn);
    if (usesGoneProvider || (resource.deletedWith !== undefined && gone.has(resource.deletedWith))) {
      return [];
    }
    const inputs: PropertyMap = { ...resource.inputs };
    const changed = Object.keys(inputs).filter((key) =>
      resource.propertyDependencies?.[key]?.some((urn) => gone.has(urn)),
    );
    if (changed.length === 0 || isProviderType(resource.type)) {
      return undefined;
    }
    for (const key of changed) {
      inputs[key] = UNKNOWN;
    }
    await providers.ensure(resource.provider, previous);
    const provider = await this.operation.providerOf(resource);
    const olds = { inputs: resource.inputs ?? {}, outputs: resource.outputs ?? {} };
    const ignoreChanges = resource.ignoreChanges ?? [];
    const raw = await provider.diff(resource.urn, resource.id ?? "", olds, inputs, ignoreChanges);
    const known = completeUnknownDiff(raw, olds.inputs, inputs, ignoreChanges);
    const diff = applyReplaceOnChanges(known, resource.replaceOnChanges ?? [], false);
    return isReplace(diff) ? diff.replaceKeys : undefined;
  }

  /** What says of itself that it goes, or is replaced, with a resource. */
  private goingWith(urn: string): { resource: ResourceState; keys: string[] }[] {
    return this.operation.setup.previous
      .filter((resource) => resource.deletedWith === urn || resource.replaceWith?.includes(urn))
      .filter((resource) => !this.operatedOn.has(resource.urn))
      .map((resource) => ({ resource, keys: [] }));
  }
}
