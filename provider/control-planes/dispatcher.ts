import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** Sockets per origin: enough for Pulumi's default parallelism, few enough not to trip rate limits. */
const connectionsPerOrigin = 16;

let sharedDispatcher: Dispatcher | undefined;

/** One kept-alive pool of sockets for the process; proxies come from `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
export function dispatcher(): Dispatcher {
  sharedDispatcher ??= new EnvHttpProxyAgent({
    connections: connectionsPerOrigin,
    keepAliveTimeout: 30_000,
    connect: { timeout: 10_000 },
  });
  return sharedDispatcher;
}
