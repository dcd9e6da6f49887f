import type { ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { z } from "zod";
import { answer, read, serve } from "../testing/transport-server.ts";
import { dispatcher, openDispatcher } from "./dispatcher.ts";

it("is one for all transports of the process, and another where one is opened", async () => {
  const shared = await dispatcher();
  expect(shared).toBeDefined();
  expect(await dispatcher()).toBe(shared);
  expect(await openDispatcher()).not.toBe(shared);
});

it("sends no more than 16 requests to a service at a time, over connections that are kept", async () => {
  const waiting: ServerResponse[] = [];
  const ports = new Set<number | undefined>();
  let most = 0;
  const { transport } = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    most = Math.max(most, waiting.push(response));
    // None is answered before 16 are there, and a while in which more of them could come.
    if (waiting.length !== 16) return;
    setTimeout(() => {
      for (const each of waiting.splice(0)) answer(each, 200, "{}");
    }, 20);
  });
  await Promise.all(Array.from({ length: 32 }, () => transport.send(read, z.unknown())));
  expect(most).toBe(16);
  expect(ports.size).toBe(16);
});
