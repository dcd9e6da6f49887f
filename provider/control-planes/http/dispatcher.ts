import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** Sockets per origin: enough for Pulumi's default parallelism, few enough not to trip rate limits. */
const connectionsPerOrigin = 16;

let sharedDispatcher: Dispatcher | undefined;

/** One kept-alive pool of sockets for the process. */
export function dispatcher(): Dispatcher {
  sharedDispatcher ??= openDispatcher();
  return sharedDispatcher;
}

/** A pool of kept-alive sockets. Proxies are those that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name now. */
export function openDispatcher(): Dispatcher {
  return new EnvHttpProxyAgent({
    connections: connectionsPerOrigin,
    keepAliveTimeout: 30_000,
    connect: { timeout: 10_000 },
  });
}
