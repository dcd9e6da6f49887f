import * as pulumi from "@pulumi/pulumi";

/**
 * Lets resources of a program go one after the other, without a trace of that in the state: a dependency would make them
 * go one after the other when they are destroyed, too, where each may take as long as a job.
 *
 * A resource whose input comes from {@link wait} is registered only once those before it are there, and registering
 * lasts as long as replacing does. With `deleteBeforeReplace`, at most `atOnce` are gone at any time.
 */
export class Turns {
  private readonly members: pulumi.Resource[] = [];

  /** @param atOnce how many may be replaced at the same time. */
  constructor(private readonly atOnce: number) {}

  /** The same input, but only when the turn of the next member has come. */
  wait<Value>(input: pulumi.Input<Value>): pulumi.Output<pulumi.Unwrap<Value>> {
    const before = this.members.at(-this.atOnce);
    if (before === undefined) return pulumi.output(input);
    const there = new Promise<boolean>((resolve) => {
      before.urn.apply(() => resolve(true));
    });
    return pulumi.output(there).apply(() => input) as pulumi.Output<pulumi.Unwrap<Value>>;
  }

  add(member: pulumi.Resource): void {
    this.members.push(member);
  }
}
