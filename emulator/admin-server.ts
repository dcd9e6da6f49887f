import type { IncomingMessage, ServerResponse } from "node:http";
import type { EmulatorAdmin } from "./admin";
import { AdminError, findCommand } from "./admin-command";

/** Paths under this belong to the admin API. */
export const adminPrefix = "/_emulator/";

/**
 * Serves the admin API over HTTP: `POST /_emulator/<command>` with the argument as JSON; `GET` also works for commands
 * without an argument. 200 with the result, 400 with `{message}`.
 */
export async function serveAdmin(
  admin: EmulatorAdmin,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Whoever can reach this can do anything, so only this machine can.
  if (!isLoopback(message.socket.remoteAddress)) {
    return answer(response, 403, { message: "the admin API answers on loopback only" });
  }
  const path = new URL(message.url ?? "/", "http://emulator").pathname.slice(adminPrefix.length);
  if (path === "health") return answer(response, 200, { status: "ok" });
  const run = findCommand(admin, path);
  if (run === undefined) return answer(response, 404, { message: `there is no admin command ${path}` });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    const result = await run(text === "" ? undefined : (JSON.parse(text) as unknown));
    answer(response, 200, result ?? {});
  } catch (error) {
    if (!(error instanceof AdminError) && !(error instanceof SyntaxError)) throw error;
    answer(response, 400, { message: error.message });
  }
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
