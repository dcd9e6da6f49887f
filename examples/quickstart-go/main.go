package main

import (
	"example.com/pulumi-runner-pools/sdk/go/runnerpools"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		organization := withDefault(settings.Get("organization"), "acme")
		poolName := withDefault(settings.Get("poolName"), "builders")

		pulumiCloudToken, err := assignPool(ctx, assignment{
			name:           "pulumi-cloud",
			kind:           runnerpools.ControlPlaneKindPulumiCloud,
			organization:   organization,
			poolName:       poolName,
			description:    "Deployments inside our network",
			assignmentName: "network-prod",
			target:         &runnerpools.AssignmentTargetArgs{Stack: pulumi.String("network/prod")},
		})
		if err != nil {
			return err
		}
		envZeroToken, err := assignPool(ctx, assignment{
			name:           "env-zero",
			kind:           runnerpools.ControlPlaneKindEnvZero,
			organization:   organization,
			poolName:       poolName,
			description:    "Deployments inside our network",
			assignmentName: "network-project",
			target: &runnerpools.AssignmentTargetArgs{
				Project: pulumi.String(settings.Require("envZeroProject")),
			},
		})
		if err != nil {
			return err
		}
		hcpTerraformToken, err := assignPool(ctx, assignment{
			name:           "hcp-terraform",
			kind:           runnerpools.ControlPlaneKindHcpTerraform,
			organization:   organization,
			poolName:       poolName,
			assignmentName: "network-workspace",
			target:         &runnerpools.AssignmentTargetArgs{Workspace: pulumi.String("network-prod")},
		})
		if err != nil {
			return err
		}
		ctx.Export("tokens", pulumi.Map{
			"pulumiCloud":  pulumiCloudToken,
			"envZero":      envZeroToken,
			"hcpTerraform": hcpTerraformToken,
		})
		return nil
	})
}

// assignment is a pool with one thing that is assigned to it.
type assignment struct {
	name           string
	kind           runnerpools.ControlPlaneKind
	organization   string
	poolName       string
	description    string
	assignmentName string
	target         runnerpools.AssignmentTargetInput
}

// assignPool makes the pool and its token, and sends the target's work there. Each plane needs its credentials in the
// environment: see the README.
func assignPool(ctx *pulumi.Context, wanted assignment) (pulumi.StringPtrOutput, error) {
	controlPlane := runnerpools.ControlPlaneArgs{
		Kind:         wanted.kind,
		Organization: pulumi.String(wanted.organization),
	}
	poolArgs := &runnerpools.RunnerPoolArgs{ControlPlane: controlPlane, Name: pulumi.String(wanted.poolName)}
	if wanted.description != "" {
		poolArgs.Description = pulumi.String(wanted.description)
	}
	pool, err := runnerpools.NewRunnerPool(ctx, wanted.name, poolArgs)
	if err != nil {
		return pulumi.StringPtrOutput{}, err
	}
	tokenArgs := &runnerpools.PoolTokenArgs{Pool: pool.ID()}
	if wanted.kind == runnerpools.ControlPlaneKindPulumiCloud {
		tokenArgs.InitialToken = pool.InitialToken
	}
	token, err := runnerpools.NewPoolToken(ctx, wanted.name, tokenArgs)
	if err != nil {
		return pulumi.StringPtrOutput{}, err
	}
	_, err = runnerpools.NewStackPoolAssignment(ctx, wanted.assignmentName, &runnerpools.StackPoolAssignmentArgs{
		Pool:   pool.ID(),
		Target: wanted.target,
	})
	return token.Value, err
}

func withDefault(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
