import { expect, it } from "vitest";
import { z } from "zod";
import { dispatcher, openDispatcher } from "./dispatcher.ts";
import { answer, read, serve } from "./testing/transport-server.ts";

it("is one for all transports of the process, and another where one is opened", () => {
  const shared = dispatcher();
  expect(shared).toBeDefined();
  expect(dispatcher()).toBe(shared);
  expect(openDispatcher()).not.toBe(shared);
});

it("sends no more than 16 requests to a service at a time, over connections that are kept", async () => {
  let underWay = 0;
  let most = 0;
  const ports = new Set<number | undefined>();
  const { transport } = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    most = Math.max(most, ++underWay);
    setTimeout(() => {
      underWay--;
      answer(response, 200, "{}");
    }, 5);
  });
  await Promise.all(Array.from({ length: 40 }, () => transport.send(read, z.unknown())));
  expect(most).toBe(16);
  expect(ports.size).toBe(16);
});
