import type { Dispatcher } from "undici";

/** Sockets per origin: enough for Pulumi's default parallelism, few enough not to trip rate limits. */
const connectionsPerOrigin = 16;

let sharedDispatcher: Promise<Dispatcher> | undefined;

/** One kept-alive pool of sockets for the process, opened by the first request: many a preview sends none. */
export function dispatcher(): Promise<Dispatcher> {
  sharedDispatcher ??= openDispatcher();
  return sharedDispatcher;
}

/** A pool of kept-alive sockets. Proxies are those that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name now. */
export async function openDispatcher(): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import("undici");
  return new EnvHttpProxyAgent({
    connections: connectionsPerOrigin,
    keepAliveTimeout: 30_000,
    connect: { timeout: 10_000 },
  });
}
