import type { Emulator } from "../../dist/emulator/index.js";
import type { OperationResult } from "../engine/engine.ts";

const planeNames = {
  "pulumi-cloud": "Pulumi Cloud",
  "env-zero": "env zero",
  "hcp-terraform": "HCP Terraform",
} as const;

/** What each step does, in words. */
const verbs: Readonly<Record<string, string>> = {
  create: "+  create",
  update: "~  change",
  delete: "-  delete",
  replace: "+- replace",
};

/** Tells in plain words what the demo does, with the calls that it cost. */
export class Narrator {
  private readonly emulator: Emulator;

  constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  say(text: string): void {
    console.log(text);
  }

  /**
   * Runs an operation and tells what it did.
   * @throws Error where it ends otherwise than expected.
   */
  async show(
    title: string,
    meaning: string,
    operation: () => Promise<OperationResult>,
    expected: OperationResult["result"] = "succeeded",
  ): Promise<OperationResult> {
    console.log(`\n== ${title}: ${meaning}`);
    const result = await operation();
    this.report(result);
    if (result.result === expected) return result;
    throw new Error(`${title} ${result.result}, but should have ${expected}.`);
  }

  private report({ result, changes, steps, diagnostics, durationMs }: OperationResult): void {
    for (const { op, type, name, diff } of steps) {
      const verb = verbs[op];
      if (verb && !type.startsWith("pulumi:")) {
        console.log(
          `   ${verb} ${type.split(":").at(-1)} ${name}${diff?.length ? ` (${diff.join(", ")})` : ""}`,
        );
      }
    }
    for (const { severity, message } of diagnostics) {
      if (severity !== "info") console.log(indent(message.trim()));
    }
    const counts = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
    console.log(
      `   ${result} in ${(durationMs / 1000).toFixed(1)} s: ${counts.join(", ") || "nothing to do"}`,
    );
    console.log(`   API calls: ${this.calls()}`);
  }

  private calls(): string {
    const counts = this.emulator.admin.journalCounts();
    this.emulator.admin.clearJournal();
    const planes = Object.entries(planeNames).map(([plane, name]) => {
      const { total } = counts[plane as keyof typeof planeNames];
      return `${name} ${total}`;
    });
    return planes.join(", ");
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, "     ");
}
