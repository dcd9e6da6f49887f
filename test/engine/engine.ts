import type { Deployment } from "./deployment.ts";

/** A deployment engine: the Pulumi CLI, or the stand-in where there is none. */
export interface Engine {
  readonly name: "pulumi" | "stand-in";
  readonly version: string;
  createStack(options: StackOptions): Promise<Stack>;
}

/** A configuration value; a plain string is not a secret. */
export type ConfigValue = string | { value: string; secret: true };

/** What a stack is made of. */
export interface StackOptions {
  /** Folder with Pulumi.yaml and the program. It is never written to. */
  program: string;
  /** @default "dev" */
  stack?: string;
  /** What `pulumi.getOrganization()` answers. @default "organization", as the CLI does without a service */
  organization?: string;
  /** Keys without a namespace belong to the project. */
  config?: Record<string, ConfigValue>;
  /** Over the environment of this process; `undefined` empties a variable. */
  environment?: Record<string, string | undefined>;
  /** Where state and configuration live. @default a temporary folder, removed by `dispose` */
  workFolder?: string;
  /** @default "correct horse" */
  passphrase?: string;
  /** How many resource operations run at the same time. @default 16 */
  parallel?: number;
}

/** One stack of one program. Operations run one after the other. */
export interface Stack {
  readonly name: string;
  readonly project: string;
  preview(options?: OperationOptions): Promise<OperationResult>;
  up(options?: OperationOptions): Promise<OperationResult>;
  refresh(options?: OperationOptions): Promise<OperationResult>;
  destroy(options?: OperationOptions): Promise<OperationResult>;
  importResources(resources: ImportedResource[], options?: OperationOptions): Promise<OperationResult>;
  exportState(): Promise<Deployment>;
  importState(deployment: Deployment): Promise<void>;
  setConfig(key: string, value: string, options?: { secret?: boolean }): Promise<void>;
  /** The stack's outputs; secrets read `"[secret]"` unless asked for. */
  outputs(options?: { showSecrets?: boolean }): Promise<Record<string, unknown>>;
  dispose(): Promise<void>;
}

/** What one operation may be told. */
export interface OperationOptions {
  /** URNs; nothing else is touched. */
  targets?: string[];
  /** Also everything that depends on a target. */
  targetDependents?: boolean;
  /** URNs that are replaced even without a change. */
  replace?: string[];
  /** Fail if anything changes. */
  expectNoChanges?: boolean;
  /** Read the real state of everything first. */
  refresh?: boolean;
  onEvent?: (event: OperationEvent) => void;
  /** Stops the operation as Ctrl-C does: what is under way ends, nothing new begins. */
  signal?: AbortSignal;
}

/** What happens while it happens. */
export type OperationEvent =
  | { kind: "step"; step: OperationStep }
  | { kind: "done"; urn: string; op: string }
  | { kind: "failed"; urn: string; op: string }
  | { kind: "diagnostic"; diagnostic: Diagnostic };

/** One thing done, or to be done, to one resource. A replacement is several: `create-replacement`, `replace`, `delete-replaced`. */
export interface OperationStep {
  op: string;
  urn: string;
  type: string;
  name: string;
  id?: string;
  /** Paths of the properties that differ. */
  diff?: string[];
  /** Keys that made it a replacement. */
  replaceReasons?: string[];
}

/** A message to the user. */
export interface Diagnostic {
  urn?: string;
  severity: "info" | "warning" | "error";
  message: string;
}

/** How an operation ended. A failed operation is a result too, not an exception. */
export interface OperationResult {
  result: "succeeded" | "failed";
  /** How many resources, by what happened to them (`create`, `update`, `replace`, `delete`, `same`, `read`, `import`, ...). */
  changes: Record<string, number>;
  steps: OperationStep[];
  diagnostics: Diagnostic[];
  /** As after the operation, secrets included. */
  outputs: Record<string, unknown>;
  durationMs: number;
}

/** A resource that exists already and comes under management. */
export interface ImportedResource {
  type: string;
  name: string;
  id: string;
  /** URN. @default the stack */
  parent?: string;
  /** `<urn>::<id>` of an explicit provider. @default the package's default provider */
  provider?: string;
  /** @default false */
  protect?: boolean;
  /** Version of the default provider. */
  version?: string;
}

/** Nothing is guessed: what an engine does not do it refuses with this, by name. */
export class NotSupportedError extends Error {
  override readonly name = "NotSupportedError";
}
