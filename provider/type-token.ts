/** Token of a resource, component or function of this package, by its name. */
export function typeToken(name: string): string {
  return `runner-pools:index:${name}`;
}
