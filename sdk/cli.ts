#!/usr/bin/env node
import { Command, InvalidArgumentError } from "commander";

const program = new Command("pulumi-runner-pools").description("Self-hosted runner pools as code.");

program
  .command("emulator")
  .description(
    "serve the APIs of Pulumi Cloud, env zero and HCP Terraform on this machine, for tests and trials",
  )
  .option("--port <port>", "port to listen on; 0 chooses a free one", parsePort, 0)
  .option("--host <host>", "address to listen on", "127.0.0.1")
  .option("--tls-cert <file>", "certificate (PEM): the same port then takes TLS as well")
  .option("--tls-key <file>", "its private key (PEM)")
  .option("--seed <file>", "JSON file with organizations, stacks, workspaces and projects to start with")
  .action(async ({ seed, ...options }) => {
    const { runEmulatorCommand } = await import("../emulator/command.js");
    await runEmulatorCommand({ ...options, seedFile: seed });
  });

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new InvalidArgumentError("expected a whole number from 0 to 65535");
}
