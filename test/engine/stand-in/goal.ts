import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type sourceMessages from "@pulumi/pulumi/proto/source_pb.js";
import type { PropertyMap, ResourceState, StackFrame } from "../deployment.ts";
import { NotSupportedError } from "../engine.ts";
import { mapValues, outputDependencies, withoutOutputValues } from "./property-values.ts";
import { fromStruct } from "./wire.ts";

/** What the SDK sends to register a resource. */
export type RegisterRequest = InstanceType<typeof resourceMessages.RegisterResourceRequest>;

/** An earlier name of a resource: its URN, or how the old one differs from the present one. */
export type Alias =
  | { urn: string }
  | { name?: string; type?: string; stack?: string; project?: string; parent?: string; noParent: boolean };

/** What a program, or the engine itself, wants a resource to be. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  properties: PropertyMap;
  parent?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** Reference of the provider; none for a component. */
  provider?: string;
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  importId?: string;
  customTimeouts: NonNullable<ResourceState["customTimeouts"]>;
  deletedWith?: string;
  replaceWith: string[];
  hideDiff: (string | number)[][];
  sourcePosition?: string;
  stackTrace?: StackFrame[];
}

/** A goal of the engine's own: nothing but a type, a name and properties. */
export function plainGoal(type: string, name: string, custom: boolean, properties: PropertyMap): Goal {
  return {
    type,
    name,
    custom,
    properties,
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
    customTimeouts: {},
    replaceWith: [],
    hideDiff: [],
  };
}

/** Reads a registration; refuses what the stand-in would do wrong. */
export function goalFromRequest(request: RegisterRequest, projectRoot: string): Goal {
  refuseUnsupported(request);
  const wire = fromStruct(request.getObject()) ?? {};
  const properties = mapValues(wire, withoutOutputValues);
  const dependencies = unique(request.getDependenciesList());
  const deleteBeforeReplace = request.getDeletebeforereplacedefined() || request.getDeletebeforereplace();
  return {
    ...plainGoal(request.getType(), request.getName(), request.getCustom(), properties),
    parent: request.getParent() || undefined,
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    dependencies,
    propertyDependencies: propertyDependencies(request, wire, dependencies),
    deleteBeforeReplace: deleteBeforeReplace ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map(readAlias),
    ],
    importId: request.getImportid() || undefined,
    customTimeouts: readTimeouts(request),
    deletedWith: request.getDeletedwith() || undefined,
    replaceWith: request.getReplaceWithList(),
    ...readPosition(request, projectRoot),
  };
}

function refuseUnsupported(request: RegisterRequest): void {
  const refused = [
    [request.getTransformsList().length > 0, "transforms"],
    [request.getHooks() !== undefined && hasHooks(request), "resource hooks"],
    [request.hasReplacementTrigger(), "replacementTrigger"],
    [request.getHidediffsList().length > 0, "hideDiffs"],
    [request.getEnvvarmappingsMap().getLength() > 0, "envVarMappings"],
  ] as const;
  for (const [isUsed, feature] of refused) {
    if (isUsed) {
      throw new NotSupportedError(
        `Registering ${request.getType()} '${request.getName()}': ${feature} are not supported by the stand-in engine`,
      );
    }
  }
}

function hasHooks(request: RegisterRequest): boolean {
  return Object.values(request.getHooks()?.toObject() ?? {}).some(
    (hooks) => Array.isArray(hooks) && hooks.length > 0,
  );
}

function propertyDependencies(
  request: RegisterRequest,
  wire: PropertyMap,
  all: string[],
): Record<string, string[]> {
  const map = request.getPropertydependenciesMap();
  const result: Record<string, string[]> = {};
  for (const [key, dependencies] of map.entries()) {
    result[key] = unique(dependencies.getUrnsList());
  }
  for (const [key, value] of Object.entries(wire)) {
    // A program that does not say what a property depends on means: on everything.
    const said = map.getLength() === 0 ? all : (result[key] ?? []);
    result[key] = unique([...said, ...outputDependencies(value)]);
  }
  return result;
}

function readAlias(alias: ReturnType<RegisterRequest["getAliasesList"]>[number]): Alias {
  const spec = alias.getSpec();
  if (spec === undefined) {
    return { urn: alias.getUrn() };
  }
  return {
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    stack: spec.getStack() || undefined,
    project: spec.getProject() || undefined,
    parent: spec.getParenturn() || undefined,
    noParent: spec.getNoparent(),
  };
}

function readTimeouts(request: RegisterRequest): Goal["customTimeouts"] {
  const timeouts = request.getCustomtimeouts();
  const result: Goal["customTimeouts"] = {};
  for (const [key, text] of [
    ["create", timeouts?.getCreate()],
    ["update", timeouts?.getUpdate()],
    ["delete", timeouts?.getDelete()],
  ] as const) {
    if (text) {
      result[key] = durationInSeconds(text);
    }
  }
  return result;
}

const SECONDS = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** A duration as Go writes it: "1h30m", "90s". */
function durationInSeconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== text) {
    throw new Error(`'${text}' is not a duration (as in "30s", "1h30m")`);
  }
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
}

/** Where the program registered something, as the CLI writes it: relative to the project. */
export function readPosition(
  request: {
    getSourceposition: RegisterRequest["getSourceposition"];
    getStacktrace: RegisterRequest["getStacktrace"];
  },
  projectRoot: string,
): { sourcePosition?: string; stackTrace?: StackFrame[] } {
  const sourcePosition = positionText(request.getSourceposition(), projectRoot);
  const frames = request.getStacktrace()?.getFramesList() ?? [];
  const stackTrace = frames.map((frame) => {
    const position = positionText(frame.getPc(), projectRoot);
    return position === undefined ? {} : { sourcePosition: position };
  });
  return { sourcePosition, ...(stackTrace.length > 0 && { stackTrace }) };
}

function positionText(
  position: InstanceType<typeof sourceMessages.SourcePosition> | undefined,
  projectRoot: string,
): string | undefined {
  if (!position?.getUri().startsWith("file://")) {
    return undefined;
  }
  const path = relative(projectRoot, fileURLToPath(position.getUri()));
  const column = position.getColumn() === 0 ? "" : `,${position.getColumn()}`;
  return `project:///${path}#${position.getLine()}${column}`;
}

function unique(urns: readonly string[]): string[] {
  return [...new Set(urns)];
}
