import { hasStatus, messageOf } from "../../control-planes/http/error";
import type { LifecycleContext } from "./lifecycle";
import type { Violation } from "./violation";

/**
 * Says what happens, where the user can see it before it does. A control plane that does not answer spoils no preview;
 * one that does not take the credential would refuse everything that follows.
 * @param plan sentences without their subject.
 * @returns why the resource cannot be what it is declared to be.
 */
export async function announce(
  plan: Promise<readonly string[]> | undefined,
  context: LifecycleContext,
): Promise<readonly Violation[]> {
  try {
    for (const sentence of (await plan) ?? []) context.inform(`${context.subject} ${sentence}`);
  } catch (error) {
    if (hasStatus(error, 401)) return [{ property: "controlPlane", reason: messageOf(error) }];
    context.warn(`${context.subject}: the preview could not look up what would change: ${messageOf(error)}`);
  }
  return [];
}
