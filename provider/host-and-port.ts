/** Takes `host:port` apart, also `[::1]:port`; undefined where it is none. */
export function hostAndPort(address: string): { host: string; port: number } | undefined {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, Math.max(colon, 0)).replace(/^\[|\]$/g, "");
  const port = Number(address.slice(colon + 1));
  return host !== "" && Number.isInteger(port) && port > 0 ? { host, port } : undefined;
}
