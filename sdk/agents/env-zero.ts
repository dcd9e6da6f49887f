import type { Agent, AgentAssignment, AgentConfiguration } from "./agent";
import { authoritiesFile, authoritiesFiles, commonEnvironment } from "./surroundings";

/**
 * env zero's agent in its Docker mode, which runs one job at a time in its own container. The token can only be given in
 * the environment, which jobs do not see. What it does on a stop signal is not documented: `SIGTERM_TIMEOUT`, which the
 * vendor's chart sets, is taken for the time in milliseconds that it gives its job then (a guess).
 */
export const envZeroAgent: Agent = {
  kind: "env-zero",
  title: "env zero's agent",
  image: {
    repository: "ghcr.io/env0/deployment-agent",
    tag: (version) => version,
    // User and folders of the chart's `strictSecurityContext`.
    user: "1000:1000",
    writableFolders: ["/home", "/opt/packages"],
    temporaryFolders: ["/tmp"],
  },
  capabilities: {
    needsDocker: false,
    oidc: false,
    singleRun: false,
    stopSignal: "SIGTERM",
    drain: "by-signal",
    architectures: ["amd64", "arm64"],
    locksArchitecture: false,
    isListed: false,
  },
  unsupported(version) {
    const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
    const isOld = Number(major) < 4 || (Number(major) === 4 && Number(minor) < 2);
    // CHANGELOG of the vendor's chart, 4.2.0.
    return isOld
      ? "it does not know the token of a pool (AGENT_ACCESS_TOKEN) yet: name 4.2.0 or later"
      : undefined;
  },

  // What the vendor recommends for a job; its chart's limit of 1500 MiB is the least.
  memoryMegabytes: 3072,

  ownEnvironment: [
    "AGENT_ACCESS_TOKEN",
    "ENV0_STATE_ENCRYPTION_KEY",
    "STRICT_SECURITY_CONTEXT",
    "ENV0_API_ENDPOINT",
    "ADDITIONAL_ENV_VARS",
    "SIGTERM_TIMEOUT",
  ],

  download: () => undefined,

  configure({ controlPlane, login, settings, configurationFolder }: AgentAssignment): AgentConfiguration {
    if (!("token" in login)) throw new Error("env zero's agent has no OIDC login");
    const { envZero, forwardEnvironment, certificateAuthorities } = settings;
    if (!envZero) throw new Error("env zero's agent needs agent.envZero.stateEncryptionKey");
    return {
      files: authoritiesFiles(settings),
      environment: {
        AGENT_ACCESS_TOKEN: login.token,
        ENV0_STATE_ENCRYPTION_KEY: envZero.stateEncryptionKey,
        STRICT_SECURITY_CONTEXT: "true",
        // The agent's own variable is not documented; this is the name that env zero's tools use for their API.
        ...(controlPlane.url && { ENV0_API_ENDPOINT: controlPlane.url }),
        ...(forwardEnvironment?.length && { ADDITIONAL_ENV_VARS: JSON.stringify(forwardEnvironment) }),
        ...(certificateAuthorities && {
          NODE_EXTRA_CA_CERTS: `${configurationFolder}/${authoritiesFile}`,
        }),
        ...commonEnvironment(settings),
      },
    };
  },

  placeEnvironment: ({ drainTimeoutSeconds }) => ({ SIGTERM_TIMEOUT: String(drainTimeoutSeconds * 1000) }),
};
