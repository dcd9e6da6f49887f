import { createRequire } from "node:module";

/** Path of the request by which an engine cancels what a provider does. */
const cancelPath = "/pulumirpc.ResourceProvider/Cancel";

/**
 * Calls `cancel` when the engine cancels the deployment. The dynamic host answers that request by itself and tells no
 * provider of it, so the one place where it can be heard is the server that looks up the handler of each request. That
 * is no public interface of the library: where it is not there any more, waits last until their own time is up.
 * @param host the file that the host was started with. The library must be the copy that the host has, which is another
 * one than this package's where that is linked into a program, as `npm install <folder>` does.
 */
export function onCancel(cancel: () => void, host = require.main?.filename ?? __filename): void {
  const server = serverOf(host);
  const retrieve = server?._retrieveHandler;
  if (server === undefined || typeof retrieve !== "function") return;
  server._retrieveHandler = function (path) {
    if (path === cancelPath) cancel();
    return retrieve.call(this, path);
  };
}

function serverOf(host: string): { _retrieveHandler?: (path: string) => unknown } | undefined {
  try {
    return createRequire(host)("@grpc/grpc-js").Server.prototype;
  } catch {
    return undefined;
  }
}
