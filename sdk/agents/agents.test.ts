import { describe, expect, it } from "vitest";
import type { AgentAssignment } from "./agent.ts";
import { agents } from "./agents.ts";

const assignment: AgentAssignment = {
  controlPlane: { kind: "pulumi-cloud", organization: "acme", url: "https://api.acme.example" },
  poolId: "pool-1",
  login: { token: "pul-secret" },
  settings: {
    environment: { TZ: "UTC" },
    proxy: { https: "http://proxy:3128", noProxy: ["acme.example", "10.0.0.0/8"] },
    certificateAuthorities: "PEM",
  },
  configurationFolder: "/etc/agent",
};

describe("Pulumi's agent", () => {
  it("finds its token in a file, and nothing secret in the environment", () => {
    const { files, environment } = agents["pulumi-cloud"].configure(assignment);
    const file = files.find(({ name }) => name === "pulumi-workflow-agent.yaml");
    expect(file?.permissions).toBe("0400");
    expect(file?.content.split("\n")).toEqual([
      'token: "pul-secret"',
      'service_url: "https://api.acme.example"',
      'deploy_target: "docker"',
      "single_run: true",
      "",
    ]);
    expect(JSON.stringify(environment)).not.toContain("secret");
    expect(environment).toMatchObject({
      HTTPS_PROXY: "http://proxy:3128",
      https_proxy: "http://proxy:3128",
      NO_PROXY: "acme.example,10.0.0.0/8",
      SSL_CERT_DIR: "/etc/agent/authorities",
      TZ: "UTC",
    });
    expect(files.find(({ name }) => name === "authorities/user.pem")?.content).toBe("PEM");
  });

  it("logs in with OIDC by organization and pool", () => {
    const login = { tokenFile: "/run/oidc/token", expirationSeconds: 3600 };
    const { files } = agents["pulumi-cloud"].configure({ ...assignment, login });
    expect(files[0]?.content).toContain(
      'oidc_token_file: "/run/oidc/token"\norganization_name: "acme"\nrunner_pool_id: "pool-1"\ntoken_expiration: "3600s"\n',
    );
  });

  it("asks for work as often as it is told", () => {
    const settings = { pulumiCloud: { pollingIntervalSeconds: 90 } };
    const { files } = agents["pulumi-cloud"].configure({ ...assignment, settings });
    expect(files[0]?.content).toContain('polling_interval: "90s"\n');
  });

  it("is downloaded under the names that its installer uses", () => {
    expect(agents["pulumi-cloud"].download("2.2.0", "amd64")?.url).toBe(
      "https://github.com/pulumi/customer-managed-workflow-agent/releases/download/v2.2.0/customer-managed-workflow-agent-v2.2.0-linux-x64.tar.gz",
    );
  });
});

describe("tfc-agent", () => {
  it("gets everything in the environment, and never updates itself", () => {
    const settings = { hcpTerraform: { accept: ["plan", "policy"], single: true } };
    const { files, environment } = agents["hcp-terraform"].configure({ ...assignment, settings });
    expect(files).toEqual([]);
    expect(environment).toEqual({
      TFC_AGENT_TOKEN: "pul-secret",
      TFC_AGENT_AUTO_UPDATE: "disabled",
      TFC_ADDRESS: "https://api.acme.example",
      TFC_AGENT_ACCEPT: "plan,policy",
      TFC_AGENT_SINGLE: "true",
    });
  });

  it("has no OIDC login", () => {
    expect(() => agents["hcp-terraform"].configure({ ...assignment, login: { tokenFile: "/x/y" } })).toThrow(
      "OIDC",
    );
  });

  it("is downloaded with a list of checksums", () => {
    expect(agents["hcp-terraform"].download("1.30.2", "arm64")).toEqual({
      url: "https://releases.hashicorp.com/tfc-agent/1.30.2/tfc-agent_1.30.2_linux_arm64.zip",
      checksumsUrl: "https://releases.hashicorp.com/tfc-agent/1.30.2/tfc-agent_1.30.2_SHA256SUMS",
    });
  });
});

describe("env zero's agent", () => {
  it("gets the key that it needs, and names what jobs may see", () => {
    const settings = { envZero: { stateEncryptionKey: "a2V5" }, forwardEnvironment: ["TZ"] };
    const { environment } = agents["env-zero"].configure({ ...assignment, settings });
    expect(environment).toMatchObject({
      AGENT_ACCESS_TOKEN: "pul-secret",
      ENV0_STATE_ENCRYPTION_KEY: "a2V5",
      ADDITIONAL_ENV_VARS: '["TZ"]',
    });
    expect(() => agents["env-zero"].configure(assignment)).toThrow("stateEncryptionKey");
  });

  it("exists as an image only", () => {
    expect(agents["env-zero"].download("5.2.2", "amd64")).toBeUndefined();
  });
});
