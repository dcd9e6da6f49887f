import { type AddressInfo, connect, createServer } from "node:net";
import { type Emulator, emulatorEnvironment, type Seed, startEmulator } from "../../dist/emulator/index.js";
import type { Engine, OperationResult, Stack } from "../engine/engine.ts";
import { writeProject } from "../programs/project-folder.ts";

export type Plane = "pulumi-cloud" | "env-zero" | "hcp-terraform";

/** What one operation cost on a control plane. */
export interface OperationFigures {
  seconds: number;
  calls: number;
  /** Calls that the rate limit refused. */
  refused: number;
  /** What went over the wire, both ways. */
  megabytes: number;
  /** Resources or targets that failed. */
  failures: number;
  /** What calls were made, the most frequent first. */
  operations: string;
}

/** A stack on an emulator whose operations are measured. */
export interface MeasuredStack {
  readonly stack: Stack;
  readonly emulator: Emulator;
  measure(operation: () => Promise<OperationResult>): Promise<OperationFigures>;
}

/** What is deployed where. */
export interface Deployed {
  readonly engine: Engine;
  readonly plane: Plane;
  readonly seed: Seed;
  /** @param url of the control plane. */
  readonly program: (url: string) => string;
  readonly parallel?: number;
}

/** Opens a stack on an emulator that keeps the vendors' rate limits, and ends both after the work. */
export async function withMeasuredStack<Result>(
  { engine, plane, seed, program, parallel }: Deployed,
  work: (measured: MeasuredStack) => Promise<Result>,
): Promise<Result> {
  const emulator = await startEmulator();
  emulator.admin.seed(seed);
  const wire = await countBytes(Number(new URL(emulator.url).port));
  const project = writeProject(program(wire.url));
  const stack = await engine.createStack({
    program: project.path,
    environment: emulatorEnvironment(wire.url),
    ...(parallel !== undefined && { parallel }),
  });
  const measure = async (operation: () => Promise<OperationResult>): Promise<OperationFigures> => {
    emulator.admin.clearJournal();
    const before = wire.bytes();
    const { diagnostics, durationMs } = await operation();
    const { total, operations } = emulator.admin.journalCounts()[plane];
    const entries = emulator.admin.journal({ plane });
    return {
      seconds: Math.round(durationMs / 100) / 10,
      calls: total,
      refused: entries.filter(({ status }) => status === 429).length,
      megabytes: Math.round((wire.bytes() - before) / 100_000) / 10,
      failures: diagnostics.filter(({ severity, urn }) => severity === "error" && urn).length,
      operations: Object.entries(operations)
        .toSorted(([, one], [, other]) => other - one)
        .map(([name, calls]) => `${name} ${calls}`)
        .join(", "),
    };
  };
  try {
    return await work({ stack, emulator, measure });
  } finally {
    await stack.dispose();
    wire.stop();
    await emulator.stop();
    project.remove();
  }
}

/** Stands between provider and emulator, and counts the bytes of both directions. */
async function countBytes(port: number) {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
  };
  const server = createServer((client) => {
    const service = connect(port, "127.0.0.1");
    const end = () => {
      client.destroy();
      service.destroy();
    };
    client.on("data", count).on("error", end).on("close", end).pipe(service);
    service.on("data", count).on("error", end).on("close", end).pipe(client);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    stop: () => server.close(),
  };
}
