import type { ResourceState } from "../deployment.ts";
import { makeUrn, parseUrn, STACK_TYPE, urnName, urnType } from "../urn.ts";
import type { Alias, Goal } from "./goal.ts";
import type { Operation } from "./operation.ts";

/** Finds resources under their earlier names, and remembers which old name became which new one. */
export class Aliases {
  /** Old URN -> present one. */
  readonly presentUrns = new Map<string, string>();
  private readonly oldUrns = new Map<string, string>();
  private readonly operation: Operation;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /**
   * The state of a resource of before, under its URN or one that it had.
   * @param seen URNs that were registered in this operation: those are other resources
   */
  findOld(urn: string, goal: Goal, seen: ReadonlySet<string>): { old?: ResourceState; alias?: string } {
    const taken = this.presentUrns.get(urn);
    if (taken !== undefined) {
      throw new Error(`Duplicate resource URN '${urn}': '${taken}' has it as an alias already`);
    }
    const own = this.operation.olds.get(urn);
    if (own !== undefined) {
      return { old: own };
    }
    for (const alias of this.aliasUrns(goal)) {
      const old = this.operation.olds.get(alias);
      if (old !== undefined && alias !== urn) {
        this.claim(urn, alias, seen);
        return { old, alias };
      }
    }
    return {};
  }

  private claim(urn: string, alias: string, seen: ReadonlySet<string>): void {
    const other = this.presentUrns.get(alias) ?? (seen.has(alias) ? alias : undefined);
    if (other !== undefined) {
      throw new Error(
        `Duplicate resource alias '${alias}' applied to '${urn}': it belongs to '${other}' already`,
      );
    }
    this.presentUrns.set(alias, urn);
    this.oldUrns.set(urn, alias);
  }

  private aliasUrns(goal: Goal): string[] {
    const { type, name, parent } = goal;
    const own = goal.aliases.map((alias) => this.resolve(alias, goal));
    const parentAlias = parent === undefined ? undefined : this.oldUrns.get(parent);
    if (parent === undefined || parentAlias === undefined) {
      return own;
    }
    const inherited = own.map((urn) => this.inherit(urnType(urn), urnName(urn), parent, parentAlias));
    return [...own, this.inherit(type, name, parent, parentAlias), ...inherited];
  }

  private resolve(alias: Alias, goal: Goal): string {
    if ("urn" in alias) {
      return alias.urn;
    }
    const { stack, project } = this.operation.setup;
    // The alias of a parent counts as the parent, since the child's old URN has the parent's old types in it.
    const named = alias.parent === undefined ? goal.parent : (this.oldUrns.get(alias.parent) ?? alias.parent);
    const isRoot = named !== undefined && parseUrn(named).qualifiedType === STACK_TYPE;
    const parent = alias.noParent || isRoot ? undefined : named;
    return makeUrn(
      alias.stack ?? stack,
      alias.project ?? project,
      parent,
      alias.type ?? goal.type,
      alias.name ?? goal.name,
    );
  }

  /** A child of a renamed parent, under the parent's old name; `<parent>-suffix` is taken to follow the parent. */
  private inherit(type: string, name: string, parent: string, parentAlias: string): string {
    const { stack, project } = this.operation.setup;
    const parentName = urnName(parent);
    const oldName = name.startsWith(parentName) ? urnName(parentAlias) + name.slice(parentName.length) : name;
    return makeUrn(stack, project, parentAlias, type, oldName);
  }
}
