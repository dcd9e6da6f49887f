import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { failureOf } from "../testing/open-parts.ts";
import { quick, somePlane } from "../testing/transport-server.ts";
import { openDispatcher } from "./dispatcher.ts";
import { type ApiRequest, HttpTransport } from "./http.ts";

let proxy: Server;
let tunnels: string[] = [];
/** How the proxy answers whoever wants to go through it. */
let status = "407 Proxy Authentication Required";
let transport: HttpTransport;

beforeAll(async () => {
  proxy = createServer();
  proxy.on("connect", (request, socket) => {
    tunnels.push(request.url ?? "");
    socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
  });
  await new Promise<void>((ready) => proxy.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of ["http_proxy", "https_proxy", "no_proxy", "NO_PROXY"]) vi.stubEnv(name, undefined);
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) vi.stubEnv(name, url);
  // The dispatcher that all transports share has read the environment of this process before.
  const dispatcher = await openDispatcher();
  vi.unstubAllEnvs();
  transport = new HttpTransport("https://plane.test", somePlane, { retries: quick, dispatcher });
});

afterEach(() => {
  tunnels = [];
});

afterAll(() => {
  proxy.close();
});

function send(method: ApiRequest["method"]) {
  return transport.send({ operation: "do it", method, path: "/things" }, z.unknown());
}

it.each(["GET", "POST", "PATCH"] as const)(
  "a proxy that requires authentication is named, and %s is not repeated",
  async (method) => {
    status = "407 Proxy Authentication Required";
    const error = await failureOf(send(method));
    expect(error.ambiguous).toBe(false);
    expect(error.message).toContain(
      "https://plane.test: the proxy requires authentication (407). Put user and password",
    );
    expect(error.advice).toMatch(/HTTPS_PROXY.*NO_PROXY/);
    expect(tunnels).toEqual(["plane.test:443"]);
  },
);

it("a proxy that refuses to connect is named, and not asked again", async () => {
  status = "403 Forbidden";
  const error = await failureOf(send("POST"));
  expect(error.ambiguous).toBe(false);
  expect(error.message).toContain("the proxy did not connect: it answered 403. Check HTTPS_PROXY");
  expect(tunnels).toHaveLength(1);
});

it.each([500, 502])(
  "a proxy that cannot connect just now (%i) is asked again: nothing was sent",
  async (code) => {
    status = `${code} No`;
    const error = await failureOf(send("POST"));
    expect(error.ambiguous).toBe(false);
    expect(error.message).toContain(`it answered ${code}`);
    expect(tunnels).toHaveLength(3);
  },
);
