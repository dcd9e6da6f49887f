import { type Answer, isJsonObject, type Json } from "./exchange";
import type { Fault } from "./faults";

/** Status of a `delayed` fault that names none: what a proxy answers that waited too long. */
const gatewayTimeout = 504;

/** The answer that a fault prescribes in place of any work, or before it; undefined when the work is done first. */
export function prescribedAnswer(fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === "status") return answerWith(fault.status, fault);
  if (fault?.kind === "delayed") return answerWith(fault.status ?? gatewayTimeout, fault);
  if (fault?.kind === "html") {
    const content =
      "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
    return { status: fault.status ?? 502, text: { content, mediaType: "text/html" } };
  }
  return undefined;
}

/** What a fault makes of the answer after the work is done. */
export function changedAnswer(fault: Fault | undefined, answer: Answer): Answer {
  if (fault?.kind === "status-after") return answerWith(fault.status, fault);
  if (fault?.kind !== "without-field" || answer.body === undefined) return answer;
  // A copy as it travels: the body may hold parts of the emulator's state.
  const body = JSON.parse(JSON.stringify(answer.body)) as Json;
  removeField(body, fault.field.split("."));
  return { ...answer, body };
}

function answerWith(
  status: number,
  { headers, body }: { headers?: Record<string, string> | undefined; body?: unknown },
): Answer {
  return { status, ...(headers && { headers }), ...(body !== undefined && { body }) };
}

/** Removes what lies at the path; a path that leads nowhere removes nothing. */
function removeField(value: Json, [key = "", ...rest]: readonly string[]): void {
  if (!Array.isArray(value) && !isJsonObject(value)) return;
  const keys = key === "*" ? Object.keys(value) : [key];
  // From the end, so that the indexes of a list stay true while items go.
  for (const name of keys.toReversed()) {
    if (rest.length > 0) {
      const inner = Array.isArray(value) ? value[Number(name)] : value[name];
      if (inner !== undefined) removeField(inner, rest);
    } else if (!Array.isArray(value)) delete value[name];
    else if (Number(name) < value.length) value.splice(Number(name), 1);
  }
}
