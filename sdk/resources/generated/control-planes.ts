// Generated from the definitions by `npm run generate`. Do not edit.
/** The control planes that this package knows, by the name that programs, ids and configuration use. */
export const controlPlaneKinds = ["pulumi-cloud", "env-zero", "hcp-terraform"] as const;

/** Name of a control plane, for example `pulumi-cloud`. */
export type ControlPlaneKind = (typeof controlPlaneKinds)[number];

/** The control planes that issue a pool's one token with the pool. */
export const planesWithInitialTokens: readonly ControlPlaneKind[] = ["pulumi-cloud"];
