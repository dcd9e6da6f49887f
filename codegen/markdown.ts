import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import type { ComponentDefinition } from "../provider/components/index";
import type { PlaneDescriptor } from "../provider/control-planes/descriptor";
import { planes } from "../provider/control-planes/planes";
import type { FunctionDefinition } from "../provider/functions/definitions";
import { packageRoot } from "../provider/package-root";
import {
  isOptionalInput,
  metaOf,
  type ResourceDefinition,
  unwrap,
} from "../provider/resources/framework/definition";

/** The README with its table of what each control plane can do. */
export function readmeText(): string {
  const readme = readFileSync(join(packageRoot(), "README.md"), "utf8");
  const [start, end] = ["<!-- capabilities: generated -->", "<!-- /capabilities -->"];
  const before = readme.slice(0, readme.indexOf(start) + start.length);
  const after = readme.slice(readme.indexOf(end));
  return `${before}\n${capabilityTable()}\n${after}`;
}

/** Reference of all resources, components and functions: their arguments and outputs. */
export function referenceText(
  resources: readonly ResourceDefinition[],
  components: readonly ComponentDefinition[],
  functions: readonly FunctionDefinition[],
): string {
  const sections = [
    ...["# Resources", ...resources.map(section)],
    ...["# Components", ...components.map(section)],
    ...["# Functions", ...functions.map(section)],
  ];
  return `<!-- Generated from the definitions by \`npm run generate\`. Do not edit. -->\n${sections.join("\n\n")}\n`;
}

function section(definition: ResourceDefinition | ComponentDefinition | FunctionDefinition): string {
  const { name, description, inputs, outputs } = definition;
  const example = "example" in definition ? `\n\n\`\`\`ts\n${definition.example}\n\`\`\`` : "";
  const importId =
    "importId" in definition ? `\n\nTo import it, give an id such as ${definition.importId}.` : "";
  return `## ${name}\n\n${description}${example}${importId}\n\n| argument | | |\n|---|---|---|\n${rows(inputs.shape)}\n\n| output | | |\n|---|---|---|\n${rows(outputs.shape)}`;
}

function capabilityTable(): string {
  const all = planes as unknown as readonly PlaneDescriptor[];
  const row = (title: string, cell: (plane: PlaneDescriptor) => string) =>
    `| ${title} | ${all.map(cell).join(" | ")} |`;
  const yes = (value: boolean) => (value ? "yes" : "no");
  return [
    `| | ${all.map(({ displayName, kind }) => `${displayName}<br>\`${kind}\``).join(" | ")} |`,
    `|---|${all.map(() => "---").join("|")}|`,
    row("credentials", ({ service }) => service.credentialSources.map((name) => `\`${name}\``).join(", ")),
    row("pool name", ({ capabilities }) => capabilities.poolName?.words ?? "no rule known"),
    row("pool description", ({ capabilities }) => yes(capabilities.poolDescription)),
    row("pool scope (who may use it)", ({ capabilities }) => yes(capabilities.poolScope)),
    row("deployment logs in your own account", ({ capabilities }) => yes(capabilities.logHosting)),
    row("deleting a pool in use", ({ capabilities }) =>
      capabilities.forceDestroy ? "refused, or forced" : "refused",
    ),
    row("tokens of a pool", ({ parts, capabilities }) =>
      parts.tokens ? String(capabilities.tokenSlots ?? "any number") : "1, issued with the pool",
    ),
    row("rotating a token", ({ parts }) =>
      parts.tokens ? "`generation` of the token" : "`generation` of the pool, or OIDC",
    ),
    row("OIDC instead of a token", ({ capabilities }) => yes(capabilities.agentOidc)),
    row("targets", ({ targets }) => Object.keys(targets).join(", ")),
    row("targets selected by", ({ targets }) => filtersOf(targets) || "name, pattern"),
    row("organization default", ({ capabilities }) =>
      capabilities.defaultPool === "settable" ? "yes" : "read only",
    ),
    row("hosted runners on destroy, explicitly", ({ capabilities }) => yes(capabilities.explicitHosted)),
    row("live agents", ({ parts }) => yes(parts.agents !== undefined)),
    row("demand (queued and running work)", ({ parts }) => yes(parts.demand !== undefined)),
  ].join("\n");
}

/** Ways to select targets of a set besides names and patterns. */
function filtersOf(targets: PlaneDescriptor["targets"]): string {
  const filters = Object.entries(targets).flatMap(([kind, { filters }]) =>
    filters.map((filter) => `${filter} of ${kind}`),
  );
  return filters.length > 0 ? `name, pattern, ${filters.join(", ")}` : "";
}

function rows(shape: z.ZodObject["shape"], prefix = ""): string {
  return Object.entries(shape)
    .flatMap(([key, value]) => {
      const schema = value as z.ZodType;
      const meta = metaOf(schema);
      const notes = [typeName(schema), required(schema), meta["secret"] ? "secret" : ""]
        .filter(Boolean)
        .join(", ");
      const line = `| \`${prefix}${key}\` | ${notes} | ${String(meta["description"] ?? "").replaceAll("|", "\\|")} |`;
      const inner = unwrap(schema);
      if (inner.def.type === "object") return [line, rows((inner as z.ZodObject).shape, `${prefix}${key}.`)];
      const element = inner.def.type === "array" ? unwrap((inner as z.ZodArray).element as z.ZodType) : inner;
      return element.def.type === "object"
        ? [line, rows((element as z.ZodObject).shape, `${prefix}${key}[].`)]
        : [line];
    })
    .join("\n");
}

function required(schema: z.ZodType): string {
  const { defaultValue } = schema.def as { defaultValue?: unknown };
  if (defaultValue !== undefined) return `default \`${JSON.stringify(defaultValue)}\``;
  return isOptionalInput(schema) ? "optional" : "";
}

function typeName(schema: z.ZodType): string {
  const inner = unwrap(schema);
  if (inner.def.type === "enum")
    return (inner as z.ZodEnum).options.map((option) => `\`${option}\``).join(" or ");
  if (inner.def.type === "array") return `list of ${typeName((inner as z.ZodArray).element as z.ZodType)}`;
  if (inner.def.type === "record") return `map of ${typeName((inner as z.ZodRecord).valueType as z.ZodType)}`;
  return inner.def.type;
}
