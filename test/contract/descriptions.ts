import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import type { Plane } from "../../emulator/exchange.ts";

/** Where the vendors' API descriptions lie, beside the repository. They are not ours to ship. */
const folder = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

interface MediaTypes {
  [mediaType: string]: { schema?: object } | undefined;
}

interface DescribedBody {
  content?: MediaTypes;
}

interface DescribedOperation {
  operationId?: string;
  requestBody?: DescribedBody;
  responses: { [status: string]: DescribedBody | undefined };
}

interface Description {
  paths: { [path: string]: { [method: string]: DescribedOperation | undefined } };
}

interface Source {
  file: string;
  /** What a client puts before the description's paths. */
  prefix: string;
}

const sources: Record<Plane, Source> = {
  "pulumi-cloud": { file: "pulumi-cloud.openapi.json", prefix: "" },
  "hcp-terraform": { file: "hcp-terraform.openapi.json", prefix: "/api/v2" },
  "env-zero": { file: "env-zero-2022.openapi.yml", prefix: "" },
};

/** False where the descriptions are absent: nothing can be held against them then. */
export const descriptionsAvailable = Object.values(sources).every(({ file }) => existsSync(folder + file));

/** An operation in a vendor's description. */
export interface DescribedRoute {
  plane: Plane;
  method: string;
  /** The description's own path. */
  path: string;
  operation: DescribedOperation;
}

const descriptions = new Map<Plane, Description>();
const routes = new Map<Plane, (DescribedRoute & { pattern: RegExp })[]>();
const validators = new Map<string, ValidateFunction>();

// Formats beyond JSON Schema's own (int64, byte) mean nothing to the shape.
const ajv = addFormats.default(
  new Ajv({ strict: false, allErrors: true, validateSchema: false, validateFormats: true, logger: false }),
);

/** The described operation that a request is for, if the description knows one. */
export function describedRoute(plane: Plane, method: string, path: string): DescribedRoute | undefined {
  const candidates = routesOf(plane).filter((route) => route.method === method && route.pattern.test(path));
  // Fixed paths win over those with parameters.
  return candidates.toSorted((a, b) => countParameters(a.path) - countParameters(b.path))[0];
}

/** The JSON schema of a route's request, or of its response with a status; undefined where none is described. */
export function validatorFor(route: DescribedRoute, part: "request" | number): ValidateFunction | undefined {
  const key = `${route.plane} ${route.method} ${route.path} ${part}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const holder =
    part === "request"
      ? { body: route.operation.requestBody, pointer: ["requestBody"] }
      : describedResponse(route, part);
  const [mediaType, content] = Object.entries(holder?.body?.content ?? {})[0] ?? [];
  if (holder === undefined || mediaType === undefined || content?.schema === undefined) return undefined;
  const pointer = [
    "paths",
    route.path,
    route.method.toLowerCase(),
    ...holder.pointer,
    "content",
    mediaType,
    "schema",
  ];
  const validator = ajv.compile({ $ref: `${route.plane}.json#/${pointer.map(escapePointer).join("/")}` });
  validators.set(key, validator);
  return validator;
}

/** True when the description lists this status for the route, by itself or as the default. */
export function describesStatus(route: DescribedRoute, status: number): boolean {
  return describedResponse(route, status) !== undefined;
}

function describedResponse(
  route: DescribedRoute,
  status: number,
): { body: DescribedBody | undefined; pointer: string[] } | undefined {
  const { responses } = route.operation;
  const key = [String(status), ...(status >= 400 ? ["default"] : [])].find(
    (name) => responses[name] !== undefined,
  );
  return key === undefined ? undefined : { body: responses[key], pointer: ["responses", key] };
}

function routesOf(plane: Plane): (DescribedRoute & { pattern: RegExp })[] {
  const known = routes.get(plane);
  if (known !== undefined) return known;
  const { prefix } = sources[plane];
  const listed = Object.entries(descriptionOf(plane).paths).flatMap(([path, item]) => {
    const pattern = new RegExp(`^${prefix}${path.replace(/\{[^}]+\}/g, "[^/]+")}/?$`);
    return Object.entries(item).flatMap(([method, operation]) =>
      operation?.responses === undefined
        ? []
        : { plane, method: method.toUpperCase(), path, operation, pattern },
    );
  });
  routes.set(plane, listed);
  return listed;
}

function descriptionOf(plane: Plane): Description {
  const known = descriptions.get(plane);
  if (known !== undefined) return known;
  const { file } = sources[plane];
  const text = readFileSync(folder + file, "utf8");
  const description = (file.endsWith(".json") ? JSON.parse(text) : parse(text)) as Description;
  descriptions.set(plane, description);
  ajv.addSchema(description, `${plane}.json`);
  return description;
}

function countParameters(path: string): number {
  return path.split("{").length;
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replace(/~/g, "~0").replace(/\//g, "~1"));
}
