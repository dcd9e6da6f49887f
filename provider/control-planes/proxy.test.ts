import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { ControlPlaneError } from "./error.ts";
import { type ApiRequest, HttpTransport } from "./http.ts";

let proxy: Server;
let tunnels: string[] = [];
/** How the proxy answers whoever wants to go through it. */
let status = "407 Proxy Authentication Required";
const before = { ...process.env };

/** The transport reads the proxy's URL with its first request; each test file is a process of its own. */
beforeAll(async () => {
  proxy = createServer();
  proxy.on("connect", (request, socket) => {
    tunnels.push(request.url ?? "");
    socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
  });
  await new Promise<void>((ready) => proxy.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of ["http_proxy", "https_proxy", "no_proxy", "NO_PROXY"]) delete process.env[name];
  Object.assign(process.env, { HTTP_PROXY: url, HTTPS_PROXY: url });
});

afterAll(() => {
  process.env = before;
  proxy.close();
});

const transport = new HttpTransport(
  "https://plane.test",
  {
    plane: "Some Plane",
    headers: {},
    contentType: "application/json",
    rateLimitPrecedesHandler: true,
    requestIdHeaders: [],
    errorMessage: () => undefined,
    advice: () => undefined,
  },
  { retries: { attempts: 3, firstDelay: 5, longestDelay: 20, totalTime: 1500 } },
);

async function failureOf(method: ApiRequest["method"]): Promise<ControlPlaneError> {
  tunnels = [];
  const call: ApiRequest = { operation: "do it", method, path: "/things" };
  const error = await transport.send(call, z.unknown()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ControlPlaneError);
  return error as ControlPlaneError;
}

it.each(["GET", "POST", "PATCH"] as const)(
  "a proxy that requires authentication is named, and %s is not repeated",
  async (method) => {
    status = "407 Proxy Authentication Required";
    const error = await failureOf(method);
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
  const error = await failureOf("POST");
  expect(error.ambiguous).toBe(false);
  expect(error.message).toContain("the proxy did not connect: it answered 403. Check HTTPS_PROXY");
  expect(tunnels).toHaveLength(1);
});

it("a proxy that cannot connect just now is asked again: nothing was sent", async () => {
  status = "502 Bad Gateway";
  const error = await failureOf("POST");
  expect(error.ambiguous).toBe(false);
  expect(error.message).toContain("it answered 502");
  expect(tunnels).toHaveLength(3);
});
