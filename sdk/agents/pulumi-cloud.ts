import type { Agent, AgentAssignment, AgentConfiguration, Architecture } from "./agent";
import { superviseScript } from "./pulumi-cloud-supervise";
import { authoritiesFiles, commonEnvironment, goAuthorities } from "./surroundings";

/** Name of the script, below the configuration folder, that starts the agent and lets its job end. */
export const superviseFile = "supervise";

const releases = "https://github.com/pulumi/customer-managed-workflow-agent/releases/download";

/** How the vendor's archives call the processors. */
const archiveNames = { amd64: "x64", arm64: "arm64" } satisfies Record<Architecture, string>;

/**
 * Pulumi's customer-managed workflow agent with its `docker` target: it starts each job as a container beside its own,
 * through the daemon's socket. What it does on signals is not documented, so it runs one job per start, under
 * `supervise`, which ends an idle agent at once and waits for a busy one.
 */
export const pulumiCloudAgent: Agent = {
  kind: "pulumi-cloud",
  title: "Pulumi's agent",
  image: {
    repository: "pulumi/customer-managed-workflow-agent",
    // Tags begin with a "v" (.goreleaser.yaml of the vendor's repository), and release notes write both forms.
    tag: (version) => version.replace(/^(?=\d+\.\d+\.\d+)/, "v"),
    writableFolders: [],
    temporaryFolders: ["/tmp", "/root"],
  },
  capabilities: {
    needsDocker: true,
    oidc: true,
    singleRun: true,
    stopSignal: "SIGTERM",
    drain: "by-supervision",
    healthPath: "/healthz",
    // The runner that goes into jobs is built for amd64 only.
    architectures: ["amd64"],
    locksArchitecture: false,
    isListed: true,
  },
  // The dispatcher is small: a draft chart of the vendor's asks for 128 MiB. Jobs are containers of their own.
  memoryMegabytes: 256,

  ownEnvironment: [
    "token",
    "service_url",
    "deploy_target",
    "single_run",
    "pull_image",
    "enabled_workflow_types",
    "polling_interval",
    "env_forward_allowlist",
    "oidc_token_file",
    "organization_name",
    "runner_pool_id",
    "token_expiration",
    "http_server_port",
    "working_directory",
    "shared_volume_directory",
  ].map((key) => `PULUMI_AGENT_${key.toUpperCase()}`),

  download(version, architecture) {
    const release = `${releases}/v${version.replace(/^v/, "")}`;
    const archive = `customer-managed-workflow-agent-v${version.replace(/^v/, "")}-linux-${archiveNames[architecture]}.tar.gz`;
    return { url: `${release}/${archive}`, checksumsUrl: `${release}/checksums.txt` };
  },

  configure({ controlPlane, poolId, login, settings, configurationFolder }): AgentConfiguration {
    const files = [
      {
        // Read from the agent's working directory, the first place that it looks at.
        name: "pulumi-workflow-agent.yaml",
        content: yaml({
          ...loginKeys(login, controlPlane.organization, poolId),
          service_url: controlPlane.url,
          deploy_target: "docker",
          single_run: true,
          pull_image: settings.pulumiCloud?.pullJobImages,
          enabled_workflow_types: settings.pulumiCloud?.workflowTypes,
          polling_interval: goDuration(settings.pulumiCloud?.pollingIntervalSeconds),
          env_forward_allowlist: settings.forwardEnvironment,
        }),
        permissions: "0400",
      },
      { name: superviseFile, content: superviseScript, permissions: "0444" },
      ...authoritiesFiles(settings),
    ];
    const environment = {
      ...("tokenFile" in login && { RUNNER_POOLS_OIDC_TOKEN_FILE: login.tokenFile }),
      ...goAuthorities(settings, configurationFolder),
      ...commonEnvironment(settings),
    };
    return { files, environment };
  },

  placeEnvironment: ({ healthPort, sharedFolder }) => ({
    PULUMI_AGENT_HTTP_SERVER_PORT: String(healthPort),
    // Containers of jobs mount from both folders, and the daemon takes paths for the host's.
    PULUMI_AGENT_WORKING_DIRECTORY: `${sharedFolder}/runner`,
    PULUMI_AGENT_SHARED_VOLUME_DIRECTORY: `${sharedFolder}/jobs`,
  }),
};

function loginKeys(login: AgentAssignment["login"], organization: string, poolId: string) {
  return "token" in login
    ? { token: login.token }
    : {
        oidc_token_file: login.tokenFile,
        organization_name: organization,
        runner_pool_id: poolId,
        token_expiration: goDuration(login.expirationSeconds),
      };
}

/** The agent reads durations as Go writes them. */
function goDuration(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${seconds}s`;
}

/** Keys and values of JSON are YAML, too. */
function yaml(keys: Readonly<Record<string, unknown>>): string {
  return Object.entries(keys)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join("");
}
