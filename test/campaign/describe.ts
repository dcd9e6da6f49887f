import { emulatorIds } from "../../emulator/index.ts";
import {
  type DescribedResource,
  type DescribedValue,
  isReference,
} from "../engine/stand-in/described-program.ts";
import { type PlaneKind, patternOf, type TargetKind } from "./organization.ts";
import { type Member, type Program, poolsOf, sharedPool } from "./program.ts";

/** What a program needs to know of the organization that it is for. */
export interface Surroundings {
  readonly url: string;
  /** The control plane's id of the shared pool of each plane. */
  readonly sharedPools: Readonly<Record<PlaneKind, string>>;
  /** The control plane's id of a workspace or project of HCP Terraform. */
  idOf(kind: TargetKind, name: string): string;
}

const plurals: Readonly<Record<TargetKind, string>> = {
  stack: "stacks",
  insightsAccount: "insightsAccounts",
  policyGroup: "policyGroups",
  project: "projects",
  workspace: "workspaces",
};

const resourceNames = {
  pool: "RunnerPool",
  single: "StackPoolAssignment",
  set: "StackPoolAssignments",
  default: "OrganizationDefaultPool",
} as const;

/** A program as the in-process stand-in takes it. */
export function describeProgram(program: Program, surroundings: Surroundings): DescribedResource[] {
  const poolNames = new Map(poolsOf(program).map(({ key, name }) => [key, name]));
  return program.map((declaration) => {
    const { type, plane, name, aliases, deleteBeforeReplace } = declaration;
    const controlPlane = { kind: plane, organization: emulatorIds.organization, url: surroundings.url };
    const inputs: Record<string, DescribedValue> = { controlPlane };
    if (declaration.type === "pool") {
      if (declaration.description !== undefined) inputs["description"] = declaration.description;
    } else {
      const ref = poolNames.get(declaration.pool);
      inputs["pool"] = ref === undefined ? surroundings.sharedPools[plane] : { ref, output: "id" };
    }
    if (declaration.type === "single") inputs["target"] = targetOf(declaration.members, surroundings);
    if (declaration.type === "set") inputs["targets"] = targetsBy(plane, declaration.members, surroundings);
    const parent =
      "isChild" in declaration && declaration.isChild && declaration.pool !== sharedPool
        ? poolNames.get(declaration.pool)
        : undefined;
    return {
      type: `runner-pools:index:${resourceNames[type]}`,
      name,
      inputs,
      aliases,
      ...(parent !== undefined && { parent }),
      ...(deleteBeforeReplace && { deleteBeforeReplace }),
    };
  });
}

function targetOf([member]: readonly Member[], surroundings: Surroundings): DescribedValue {
  if (member === undefined || !("name" in member))
    throw new Error("a single assignment needs one named target");
  return { [member.kind]: textOf(member, surroundings) };
}

function targetsBy(plane: PlaneKind, members: readonly Member[], surroundings: Surroundings): DescribedValue {
  const lists: Record<string, string[]> = {};
  for (const member of members) {
    const text = "pattern" in member ? patternOf(plane, member.pattern) : textOf(member, surroundings);
    const plural = plurals[member.kind];
    lists[plural] = [...(lists[plural] ?? []), text];
  }
  return lists;
}

function textOf(member: Extract<Member, { name: string }>, { idOf }: Surroundings): string {
  return member.by === "id" ? idOf(member.kind, member.name) : member.name;
}

/** The same program as text for Node, in which `pools` is this package: its resources are dynamic ones then. */
export function renderProgram(resources: readonly DescribedResource[]): string {
  const declared = new Map(resources.map((resource) => [resource.name, resource]));
  const written = new Set<string>();
  const lines: string[] = ["const made = {};"];
  // A name is used only after it was declared, so what is referred to comes first.
  const write = (resource: DescribedResource): void => {
    if (written.has(resource.name)) return;
    written.add(resource.name);
    const { inputs, name, type, parent, dependsOn = [], aliases = [], deleteBeforeReplace } = resource;
    const needed = [...names(inputs), ...dependsOn, ...(parent === undefined ? [] : [parent])];
    for (const each of needed) {
      const other = declared.get(each);
      if (other) write(other);
    }
    const options = [
      ...(parent === undefined ? [] : [`parent: ${made(parent)}`]),
      ...(dependsOn.length > 0 ? [`dependsOn: [${dependsOn.map(made).join(", ")}]`] : []),
      ...(aliases.length > 0
        ? [`aliases: ${JSON.stringify(aliases.map((alias) => ({ name: alias })))}`]
        : []),
      ...(deleteBeforeReplace === undefined ? [] : [`deleteBeforeReplace: ${deleteBeforeReplace}`]),
    ];
    const className = type.slice(type.lastIndexOf(":") + 1);
    lines.push(
      `${made(name)} = new pools.${className}(${JSON.stringify(name)}, ${expression(inputs)}, { ${options.join(", ")} });`,
    );
  };
  for (const resource of resources) write(resource);
  return lines.join("\n");
}

function made(name: string): string {
  return `made[${JSON.stringify(name)}]`;
}

function names(value: DescribedValue | Record<string, DescribedValue>): string[] {
  if (isReference(value)) return [value.ref];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(names) : [];
}

function expression(value: DescribedValue | Record<string, DescribedValue>): string {
  if (isReference(value)) return `${made(value.ref)}.${value.output}`;
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${expression(item)}`);
  return `{ ${entries.join(", ")} }`;
}
