import type { ResourceState } from "../deployment.ts";
import { isProviderType, parseProviderReference } from "../urn.ts";
import type { Aliases } from "./aliases.ts";
import {
  applyReplaceOnChanges,
  completeUnknownDiff,
  type DiffResult,
  isReplace,
  NO_DIFF,
  replaceBecauseOf,
} from "./diff.ts";
import type { Operation } from "./operation.ts";
import { equalValues } from "./property-values.ts";
import type { KnownRegistration } from "./registration.ts";
import type { Replacement } from "./replacement.ts";

/** Compares a resource in state with what the program wants: its provider is asked, unless the engine decides alone. */
export class Comparison {
  private readonly operation: Operation;
  private readonly aliases: Aliases;
  private readonly replacement: Replacement;

  constructor(operation: Operation, aliases: Aliases, replacement: Replacement) {
    this.operation = operation;
    this.aliases = aliases;
    this.replacement = replacement;
  }

  /** What differs, and whether that asks for a new resource. */
  async diff(registration: KnownRegistration): Promise<DiffResult> {
    const { goal, old } = registration;
    const diff = await this.rawDiff(registration);
    return applyReplaceOnChanges(diff, goal.replaceOnChanges, (old.initErrors ?? []).length > 0);
  }

  private async rawDiff({ urn, goal, old, next }: KnownRegistration): Promise<DiffResult> {
    if (this.operation.isToBeReplaced(urn)) {
      return replaceBecauseOf("id");
    }
    if (goal.replaceWith.some((other) => this.replacement.isReplaced(other))) {
      return replaceBecauseOf("replaceWith");
    }
    if (goal.deletedWith !== undefined && this.replacement.isReplaced(goal.deletedWith)) {
      return replaceBecauseOf("deletedWith");
    }
    if (await this.hasOtherProvider(old, next)) {
      return replaceBecauseOf("provider");
    }
    const olds = { inputs: old.inputs ?? {}, outputs: old.outputs ?? {} };
    const news = next.inputs ?? {};
    if (!goal.custom) {
      return equalValues(olds.inputs, news) ? NO_DIFF : { ...NO_DIFF, changes: "some" };
    }
    if (isProviderType(goal.type)) {
      return await this.operation.setup.providers.diff(old, news);
    }
    const provider = await this.operation.providerOf(next);
    const diff = await provider.diff(urn, old.id ?? "", olds, news, goal.ignoreChanges);
    return completeUnknownDiff(diff, olds.inputs, news, goal.ignoreChanges);
  }

  /** Whether another provider would not be able to manage what the old one made. */
  private async hasOtherProvider(old: ResourceState, next: ResourceState): Promise<boolean> {
    if (old.provider === next.provider) {
      return false;
    }
    if (old.provider === undefined || next.provider === undefined) {
      return true;
    }
    const oldUrn = parseProviderReference(old.provider).urn;
    const newUrn = parseProviderReference(next.provider).urn;
    const oldProvider = this.operation.olds.get(oldUrn);
    const newProvider = this.operation.news.get(newUrn);
    if (
      this.aliases.presentUrns.get(oldUrn) === newUrn ||
      oldProvider === undefined ||
      newProvider === undefined
    ) {
      return false;
    }
    const provider = await this.operation.setup.providers.get(next.provider);
    return isReplace(await provider.configuration.diff(newUrn, oldProvider, newProvider.inputs ?? {}));
  }
}
