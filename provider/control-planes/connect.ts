import type { ControlPlane } from "./control-plane";
import { resolveService, resolveUrl } from "./credentials/credentials";
import type { ConnectOptions, PlaneDescriptor, Settings } from "./descriptor";
import { type ControlPlaneKind, describePlane } from "./planes";

/** Where to connect to: the `controlPlane` argument of every resource. */
export interface ControlPlaneAddress {
  readonly kind: ControlPlaneKind;
  readonly organization: string;
  /**
   * Base URL of a self-hosted or regional service. Default: what configuration or environment name, else from the stored
   * login (Pulumi Cloud), else the vendor's public service.
   */
  readonly url?: string | undefined;
}

/** Makes clients and keeps them, so that all resources of one organization share connections and lists. */
export class Connections {
  private readonly settings: Settings;
  private readonly options: ConnectOptions;
  private readonly planes = new Map<string, ControlPlane>();
  private readonly urls = new Map<string, string>();

  constructor(settings: Settings, options: ConnectOptions = {}) {
    this.settings = settings;
    this.options = options;
  }

  /** The client of an organization; the same one for equal addresses. @throws SettingsError, one sentence that names what to set. */
  connect(address: ControlPlaneAddress): ControlPlane {
    const key = [address.kind, address.organization, this.urlOf(address)].join(" ");
    const known = this.planes.get(key);
    if (known) return known;
    const descriptor = describePlane(address.kind) as PlaneDescriptor<ControlPlaneKind, unknown>;
    const service = resolveService(descriptor, address, this.settings);
    const session = descriptor.open(
      { organization: address.organization, url: service.url },
      service.credential,
      this.options,
    );
    const { parts } = descriptor;
    const plane: ControlPlane = {
      kind: address.kind,
      displayName: descriptor.displayName,
      organization: address.organization,
      url: service.url,
      organizationId: async () => (await parts.organizationId?.(session)) ?? address.organization,
      pools: parts.pools(session),
      tokens: parts.tokens?.(session),
      assignments: parts.assignments(session),
      defaultPool: parts.defaultPool(session),
      agents: parts.agents?.(session),
      demand: parts.demand?.(session),
    };
    this.planes.set(key, plane);
    return plane;
  }

  /**
   * Base URL of the service: the argument, else what is configured, else the vendor's public one. It is looked up once for
   * each argument: every check and diff asks for it several times, and a stored login is a file.
   * @throws SettingsError where it is no URL.
   */
  urlOf(address: ControlPlaneAddress): string {
    const key = `${address.kind} ${address.url ?? ""}`;
    const known = this.urls.get(key);
    if (known !== undefined) return known;
    const url = resolveUrl(describePlane(address.kind), address.url, this.settings);
    this.urls.set(key, url);
    return url;
  }

  /** Whether both are one organization of one service, also where they name it differently. */
  async isSame(one: ControlPlaneAddress, other: ControlPlaneAddress): Promise<boolean> {
    if (one.kind !== other.kind || this.urlOf(one) !== this.urlOf(other)) return false;
    if (one.organization === other.organization) return true;
    if (!describePlane(one.kind).parts.organizationId) return false;
    const ids = [one, other].map((address) =>
      this.connect(address)
        .organizationId()
        .catch(() => undefined),
    );
    const [id, otherId] = await Promise.all(ids);
    return id !== undefined && id === otherId;
  }
}
