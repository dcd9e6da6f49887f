import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** An HTTP proxy as companies have them: it passes plain requests on, and tunnels others. */
export interface ForwardProxy {
  readonly url: string;
  /** What went through, for example `CONNECT 10.0.0.1:443` or `GET http://10.0.0.1/x`. */
  readonly seen: readonly string[];
  stop(): Promise<void>;
}

/** Starts a proxy on an address of this machine. */
export async function startForwardProxy(host: string): Promise<ForwardProxy> {
  const seen: string[] = [];
  const tunnels = new Set<Socket>();
  const server = createServer((message, response) => {
    seen.push(`${message.method} ${message.url}`);
    forward(message, response);
  });
  server.on("connect", ({ url = "" }: IncomingMessage, socket: Socket, head: Buffer) => {
    seen.push(`CONNECT ${url}`);
    const { hostname, port } = new URL(`tcp://${url}`);
    const target = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) {
      tunnels.add(end);
      // Either end may leave whenever it likes; then the other has nothing to do.
      end.on("error", () => end.destroy());
      end.on("close", () => {
        tunnels.delete(end);
        (end === socket ? target : socket).destroy();
      });
    }
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    seen,
    async stop() {
      for (const socket of tunnels) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function forward(message: IncomingMessage, response: ServerResponse): void {
  const { "proxy-connection": _, ...headers } = message.headers;
  const onward = request(message.url ?? "", { method: message.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  message.pipe(onward);
}
