import pulumi
from pulumi_runner_pools import (
    AssignmentTargetArgs,
    ControlPlaneArgs,
    ControlPlaneKind,
    PoolToken,
    RunnerPool,
    StackPoolAssignment,
)

config = pulumi.Config()
organization = config.get("organization") or "acme"
pool_name = config.get("poolName") or "builders"


def on(kind: ControlPlaneKind) -> ControlPlaneArgs:
    """Each plane needs its credentials in the environment: see the README."""
    return ControlPlaneArgs(kind=kind, organization=organization)


pulumi_cloud = on(ControlPlaneKind.PULUMI_CLOUD)
pulumi_pool = RunnerPool(
    "pulumi",
    control_plane=pulumi_cloud,
    name=pool_name,
    description="Deployments inside our network",
)
pulumi_token = PoolToken(
    "pulumi",
    control_plane=pulumi_cloud,
    pool=pulumi_pool.id,
    initial_token=pulumi_pool.initial_token,
)
StackPoolAssignment(
    "network-prod",
    control_plane=pulumi_cloud,
    pool=pulumi_pool.id,
    target=AssignmentTargetArgs(stack="network/prod"),
)

env_zero = on(ControlPlaneKind.ENV_ZERO)
env_zero_pool = RunnerPool(
    "env-zero",
    control_plane=env_zero,
    name=pool_name,
    description="Deployments inside our network",
)
env_zero_token = PoolToken("env-zero", control_plane=env_zero, pool=env_zero_pool.id)
StackPoolAssignment(
    "network-project",
    control_plane=env_zero,
    pool=env_zero_pool.id,
    target=AssignmentTargetArgs(project=config.require("env0Project")),
)

hcp_terraform = on(ControlPlaneKind.HCP_TERRAFORM)
terraform_pool = RunnerPool("terraform", control_plane=hcp_terraform, name=pool_name)
terraform_token = PoolToken("terraform", control_plane=hcp_terraform, pool=terraform_pool.id)
StackPoolAssignment(
    "network-workspace",
    control_plane=hcp_terraform,
    pool=terraform_pool.id,
    target=AssignmentTargetArgs(workspace="network-prod"),
)

pulumi.export(
    "tokens",
    {
        "pulumi": pulumi_token.value,
        "envZero": env_zero_token.value,
        "terraform": terraform_token.value,
    },
)
