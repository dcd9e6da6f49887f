import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A private key and its certificate, both PEM. */
export interface TlsIdentity {
  key: string | Buffer;
  cert: string | Buffer;
}

/** A listening port. */
export interface Listener {
  port: number;
  /** Stops listening and destroys every connection at once, so that nothing that hangs holds it up. */
  close: () => Promise<void>;
}

/** First byte of a TLS handshake record. */
const tlsHandshake = 0x16;

/**
 * Listens on one port for plain HTTP and, with an identity, for HTTPS too: the first byte of each connection tells.
 * Some of the vendors' clients take any address, others insist on https.
 */
export async function listen(
  options: { host: string; port: number; tls?: TlsIdentity | undefined },
  answer: (message: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const plain = createHttpServer({ keepAliveTimeout: 30_000 }, answer);
  const secure = options.tls && createHttpsServer({ ...options.tls, keepAliveTimeout: 30_000 }, answer);
  const sockets = new Set<Socket>();

  const front = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Connections that faults cut end in errors that concern nobody.
    socket.on("error", () => socket.destroy());
    if (secure === undefined) {
      plain.emit("connection", socket);
      return;
    }
    socket.once("data", (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === tlsHandshake ? secure : plain).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });

  await new Promise<void>((resolve, reject) => {
    front.once("error", reject);
    front.listen(options.port, options.host, () => resolve());
  });
  return {
    port: (front.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
