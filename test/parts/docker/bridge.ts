import { execFileSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { networkInterfaces } from "node:os";
import type Docker from "dockerode";

/** A network between containers and the machine. */
export interface Bridge {
  readonly name: string;
  /** The machine's address on it. */
  readonly gateway: string;
  remove(): void;
}

/** Makes a bridge that a daemon can take as its default one. */
export function createBridge(): Bridge {
  const digits = randomBytes(4).toString("hex");
  const name = `br-${digits}`;
  const { gateway } = freeSubnet();
  // Without an address of its own it takes that of a container, and with another whenever one comes or goes: whoever
  // talked to the machine then talks to nobody for half a minute.
  const hardware = `02:42:${digits.match(/../g)?.join(":")}`;
  execFileSync("ip", ["link", "add", "name", name, "address", hardware, "type", "bridge"]);
  execFileSync("ip", ["address", "add", `${gateway}/24`, "dev", name]);
  execFileSync("ip", ["link", "set", name, "up"]);
  return { name, gateway, remove: () => execFileSync("ip", ["link", "delete", name]) };
}

/** Makes a user-defined network; returns the machine's address on it. It goes with the daemon. */
export async function createNetwork(client: Docker, name: string): Promise<string> {
  const { subnet, gateway } = freeSubnet();
  await client.createNetwork({ Name: name, IPAM: { Config: [{ Subnet: subnet, Gateway: gateway }] } });
  return gateway;
}

/** One of thousands, since daemons of other test runs on the machine choose at the same time. */
function freeSubnet(): { subnet: string; gateway: string } {
  const used = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => address),
  );
  for (;;) {
    const prefix = `10.${randomInt(200, 250)}.${randomInt(256)}`;
    if (!used.some((address) => address.startsWith(`${prefix}.`)))
      return { subnet: `${prefix}.0/24`, gateway: `${prefix}.1` };
  }
}
