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
pulumi_cloud_pool = RunnerPool(
    "pulumi-cloud",
    control_plane=pulumi_cloud,
    name=pool_name,
    description="Deployments inside our network",
)
pulumi_cloud_token = PoolToken(
    "pulumi-cloud",
    pool=pulumi_cloud_pool.id,
    initial_token=pulumi_cloud_pool.initial_token,
)
StackPoolAssignment(
    "network-prod",
    pool=pulumi_cloud_pool.id,
    target=AssignmentTargetArgs(stack="network/prod"),
)

env_zero = on(ControlPlaneKind.ENV_ZERO)
env_zero_pool = RunnerPool(
    "env-zero",
    control_plane=env_zero,
    name=pool_name,
    description="Deployments inside our network",
)
env_zero_token = PoolToken("env-zero", pool=env_zero_pool.id)
StackPoolAssignment(
    "network-project",
    pool=env_zero_pool.id,
    target=AssignmentTargetArgs(project=config.require("envZeroProject")),
)

hcp_terraform = on(ControlPlaneKind.HCP_TERRAFORM)
hcp_terraform_pool = RunnerPool("hcp-terraform", control_plane=hcp_terraform, name=pool_name)
hcp_terraform_token = PoolToken("hcp-terraform", pool=hcp_terraform_pool.id)
StackPoolAssignment(
    "network-workspace",
    pool=hcp_terraform_pool.id,
    target=AssignmentTargetArgs(workspace="network-prod"),
)

pulumi.export(
    "tokens",
    {
        "pulumiCloud": pulumi_cloud_token.value,
        "envZero": env_zero_token.value,
        "hcpTerraform": hcp_terraform_token.value,
    },
)
