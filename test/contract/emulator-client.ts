import { emulatorCredentials } from "../../emulator/default-seed.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { isJsonObject, type Plane } from "../../emulator/exchange.ts";

/** What came back. */
export interface Reply {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
}

/** One request; a body goes out as the plane's media type. */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

const basic = Buffer.from(
  `${emulatorCredentials.envZeroApiKey}:${emulatorCredentials.envZeroApiSecret}`,
).toString("base64");

/** The `Authorization` header of the default seed's administrator. */
export const authorizations: Record<Plane, string> = {
  "pulumi-cloud": `token ${emulatorCredentials.pulumiCloudAccessToken}`,
  "hcp-terraform": `Bearer ${emulatorCredentials.hcpTerraformToken}`,
  "env-zero": `Basic ${basic}`,
};

const mediaTypes: Record<Plane, string> = {
  "pulumi-cloud": "application/json",
  "hcp-terraform": "application/vnd.api+json",
  "env-zero": "application/json",
};

/** A bare HTTP client of one plane: it checks nothing and retries nothing. */
export function clientOf(emulator: Emulator, plane: Plane, authorization = authorizations[plane]): Send {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(emulator.url + path, {
      method,
      headers: {
        authorization,
        ...(body !== undefined && { "content-type": mediaTypes[plane] }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
  };
}

/** What lies at a path of keys and indexes in parsed JSON; undefined when there is nothing. */
export function valueAt(body: unknown, ...path: (string | number)[]): unknown {
  let found = body;
  for (const key of path) {
    if (Array.isArray(found) && typeof key === "number") found = found[key] as unknown;
    else found = isJsonObject(found) ? found[key] : undefined;
  }
  return found;
}

/** The text at a path, where a test can't go on without it. */
export function textAt(body: unknown, ...path: (string | number)[]): string {
  const found = valueAt(body, ...path);
  if (typeof found !== "string") throw new Error(`no ${path.join(".")} in ${JSON.stringify(body)}`);
  return found;
}

/** A JSON:API document with one resource. */
export function resource(type: string, attributes: object, relationships?: object): object {
  return { data: { type, attributes, ...(relationships && { relationships }) } };
}
