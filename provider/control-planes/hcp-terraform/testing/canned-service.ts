import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a request gets: a status and a body, or a function of how often it was asked before. */
export type Canned =
  | { status?: number; body?: unknown }
  | ((times: number) => { status?: number; body?: unknown });

/** A service with prepared answers, for what the emulator would not say. What has no answer gets a 404. */
export async function startCannedService(answers: Record<string, Canned>) {
  const asked: { method: string; path: string; query: URLSearchParams; body: unknown }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://canned");
    const path = url.pathname.replace(/^\/api\/v2/, "");
    const key = `${request.method} ${path}`;
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const times = asked.filter((one) => `${one.method} ${one.path}` === key).length;
      asked.push({
        method: request.method ?? "",
        path,
        query: url.searchParams,
        body: text === "" ? undefined : JSON.parse(text),
      });
      const canned = answers[key];
      const { status = canned ? 200 : 404, body = { errors: [{ title: "not found" }] } } =
        typeof canned === "function" ? canned(times) : (canned ?? {});
      response.writeHead(status, { "content-type": "application/vnd.api+json" });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Documents as HCP Terraform sends them, with as little in them as it may. */
export const documents = {
  organization: (permissions: object = {}, others: object = {}) => ({
    data: {
      id: "acme",
      type: "organizations",
      attributes: { "default-execution-mode": "remote", permissions },
      ...others,
    },
  }),
  pool: (id: string, lists: Record<string, string[]> = {}, scoped = false) => ({
    id,
    type: "agent-pools",
    attributes: { name: `name-${id}`, "organization-scoped": scoped },
    relationships: Object.fromEntries(
      Object.entries({ ...(scoped ? {} : { "allowed-workspaces": [] }), ...lists }).map(([list, ids]) => [
        list,
        { data: ids.map((member) => ({ id: member })) },
      ]),
    ),
  }),
  workspace: (id: string, name: string, relationships: object = {}, attributes: object = {}) => ({
    id,
    type: "workspaces",
    attributes: { name, "execution-mode": "remote", ...attributes },
    relationships,
  }),
  project: (id: string, name: string, relationships: object = {}, attributes: object = {}) => ({
    id,
    type: "projects",
    attributes: { name, ...attributes },
    relationships,
  }),
};

/** A to-one relationship. */
export const toOne = (id: string) => ({ data: { id } });
