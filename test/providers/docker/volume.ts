import { isGone, type ResourceKind } from "./resource-kind.ts";

const string = { kind: "string", replaces: true } as const;

/** `docker:index/volume:Volume`. */
export const volume: ResourceKind = {
  shapes: {
    name: string,
    driver: { ...string, computed: true },
    driverOpts: { kind: "map", replaces: true },
    labels: {
      kind: "set",
      replaces: true,
      properties: { label: { kind: "string" }, value: { kind: "string" } },
    },
  },
  deleteBeforeReplace: false,
  timeouts: { create: 1200, delete: 1200 },

  async create({ client }, { name, driver, driverOpts, labels }) {
    const options = {
      Name: name,
      Driver: driver ?? "local",
      DriverOpts: driverOpts,
      Labels: Object.fromEntries(
        ((labels ?? []) as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
      ),
    };
    await client.createVolume(options as Parameters<typeof client.createVolume>[0]);
    return { id: String(name) };
  },

  async read({ client }, id) {
    try {
      const { Name, Driver, Mountpoint, Options, Labels } = await client.getVolume(id).inspect();
      const labels = Object.entries(Labels ?? {}).map(([label, value]) => ({ label, value }));
      return { name: Name, driver: Driver, mountpoint: Mountpoint, driverOpts: Options ?? {}, labels };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },

  async update() {
    throw new Error("nothing about a volume can be changed in place");
  },

  async delete({ client }, id) {
    try {
      await client.getVolume(id).remove();
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};
