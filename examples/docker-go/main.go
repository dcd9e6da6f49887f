package main

import (
	"example.com/pulumi-runner-pools/sdk/go/runnerpools"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")

		// Credentials come from the environment: TFE_TOKEN, see the README.
		controlPlane := runnerpools.ControlPlaneArgs{
			Kind:         runnerpools.ControlPlaneKindHcpTerraform,
			Organization: pulumi.String(withDefault(settings.Get("organization"), "acme")),
		}
		if url := settings.Get("url"); url != "" {
			controlPlane.Url = pulumi.String(url)
		}

		pool, err := runnerpools.NewRunnerPool(ctx, "builders", &runnerpools.RunnerPoolArgs{
			ControlPlane: controlPlane,
			Name:         pulumi.String("builders"),
		})
		if err != nil {
			return err
		}

		// `pulumi config set tokenGeneration 2` makes a new token. Agents move to it one by one, each after its run; the
		// token before stays valid until the next rotation.
		generation := number(settings, "tokenGeneration", 1)
		token, err := runnerpools.NewRotatingPoolToken(ctx, "builders", &runnerpools.RotatingPoolTokenArgs{
			ControlPlane: controlPlane,
			Pool:         pool.ID(),
			Generation:   &generation,
		})
		if err != nil {
			return err
		}

		hosts, err := dockerHosts(settings)
		if err != nil {
			return err
		}
		replicas := number(settings, "replicas", 2)
		hostNetwork := settings.GetBool("hostNetwork")
		// The longest apply that must survive a change of the fleet.
		drainTimeoutSeconds := 3600
		fleet, err := runnerpools.NewDockerFleet(ctx, "builders", &runnerpools.DockerFleetArgs{
			ControlPlane:        controlPlane,
			Pool:                pool.ID(),
			Token:               token.Value,
			Agent:               runnerpools.FleetAgentArgs{Kind: runnerpools.AgentKindHcpTerraform, Version: "1.30.2"},
			Hosts:               hosts,
			Replicas:            &replicas,
			HostNetwork:         &hostNetwork,
			DrainTimeoutSeconds: &drainTimeoutSeconds,
			Limits:              runnerpools.DockerLimitsArgs{MemoryMegabytes: pulumi.Int(2048)},
		})
		if err != nil {
			return err
		}

		// Only once agents are there: until then the workspace stays where it is.
		_, err = runnerpools.NewStackPoolAssignment(ctx, "network-prod", &runnerpools.StackPoolAssignmentArgs{
			ControlPlane: controlPlane,
			Pool:         pool.ID(),
			Target:       &runnerpools.AssignmentTargetArgs{Workspace: pulumi.String("network-prod")},
		}, pulumi.DependsOn([]pulumi.Resource{fleet}))
		if err != nil {
			return err
		}
		ctx.Export("agents", fleet.ContainerNames)
		return nil
	})
}

// dockerHosts are the machines: `pulumi config set --path hosts[0].name edge`, and likewise
// `hosts[0].address ssh://fleet@edge.acme.example`. Without any it is the one that Docker's own tools use.
func dockerHosts(settings *config.Config) ([]runnerpools.DockerHostInput, error) {
	var hosts []struct{ Name, Address string }
	if err := settings.GetObject("hosts", &hosts); err != nil {
		return nil, err
	}
	var inputs []runnerpools.DockerHostInput
	for _, host := range hosts {
		inputs = append(inputs, runnerpools.DockerHostArgs{Name: host.Name, Address: pulumi.String(host.Address)})
	}
	return inputs, nil
}

func number(settings *config.Config, key string, otherwise int) int {
	if settings.Get(key) == "" {
		return otherwise
	}
	return settings.RequireInt(key)
}

func withDefault(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
