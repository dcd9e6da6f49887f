import type { ComponentDefinition } from "../provider/components/index";
import type { FunctionDefinition } from "../provider/functions/definitions";
import { resourceDefinitions } from "../provider/resources";
import { argsInterface, type Nested, plainInterface } from "./typescript";
import { resourcesTypescript } from "./typescript-classes";

const notice = "// Generated from the definitions by `npm run generate`. Do not edit.";

/** TypeScript of the names of control planes: programs need them without the clients. */
export function controlPlanesTypescript(
  planes: readonly { readonly kind: string; readonly parts: object }[],
): string {
  const kinds = planes.map(({ kind }) => kind);
  const issuing = planes.filter(({ parts }) => !("tokens" in parts)).map(({ kind }) => kind);
  return document([
    `${notice}\n/** The control planes that this package knows, by the name that programs, ids and configuration use. */
export const controlPlaneKinds = [${kinds.map((kind) => JSON.stringify(kind)).join(", ")}] as const;`,
    `/** Name of a control plane, for example \`${kinds[0]}\`. */
export type ControlPlaneKind = (typeof controlPlaneKinds)[number];`,
    `/** The control planes that issue a pool's one token with the pool. */
export const planesWithInitialTokens: readonly ControlPlaneKind[] = ${JSON.stringify(issuing)};`,
  ]);
}

/** TypeScript of what components take. */
export function componentsTypescript(definitions: readonly ComponentDefinition[]): string {
  const nested: Nested = new Map();
  const interfaces = definitions.map(({ name, description, inputs }) =>
    argsInterface(`${name}Args`, description, inputs, nested),
  );
  const own = [...nested].filter(([name]) => !isDeclared(name)).flatMap(([, { args }]) => [args]);
  const imports = [
    'import type * as pulumi from "@pulumi/pulumi";',
    importOf(["PoolInput"], "../pool-input"),
    importOf(
      [...nested.keys()].filter(isDeclared).map((name) => `${name}Args`),
      "./resources",
    ),
  ];
  return document([`${notice}\n${imports.join("\n")}`, ...own, ...interfaces]);
}

/** TypeScript of what functions take, as plain values and as inputs, and of what they give. */
export function functionsTypescript(definitions: readonly FunctionDefinition[]): string {
  const nested: Nested = new Map();
  const interfaces = definitions.flatMap(({ name, description, inputs, outputs }) => {
    const pascal = name.charAt(0).toUpperCase() + name.slice(1);
    return [
      plainInterface(`${pascal}Args`, `Arguments of \`${name}\`. ${description}`, inputs, nested),
      argsInterface(`${pascal}OutputArgs`, `Arguments of \`${name}Output\`. ${description}`, inputs, nested),
      plainInterface(`${pascal}Result`, `What \`${name}\` gives.`, outputs, nested),
    ];
  });
  const own = [...nested].filter(([name]) => !isDeclared(name)).flatMap(([, { plain }]) => [plain]);
  const shared = [...nested.keys()].filter(isDeclared).flatMap((name) => [name, `${name}Args`]);
  const imports = [
    'import type * as pulumi from "@pulumi/pulumi";',
    importOf(shared, "../../resources/generated/resources"),
    importOf(["PoolInput"], "../../resources/pool-input"),
  ];
  return document([`${notice}\n${imports.join("\n")}`, ...own, ...interfaces]);
}

const declared = new Set(resourcesTypescript(resourceDefinitions).match(/(?<=^export interface )\w+/gm));

/** The resources declare it already. */
function isDeclared(name: string): boolean {
  return declared.has(name);
}

function importOf(names: readonly string[], from: string): string {
  return `import type { ${[...names].sort().join(", ")} } from "${from}";`;
}

function document(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}
