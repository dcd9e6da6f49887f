/** A property as it travels and as it is kept: JSON, in which secrets, assets and references are signed objects. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;

/** The properties of one resource. */
export interface PropertyMap {
  [key: string]: PropertyValue;
}

/** Where in the program a resource was registered. */
export interface StackFrame {
  sourcePosition?: string;
}

/** One resource of a deployment, by the names of Pulumi's own state format (`apitype.ResourceV3`). */
export interface ResourceState {
  urn: string;
  custom: boolean;
  /** Replaced already, still to be deleted. */
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: PropertyMap;
  outputs?: PropertyMap;
  parent?: string;
  protect?: boolean;
  taint?: boolean;
  /** Only read, never created or deleted. */
  external?: boolean;
  dependencies?: string[];
  initErrors?: string[];
  /** `<urn of the provider resource>::<its id>`. */
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  /** Deleted already, still to be created again. */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  /** In seconds. */
  customTimeouts?: { create?: number; update?: number; delete?: number; read?: number };
  importID?: string;
  retainOnDelete?: boolean;
  deletedWith?: string;
  replaceWith?: string[];
  created?: string;
  modified?: string;
  sourcePosition?: string;
  stackTrace?: StackFrame[];
  ignoreChanges?: string[];
  hideDiff?: (string | number)[][];
  replaceOnChanges?: string[];
  refreshBeforeUpdate?: boolean;
}

/** What was under way when the state was written: after a clean end there is none. */
export interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** The body of a deployment, version 3. */
export interface DeploymentBody {
  manifest: { time: string; magic: string; version: string };
  secrets_providers?: { type: string; state?: { salt?: string } };
  resources?: ResourceState[];
  pending_operations?: PendingOperation[];
  metadata?: object;
}

/** What `pulumi stack export` writes and `pulumi stack import` reads. */
export interface Deployment {
  /** 3; 4 when features are used that older engines do not know. */
  version: number;
  features?: string[];
  deployment: DeploymentBody;
}
