import type { JsonObject } from "../exchange";
import type { PulumiOperationEntry } from "./requests";

/** Operation of the vendor's spec file, which `pulumi api` downloads to learn what it can call. */
export const descriptionPath = "/api/openapi/pulumi-spec.json";

/**
 * An OpenAPI document of what is emulated: enough for `pulumi api list` and for calling operations by name. Schemas are
 * left out, the vendor's own description has them.
 */
export function describe(operations: readonly PulumiOperationEntry[]): JsonObject {
  const paths: { [path: string]: JsonObject } = {};
  for (const { id, method, path } of operations) {
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? "");
    const template = path.replace(/:(\w+)/g, "{$1}");
    const item: JsonObject = paths[template] ?? {};
    item[method.toLowerCase()] = {
      operationId: id,
      summary: id,
      parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...(["POST", "PUT", "PATCH"].includes(method) && {
        requestBody: { content: { "application/json": { schema: { type: "object" } } } },
      }),
      responses: { "200": { description: "OK", content: { "application/json": { schema: {} } } } },
    };
    paths[template] = item;
  }
  return {
    openapi: "3.0.3",
    info: { title: "Pulumi Cloud, emulated", version: "1" },
    components: { schemas: { Anything: {} } },
    paths,
  };
}
