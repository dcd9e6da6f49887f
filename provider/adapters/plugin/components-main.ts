import { engineAddressIn } from "../engine-address";
import { keepCompiledCode } from "./compile-cache";

/**
 * Entry of the process that serves the components. It ends with whoever holds its standard input, and looks at that
 * before it loads anything: the plugin may be killed at any moment, this one included.
 */
process.stdin.on("end", () => process.exit());
process.stdin.on("error", () => process.exit());
process.stdin.resume();
keepCompiledCode();

void serve();

async function serve(): Promise<void> {
  const [{ provider }, { ComponentProvider }] = await Promise.all([
    import("@pulumi/pulumi"),
    import("./component-provider.js"),
  ]);
  const address = engineAddressIn(process.argv.slice(2));
  await provider.main(new ComponentProvider(), address ? [address] : []);
}
