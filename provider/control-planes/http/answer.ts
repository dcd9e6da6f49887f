import { z } from "zod";
import type { Dialect } from "./dialect";
import { proxyLoginAdvice } from "./network-failure";

/** For answers whose body nobody reads: `true`, so that an empty answer differs from a 404. */
export const anyAnswer = z.unknown().transform(() => true as const);

/** The body of an answer: JSON, nothing, or something else. */
export type ParsedBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** Parses a body. An empty one is undefined. */
export function parseJson(text: string): ParsedBody {
  if (text.trim() === "") return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

/** A body that is no JSON, in words: its media type and its start. */
export function describeBody(contentType: string | undefined, text: string): string {
  const start = text.replace(/\s+/g, " ").trim().slice(0, 120);
  if (start === "") return "an empty answer";
  return `${contentType?.split(";")[0] ?? "an answer without a media type"} that starts with: ${start}`;
}

/** What an answer lacks, or where it has another shape than the API's. */
export function describeShape(error: z.ZodError, body: unknown): string {
  // Zod names one issue at least.
  const { code, path, message } = error.issues[0] as z.core.$ZodIssue;
  const place = path.join(".");
  if (place !== "" && (code === "custom" || valueAt(body, path) === undefined)) {
    return `the answer lacks \`${place}\`${code === "custom" ? `, ${message}` : ""}`;
  }
  return `the answer has an unexpected shape at ${place || "its top"}: ${message}`;
}

/** Gives a header of an answer. */
export type Header = (name: string) => string | undefined;

/** An answer with a status of 300 or above. */
export interface Refusal {
  readonly status: number;
  readonly header: Header;
  readonly text: string;
  /** What the text is as JSON. */
  readonly body: ParsedBody;
}

/** Who refused, why, and what to do. */
export function explainRefusal(
  { plane, advice, errorMessage }: Pick<Dialect, "plane" | "advice" | "errorMessage">,
  baseUrl: string,
  { status, header, text, body }: Refusal,
): { readonly message: string; readonly advice: string | undefined } {
  if (status < 400) {
    const address = header("location") ?? "an unnamed address";
    return {
      message: `the server redirects to ${address}, which is not followed`,
      advice: advice(status),
    };
  }
  if (status === 407) return { message: "the proxy requires authentication", advice: proxyLoginAdvice };
  const content = describeBody(header("content-type"), text);
  if (isGatewayPage(status, header("content-type"), text)) {
    return {
      message: `a proxy or load balancer between here and ${plane} answered in its place: ${content}`,
      advice: `Look at what stands in front of ${baseUrl} (HTTPS_PROXY, a load balancer), then try again.`,
    };
  }
  const message = body.ok && body.value !== undefined ? errorMessage(body.value) : undefined;
  return { message: message ?? content, advice: advice(status) };
}

/** Whether a gateway's own page came in place of the API's answer: the APIs here speak JSON. */
function isGatewayPage(status: number, contentType: string | undefined, text: string): boolean {
  const isGatewayStatus = status === 502 || status === 503 || status === 504;
  return isGatewayStatus && (/html/i.test(contentType ?? "") || /^\s*</.test(text));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((here, key) => Object(here)[key], value);
}
