package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// workflowAgent is the dispatcher: it claims deployments and starts a container for each, one at a time.
type workflowAgent struct {
	settings workflowSettings
	api      *pulumiAPI
	docker   *dockerAPI
	health   *health
	log      *eventLog
	signals  <-chan os.Signal
	// draining is set by the first signal.
	draining bool
}

// runWorkflowAgent stands in for `customer-managed-workflow-agent run`, with deploy_target docker.
func runWorkflowAgent(arguments []string) int {
	log := newEventLog(os.Stderr)
	signals := stopSignals(usualSignals...)
	log.event("start", "agent", "customer-managed-workflow-agent", "standin", true, "pid", os.Getpid())
	if len(arguments) != 1 || arguments[0] != "run" {
		return log.fail(errors.New("usage: customer-managed-workflow-agent run"))
	}
	settings, err := readWorkflowSettings(log)
	if err != nil {
		return log.fail(err)
	}
	if err := checkDirectories(settings); err != nil {
		return log.fail(err)
	}
	docker, err := connectDocker()
	if err != nil {
		return log.fail(err)
	}
	health, err := serveHealth(settings.healthPort, settings.healthThreshold, log)
	if err != nil {
		return log.fail(err)
	}
	agent := &workflowAgent{settings, newPulumiAPI(settings, newPulumiToken(settings, log)), docker, health, log, signals, false}
	return agent.serve()
}

// checkDirectories makes sure that jobs could be started: the published image lacks the embeddable runner.
func checkDirectories(settings workflowSettings) error {
	for _, name := range []string{"workflow-runner", "workflow-runner-embeddable"} {
		if _, err := os.Stat(filepath.Join(settings.workingDirectory, name)); err != nil {
			return fmt.Errorf("deploy_target docker needs %s in working_directory: %w", name, err)
		}
	}
	if err := checkWritable(settings.sharedDirectory); err != nil {
		return fmt.Errorf("shared_volume_directory: %w", err)
	}
	return nil
}

// serve claims deployments until a signal, a single run or a refusal ends it, and returns the exit code.
//
// GUESS: exit codes are not documented: 0 after a signal while idle and after a single run, else 1.
func (agent *workflowAgent) serve() int {
	if err := agent.api.register(); err != nil {
		return agent.log.fail(fmt.Errorf("registering: %w", err))
	}
	agent.log.event("registered", "address", agent.settings.serviceURL)
	refusals := 0
	for !agent.draining {
		if !agent.settings.takesDeployments {
			// Insights scans and policy evaluations are leased by other calls, and not emulated.
			agent.health.touch()
			agent.pause(0)
			continue
		}
		job, retryAfter, err := agent.api.poll()
		agent.health.touch()
		if statusOf(err) == http.StatusForbidden || statusOf(err) == http.StatusUnauthorized {
			// GUESS: what a runner does with a revoked token is not documented. An exchanged one may just be old.
			agent.api.token.forget()
			if refusals++; refusals > 1 || !agent.api.token.isExchanged() {
				return agent.log.fail(err)
			}
			continue
		}
		refusals = 0
		if err != nil {
			agent.log.event("poll-failed", "reason", err)
		}
		if job != nil {
			if err := agent.run(job); errors.Is(err, errAbandoned) {
				return agent.log.fail(err)
			}
			if agent.settings.singleRun {
				break
			}
			continue
		}
		agent.pause(retryAfter)
	}
	agent.log.event("exit", "code", 0)
	return 0
}

// pause waits for the next poll: as long as the service says, unless that is overridden.
func (agent *workflowAgent) pause(retryAfter time.Duration) {
	interval := agent.settings.pollInterval
	if retryAfter > 0 && !agent.settings.overridesRetryAfter {
		interval = retryAfter
	}
	select {
	case received := <-agent.signals:
		agent.noteSignal(received)
	case <-time.After(interval):
	}
}

func (agent *workflowAgent) noteSignal(received os.Signal) {
	agent.draining = true
	agent.log.event("signal", "name", received)
}

// containerName is how the containers of jobs are known on a host.
func containerName(job *claimedJob) string {
	return "pulumi-workflow-" + strings.ToLower(job.JobID)
}
