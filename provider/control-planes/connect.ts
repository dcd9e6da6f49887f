import { capabilities } from "./capabilities";
import type { ControlPlane } from "./control-plane";
import { resolveCredentials, type Settings, serviceUrl } from "./credentials";
import { EnvZero } from "./env-zero/client";
import { HcpTerraform } from "./hcp-terraform/client";
import type { ControlPlaneKind } from "./kinds";
import { PulumiCloud } from "./pulumi-cloud/client";
import type { RetryPolicy } from "./retry";

/** Where to connect to: the `controlPlane` argument of every resource. */
export interface ControlPlaneAddress {
  readonly kind: ControlPlaneKind;
  readonly organization: string;
  /** Base URL of a self-hosted or regional service; the vendor's public one by default. */
  readonly url?: string | undefined;
}

export interface ConnectOptions {
  readonly retries?: RetryPolicy;
  /** Aborted when the deployment is cancelled: waits end at once, requests under way are finished. */
  readonly cancelled?: AbortSignal;
}

/** Makes clients and keeps them, so that all resources of one organization share connections and lists. */
export class Connections {
  private readonly settings: Settings;
  private readonly options: ConnectOptions;
  private readonly clients = new Map<string, ControlPlane>();

  constructor(settings: Settings, options: ConnectOptions = {}) {
    this.settings = settings;
    this.options = options;
  }

  /** @throws MissingCredentialsError, one sentence that names the variables to set. */
  connect(address: ControlPlaneAddress): ControlPlane {
    const key = [address.kind, address.organization, address.url].join(" ");
    const known = this.clients.get(key);
    if (known) return known;
    const client = this.open(address);
    this.clients.set(key, client);
    return client;
  }

  /** Whether both are one organization of one service, however its URL came to be known. */
  isSame(one: ControlPlaneAddress, other: ControlPlaneAddress): boolean {
    if (one.kind !== other.kind || one.organization !== other.organization) return false;
    return serviceUrl(one.kind, one.url, this.settings) === serviceUrl(other.kind, other.url, this.settings);
  }

  private open({ kind, organization, url }: ControlPlaneAddress): ControlPlane {
    const credentials = resolveCredentials(kind, url, this.settings);
    switch (credentials.kind) {
      case "pulumi-cloud":
        return new PulumiCloud(organization, credentials.url, credentials.token, this.options);
      case "env-zero":
        return new EnvZero(organization, credentials.url, credentials, this.options);
      case "hcp-terraform":
        return new HcpTerraform(organization, credentials.url, credentials.token, this.options);
    }
  }
}

/** Display name of a control plane, for messages. */
export function displayName(kind: ControlPlaneKind): string {
  return capabilities[kind].displayName;
}
