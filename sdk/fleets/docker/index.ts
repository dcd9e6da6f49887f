import "./require-docker";

export type {
  AgentOidcArgs,
  DockerFleetArgs,
  DockerHostArgs,
  FleetAgentArgs,
} from "../../resources/generated/components";
export { DockerFleet } from "./docker-fleet";
