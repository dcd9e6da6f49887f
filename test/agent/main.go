// Command standinagent stands in for the vendors' agents, none of which can be downloaded on a test machine. It honours
// the contract that is known of each: names, configuration, signals, exit codes, one job at a time. It takes its jobs
// from this project's emulator, and a job is nothing but time that passes.
//
// Which agent it is, the name says under which it is started, or else the first argument.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// agents by the names of the vendors' programs. Each gets the remaining arguments and returns the exit code.
var agents = map[string]func(arguments []string) int{
	"tfc-agent":                       runTfcAgent,
	"customer-managed-workflow-agent": runWorkflowAgent,
	"workflow-runner":                 runWorkflowRunner,
	"workflow-runner-embeddable":      runWorkflowRunner,
	// The real one is a Node.js program that its image starts; the name is the image's.
	"deployment-agent": runDeploymentAgent,
}

func main() {
	if run, known := agents[filepath.Base(os.Args[0])]; known {
		os.Exit(run(os.Args[1:]))
	}
	if len(os.Args) > 1 {
		if run, known := agents[os.Args[1]]; known {
			os.Exit(run(os.Args[2:]))
		}
	}
	fmt.Fprintln(os.Stderr, "usage: standinagent tfc-agent [flags] | customer-managed-workflow-agent run | deployment-agent")
	os.Exit(2)
}
