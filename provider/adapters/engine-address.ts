/** Address of the engine in the arguments of a plugin, after the flags that an engine may put before it. */
export function engineAddressIn(args: readonly string[]): string | undefined {
  const values = args.filter(
    (argument, index) =>
      argument !== "--logtostderr" &&
      !argument.startsWith("-v=") &&
      argument !== "--tracing" &&
      args[index - 1] !== "--tracing",
  );
  return values[0];
}
