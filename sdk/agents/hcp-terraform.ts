import type { Agent, AgentAssignment, AgentConfiguration } from "./agent";
import { authoritiesFiles, commonEnvironment, goAuthorities } from "./surroundings";

/**
 * HashiCorp's tfc-agent, which runs its jobs in its own process. The token can only be given in the environment; the
 * agent takes it out of there before it runs a job (changelog 0.1.7, 1.21.1), which a file beside the jobs would not be.
 */
export const hcpTerraformAgent: Agent = {
  kind: "hcp-terraform",
  title: "tfc-agent",
  image: {
    repository: "hashicorp/tfc-agent",
    tag: (version) => version,
    // Terraform, its plugins and the working folders go below the home of the image's user.
    writableFolders: ["/home/tfc-agent"],
    temporaryFolders: ["/tmp"],
  },
  capabilities: {
    needsDocker: false,
    oidc: false,
    singleRun: true,
    // INT once left agents behind as "unknown" (assareh/tfc-agent issue 24); a second signal abandons the job.
    stopSignal: "SIGTERM",
    drain: "by-signal",
    architectures: ["amd64", "arm64"],
    locksArchitecture: true,
    isListed: true,
  },
  // The documented minimum is 2 GB.
  memoryMegabytes: 2048,

  ownEnvironment: [
    "TFC_AGENT_TOKEN",
    "TFC_AGENT_NAME",
    "TFC_AGENT_AUTO_UPDATE",
    "TFC_ADDRESS",
    "TFC_AGENT_ACCEPT",
    "TFC_AGENT_LOG_LEVEL",
    "TFC_AGENT_SINGLE",
  ],

  download(version, architecture) {
    const release = `https://releases.hashicorp.com/tfc-agent/${version}/tfc-agent_${version}`;
    return { url: `${release}_linux_${architecture}.zip`, checksumsUrl: `${release}_SHA256SUMS` };
  },

  configure({ controlPlane, login, settings, configurationFolder }: AgentAssignment): AgentConfiguration {
    if (!("token" in login)) throw new Error("tfc-agent has no OIDC login");
    const { accept, logLevel, single } = settings.hcpTerraform ?? {};
    return {
      files: authoritiesFiles(settings),
      environment: {
        TFC_AGENT_TOKEN: login.token,
        // An agent that updates itself is not the one that was rolled out.
        TFC_AGENT_AUTO_UPDATE: "disabled",
        ...(controlPlane.url && { TFC_ADDRESS: controlPlane.url }),
        ...(accept && { TFC_AGENT_ACCEPT: accept.join(",") }),
        ...(logLevel && { TFC_AGENT_LOG_LEVEL: logLevel }),
        ...(single && { TFC_AGENT_SINGLE: "true" }),
        ...goAuthorities(settings, configurationFolder),
        ...commonEnvironment(settings),
      },
    };
  },

  placeEnvironment: ({ name }) => ({ TFC_AGENT_NAME: name }),
};
