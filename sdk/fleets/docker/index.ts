import "./require-docker";

export type {
  AgentOidcArgs,
  AgentProxyArgs,
  DockerFleetArgs,
  DockerHostArgs,
  DockerLimitsArgs,
  DockerLogRotationArgs,
  DockerSocketProxyArgs,
  EnvZeroAgentSettingsArgs,
  FleetAgentArgs,
  PulumiCloudAgentSettingsArgs,
  HcpTerraformAgentSettingsArgs,
} from "../../resources/generated/components";
export { DockerFleet } from "./docker-fleet";
