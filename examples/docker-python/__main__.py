import pulumi
from pulumi_runner_pools import (
    AgentKind,
    AssignmentTargetArgs,
    ControlPlaneArgs,
    ControlPlaneKind,
    DockerFleet,
    DockerHostArgs,
    DockerLimitsArgs,
    FleetAgentArgs,
    RotatingPoolToken,
    RunnerPool,
    StackPoolAssignment,
)

config = pulumi.Config()

# Credentials come from the environment: TFE_TOKEN, see the README.
control_plane = ControlPlaneArgs(
    kind=ControlPlaneKind.HCP_TERRAFORM,
    organization=config.get("organization") or "acme",
    url=config.get("url"),
)

pool = RunnerPool("builders", control_plane=control_plane, name="builders")

# `pulumi config set tokenGeneration 2` makes a new token. Agents move to it one by one, each after its run; the token
# before stays valid until the next rotation.
token = RotatingPoolToken(
    "builders",
    control_plane=control_plane,
    pool=pool.id,
    generation=config.get_int("tokenGeneration", 1),
)

# `pulumi config set --path hosts[0].name edge`, then `hosts[0].address ssh://fleet@edge.acme.example`
hosts = config.get_object("hosts")

fleet = DockerFleet(
    "builders",
    control_plane=control_plane,
    pool=pool.id,
    token=token.value,
    agent=FleetAgentArgs(kind=AgentKind.HCP_TERRAFORM, version="1.30.2"),
    hosts=[DockerHostArgs(**host) for host in hosts] if hosts else None,
    replicas=config.get_int("replicas", 2),
    host_network=config.get_bool("hostNetwork", False),
    # The longest apply that must survive a change of the fleet.
    drain_timeout_seconds=3600,
    limits=DockerLimitsArgs(memory_megabytes=2048),
)

# Only once agents are there: until then the workspace stays where it is.
StackPoolAssignment(
    "network-prod",
    control_plane=control_plane,
    pool=pool.id,
    target=AssignmentTargetArgs(workspace="network-prod"),
    opts=pulumi.ResourceOptions(depends_on=[fleet]),
)

pulumi.export("agents", fleet.container_names)
