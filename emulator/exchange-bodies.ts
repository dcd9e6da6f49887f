import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import type { Answer, Method } from "./exchange";

/** Bodies of these APIs are small; more than this is a mistake. */
const largestBody = 10 * 1024 * 1024;

/** The whole body of a request as text, decompressed. Throws when it is too large or damaged. */
export async function bodyText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error("request body is too large");
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  // Pulumi's command line compresses what it sends to some operations.
  const isCompressed = message.headers["content-encoding"] === "gzip";
  return (isCompressed ? gunzipSync(bytes, { maxOutputLength: largestBody }) : bytes).toString("utf8");
}

/** Media type of a request's body without its parameters, "" when none is named. */
export function mediaTypeOf(message: IncomingMessage): string {
  return message.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The parsed body; undefined when there is none or it can't be parsed. */
export function parseBody(text: string, mediaType: string): { value: unknown } | undefined {
  if (text === "") return undefined;
  if (mediaType === "application/x-www-form-urlencoded") {
    return { value: Object.fromEntries(new URLSearchParams(text)) };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Sends an answer, garbled when a fault of such a kind struck. */
export function sendAnswer(
  response: ServerResponse,
  method: Method,
  jsonMediaType: string,
  answer: Answer,
  faultKinds: ReadonlySet<string>,
): void {
  const { status, headers = {} } = answer;
  const mediaType = answer.text?.mediaType ?? jsonMediaType;
  let content = answer.text?.content ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  if (faultKinds.has("malformed-json")) content = content === "" ? "{" : content.slice(0, -1);
  const bytes = Buffer.from(content);
  response.writeHead(status, {
    ...headers,
    ...(bytes.length > 0 && { "Content-Type": headers["Content-Type"] ?? mediaType }),
    ...(status !== 204 && { "Content-Length": String(bytes.length) }),
  });
  if (faultKinds.has("truncate")) {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
    return;
  }
  response.end(method === "HEAD" || status === 204 ? undefined : bytes);
}
