import { type Emulator, type Fault, startEmulator } from "../../emulator/index.ts";
import type { OperationResult } from "../engine/engine.ts";
import type { CampaignStack, StackMaker } from "./deployments.ts";
import { describeProgram, type Surroundings } from "./describe.ts";
import { actualLines, differences, expectedLines } from "./expectation.ts";
import { type Action, actionsOf, type Cut, type History, type Step } from "./history.ts";
import { organizationSeed, type PlaneKind, planes, type Side } from "./organization.ts";
import type { Program } from "./program.ts";
import { after, beginning, isSettled, wantedAfter } from "./rules.ts";
import { commonPool, Stranger } from "./stranger.ts";

/** A history did not end as it should. */
export interface Failure {
  /** Number of the step, from 1; behind the last one for what comes after all steps. */
  readonly step: number;
  readonly reasons: readonly string[];
}

const sides: readonly Side[] = ["first", "second"];

/** Plays a history on an organization of its own; undefined where all was as it should be. */
export async function runHistory(
  { steps }: Pick<History, "steps">,
  make: StackMaker,
): Promise<Failure | undefined> {
  const emulator = await startEmulator({ seed: organizationSeed });
  // How fast one may ask is not what this is about.
  emulator.admin.setRateLimits({
    hcpTerraform: null,
    hcpTerraformRunLists: null,
    envZero: null,
    pulumiCloud: null,
  });
  const stranger = await Stranger.settleIn(emulator);
  const stacks = new Map<Side, CampaignStack>();
  try {
    for (const side of sides) {
      if (steps.some((step) => step[side] !== undefined)) stacks.set(side, await make(side, emulator));
    }
    return await new Run(emulator, stranger, stacks).play(steps);
  } finally {
    await Promise.all([...stacks.values()].map((stack) => stack.dispose()));
    await emulator.stop();
  }
}

class Run {
  private readonly emulator: Emulator;
  private readonly stranger: Stranger;
  private readonly stacks: ReadonlyMap<Side, CampaignStack>;
  private readonly surroundings: Surroundings;

  constructor(emulator: Emulator, stranger: Stranger, stacks: ReadonlyMap<Side, CampaignStack>) {
    this.emulator = emulator;
    this.stranger = stranger;
    this.stacks = stacks;
    const { workspaces, projects } = emulator.admin.snapshot().hcpTerraform;
    const shared = planes.map((plane) => [plane, stranger.idOf(plane, commonPool)] as const);
    this.surroundings = {
      url: emulator.url,
      sharedPools: Object.fromEntries(shared) as Record<PlaneKind, string>,
      idOf: (kind, name) =>
        (kind === "workspace" ? workspaces : projects).find((each) => each.name === name)?.id ?? name,
    };
  }

  async play(steps: readonly Step[]): Promise<Failure | undefined> {
    let standing = beginning();
    for (const [index, step] of steps.entries()) {
      const reasons = await this.playStep(step);
      const wanted = wantedAfter(standing, step);
      standing = after(standing, step);
      if (reasons.length === 0 && isSettled(standing)) reasons.push(...this.compare(wanted));
      if (reasons.length > 0) return { step: index + 1, reasons };
    }
    return await this.end(steps.length + 1);
  }

  private async playStep(step: Step): Promise<string[]> {
    const meanwhile = step.stranger.filter(({ afterResources }) => afterResources !== undefined);
    for (const { act, afterResources } of step.stranger)
      if (afterResources === undefined) this.stranger.do(act);
    let resources = 0;
    const onResource = () => {
      resources++;
      while (meanwhile[0] && (meanwhile[0].afterResources ?? 0) <= resources) {
        const [entry] = meanwhile.splice(0, 1);
        if (entry) this.stranger.do(entry.act);
      }
    };
    const results = await Promise.all(
      actionsOf(step).map(([side, action]) => this.perform(side, action, onResource)),
    );
    for (const { act } of meanwhile) this.stranger.do(act);
    return results.flat();
  }

  /** Does what one deployment does in a step, and says what went wrong. */
  private async perform(side: Side, action: Action, onResource: () => void): Promise<string[]> {
    const { stack, setProgram } = this.stackOf(side);
    const done = (event: { kind: string }) => {
      if (event.kind === "done") onResource();
    };
    if (action.kind === "refresh")
      return failureOf(`${side}: refresh`, await stack.refresh({ onEvent: done }));
    setProgram(describeProgram(action.program, this.surroundings));
    const cancelling = new AbortController();
    const fault = this.addFault(action.cut);
    let resources = 0;
    const result = await stack.up({
      ...(action.refresh && { refresh: true }),
      signal: cancelling.signal,
      onEvent: (event) => {
        done(event);
        if (event.kind !== "done") return;
        resources++;
        if (action.cut?.kind === "cancel" && resources >= action.cut.afterResources) cancelling.abort();
      },
    });
    if (fault !== undefined) this.emulator.admin.removeFault({ id: fault });
    return action.cut ? [] : failureOf(`${side}: up`, result);
  }

  private addFault(cut: Cut | undefined): string | undefined {
    if (cut?.kind !== "fault") return undefined;
    const kinds: Record<typeof cut.fault, Fault> = {
      forbidden: { kind: "status", status: 403 },
      unavailable: { kind: "status", status: 503 },
      "lost-request": { kind: "drop-before" },
      "lost-answer": { kind: "drop-after" },
    };
    const { afterRequests, times } = cut;
    const fault: Fault = { ...kinds[cut.fault], path: changingPaths, skip: afterRequests };
    return this.emulator.admin.addFault(times === undefined ? fault : { ...fault, times }).id;
  }

  /** After the last step: nothing left to do, and after a destroy nothing left of ours. */
  private async end(step: number): Promise<Failure | undefined> {
    const reasons: string[] = [];
    for (const [side, { stack }] of this.stacks) {
      const preview = await stack.preview({ expectNoChanges: true });
      if (preview.result === "failed")
        reasons.push(...failureOf(`${side}: a further preview`, preview), changesOf(preview));
    }
    if (reasons.length > 0) return { step, reasons };
    const destroyed = await Promise.all(
      [...this.stacks].map(async ([side, { stack }]) => failureOf(`${side}: destroy`, await stack.destroy())),
    );
    reasons.push(...destroyed.flat());
    if (reasons.length === 0) reasons.push(...this.compare({ first: [], second: [] }));
    return reasons.length > 0 ? { step, reasons: ["destroyed at the end:", ...reasons] } : undefined;
  }

  private compare(wanted: Readonly<Record<Side, Program>>): string[] {
    return differences(expectedLines(wanted, this.stranger), actualLines(this.emulator.admin.snapshot()));
  }

  private stackOf(side: Side): CampaignStack {
    const found = this.stacks.get(side);
    if (!found) throw new Error(`there is no stack for the ${side} deployment`);
    return found;
  }
}

/** Requests for one thing or list that a program changes; the requests that only look are struck like the others. */
const changingPaths = "agent-pools|/agents|settings|workspaces/|projects/|/orgs/|/organizations/";

function failureOf(what: string, { result, diagnostics }: OperationResult): string[] {
  if (result === "succeeded") return [];
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return [`${what} failed: ${errors.join(" | ") || "without a word"}`];
}

function changesOf({ steps }: OperationResult): string {
  const changes = steps.filter(({ op }) => op !== "same" && op !== "read");
  return `it would ${changes.map(({ op, name, diff }) => `${op} ${name}${diff?.length ? ` (${diff.join(", ")})` : ""}`).join("; ")}`;
}
