import type Docker from "dockerode";
import { buildAgent } from "../agent/build.ts";
import { importBusybox } from "../parts/docker/image.ts";

/** Release of each agent that the stand-ins pass for. */
export const agentVersions = {
  "hcp-terraform": "1.30.2",
  "pulumi-cloud": "v2.3.0",
  "env-zero": "5.2.2",
} as const;

/** Numeric user of images that do not run as root. */
const USER = 1000;

/** Loads the stand-in agent under the vendors' image names, each image laid out as the vendor's is known to be. */
export async function loadAgentImages(client: Docker): Promise<void> {
  const agent = await buildAgent();
  await Promise.all([
    importBusybox(client, `hashicorp/tfc-agent:${agentVersions["hcp-terraform"]}`, {
      programs: { "/home/tfc-agent/bin/tfc-agent": agent },
      folders: { "/home/tfc-agent": USER },
      changes: [
        'ENTRYPOINT ["/home/tfc-agent/bin/tfc-agent"]',
        "ENV HOME=/home/tfc-agent",
        `USER ${USER}`,
        "WORKDIR /home/tfc-agent",
      ],
    }),
    importBusybox(client, `pulumi/customer-managed-workflow-agent:${agentVersions["pulumi-cloud"]}`, {
      programs: {
        "/usr/local/bin/customer-managed-workflow-agent": agent,
        "/usr/local/bin/workflow-runner": agent,
      },
      folders: { "/root": 0, "/var/run": 0 },
      changes: [
        'CMD ["customer-managed-workflow-agent", "run"]',
        "ENV PATH=/usr/local/bin:/usr/bin:/bin",
        "ENV HOME=/root",
      ],
    }),
    importBusybox(client, `ghcr.io/env0/deployment-agent:${agentVersions["env-zero"]}`, {
      programs: { "/opt/agent/deployment-agent": agent },
      folders: { "/home": USER, "/opt/packages": USER },
      changes: ['ENTRYPOINT ["/opt/agent/deployment-agent"]', "ENV HOME=/home"],
    }),
  ]);
}

/** The image that the emulator's deployments ask for. */
export async function loadJobImage(client: Docker): Promise<void> {
  await importBusybox(client, "pulumi/pulumi:latest", { programs: {}, changes: ['CMD ["/bin/sh"]'] });
}
