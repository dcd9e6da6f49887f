import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as the server got it. */
export interface CannedRequest {
  /** `GET /path`, without the query. */
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Status 200 where only a body is given; 204 without a body where neither is. */
export interface CannedAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers by `GET /path`. Of several the last one is repeated. `*` is for everything else. */
export type CannedAnswers = Readonly<Record<string, CannedAnswer | readonly CannedAnswer[]>>;

/** A server that gives the same answers each time, for what the emulator cannot show. It ends with the test. */
export async function startCannedApi(answers: CannedAnswers) {
  const requests: CannedRequest[] = [];
  const left = new Map(Object.entries(answers).map(([route, answer]) => [route, [answer].flat()]));
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const route = `${request.method} ${pathname}`;
    let text = "";
    for await (const chunk of request) text += chunk;
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    requests.push({ route, query: Object.fromEntries(searchParams), headers: request.headers, body });
    const queue = left.get(route) ?? left.get("*") ?? [];
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? {
      status: 404,
      body: { code: 404, message: "nothing here" },
    };
    response.writeHead(answer.status ?? (answer.body === undefined ? 204 : 200), {
      "content-type": "application/json",
      ...answer.headers,
    });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Bodies that were sent to a route. */
    bodies: (route: string) => requests.filter((request) => request.route === route).map(({ body }) => body),
    /** Routes in the order of the requests. */
    routes: () => requests.map(({ route }) => route),
  };
}
