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
  HcpTerraformAgentSettingsArgs,
  PulumiCloudAgentSettingsArgs,
} from "../../resources/generated/components";
export { DockerFleet } from "./docker-fleet";
