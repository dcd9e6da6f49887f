import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerHostArgs } from "../../resources/generated/components";
import { reach } from "./reach";

/**
 * A host that is down should be noticed within seconds, and a deployment has nobody to ask for a password. A container that
 * waits for its job says nothing for as long as that takes, and networks forget connections that are silent. For `ssh` the
 * first of two settings holds, so these come after the user's.
 */
const sshDefaults = ["-o", "ConnectTimeout=10", "-o", "BatchMode=yes", "-o", "ServerAliveInterval=30"];

/** Docker's provider for one host of a fleet, where it can be reached. */
export function hostProvider(
  name: string,
  host: DockerHostArgs,
  index: number,
  options: pulumi.ResourceOptions,
): docker.Provider {
  const { address, insecure, certificateAuthority, certificate, key, sshOptions } = host;
  // The key is used to look whether the host can be reached, which does not make a secret of its address.
  const tls = pulumi.unsecret(pulumi.output({ ca: certificateAuthority, cert: certificate, key }));
  const reached = pulumi
    .all([address, tls])
    .apply(([known, { ca, cert, key: pem }]) =>
      reach(
        { name: host.name, index, insecure },
        known,
        ca && cert && pem ? { ca, cert, key: pem } : undefined,
      ),
    );
  const sshOpts = pulumi
    .all([address, sshOptions])
    .apply(([known, more]) =>
      more || known?.startsWith("ssh:") ? [...(more ?? []), ...sshDefaults] : undefined,
    );
  return new docker.Provider(
    name,
    {
      host: reached as pulumi.Output<string>,
      caMaterial: certificateAuthority,
      certMaterial: certificate,
      keyMaterial: key === undefined ? undefined : pulumi.secret(key),
      sshOpts: sshOpts as pulumi.Output<string[]>,
    },
    options,
  );
}
