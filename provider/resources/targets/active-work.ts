import type { AssignedTarget, ControlPlane } from "../../control-planes/control-plane";
import { describeTarget } from "../../control-planes/target-words";
import type { LifecycleContext } from "../framework/lifecycle";

/** Time between two looks at work that is under way. Milliseconds. */
const activeWorkInterval = 2_000;

/**
 * The target once nothing is under way in it that a change of its pool would break, as it is then; undefined: it is gone.
 * Moving a target under its running work breaks that work on some planes.
 *
 * @param timeoutSeconds how long to wait for that work.
 * @throws Error that names the work which goes on for too long, or was going on when the deployment was cancelled.
 */
export async function atRest(
  plane: ControlPlane,
  found: AssignedTarget,
  timeoutSeconds: number,
  context: LifecycleContext,
): Promise<AssignedTarget | undefined> {
  const { kind, id } = found;
  let target: AssignedTarget | undefined = found;
  const look = async (looks: number) => {
    // Who knows what became of it while its work went on.
    if (looks > 0) target = await plane.assignments.find({ kind, name: id }, { fresh: true });
    return target && plane.assignments.activeWork?.(target);
  };
  await waitForWork(plane, describeTarget(found), look, timeoutSeconds, context);
  return target;
}

/** Waits until nothing is under way in the organization that a change of its default would break. @throws as {@link atRest}. */
export async function defaultAtRest(
  plane: ControlPlane,
  timeoutSeconds: number,
  context: LifecycleContext,
): Promise<void> {
  const where = `the default of organization ${plane.organization}`;
  await waitForWork(plane, where, async () => plane.defaultPool.activeWork?.(), timeoutSeconds, context);
}

/**
 * Looks for work until there is none.
 * @param look gives what is under way; it is told how many looks there were before.
 */
async function waitForWork(
  plane: ControlPlane,
  where: string,
  look: (looks: number) => Promise<string | undefined>,
  timeoutSeconds: number,
  { progress, clock, cancelled }: LifecycleContext,
): Promise<void> {
  const begun = clock.now();
  let told = "";
  for (let looks = 0; ; looks++) {
    const work = await look(looks);
    if (work === undefined) return;
    if (clock.now() - begun >= timeoutSeconds * 1000) {
      throw new Error(
        `${plane.displayName}: ${where} was left as it is: ${work}, and a change of its pool would make that fail. ${timeoutSeconds > 0 ? `It was waited for ${timeoutSeconds} seconds. ` : ""}Run the deployment again once it has ended, or raise activeWorkTimeoutSeconds.`,
      );
    }
    if (work !== told) progress(`${where}: ${work}; its pool is changed once that has ended`);
    told = work;
    if (!(await clock.pause(activeWorkInterval, cancelled))) {
      throw new Error(
        `${plane.displayName}: ${where} was left as it is: the deployment was cancelled while ${work}.`,
      );
    }
  }
}
