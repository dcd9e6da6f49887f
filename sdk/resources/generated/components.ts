// Generated from provider/schema by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { RunnerPool } from "../runner-pool";
import type { ControlPlaneArgs } from "./resources";

/** A pool token that can be replaced without a gap: the tokens of this generation and of the one before are both valid, so that a fleet can move from one to the other. Raising `generation` by one revokes the token before the last and makes a new one in its place. Two tokens are enough, as many as env zero allows. Not on Pulumi Cloud, whose pools have one token that cannot be replaced. */
export interface RotatingPoolTokenArgs {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  pool: pulumi.Input<string> | RunnerPool;
  /** What the tokens are for; the control plane's console shows it with the generation. Default: the name of the resource. */
  description?: pulumi.Input<string>;
  /** Raise it by one to rotate. A greater step revokes both tokens at once, and agents that hold one of them lose their pool. */
  generation?: number;
}
