package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// abandonedAfter is how long a running job is waited for after a signal.
//
// GUESS: no drain is documented. The reference says to assume that TERM stops the dispatcher at once and leaves the job
// container behind; a few seconds let a job that is just ending report.
const abandonedAfter = 3 * time.Second

// run runs a deployment in a container of its own, and reports how it goes.
func (agent *workflowAgent) run(job *claimedJob) error {
	agent.log.event("job-start", "job", job.TypeSpecificID, "container", containerName(job))
	if err := agent.api.acknowledge(); err != nil {
		agent.log.event("job-unacknowledged", "job", job.TypeSpecificID, "reason", err)
	}
	container, last, err := agent.launch(job)
	if err != nil {
		agent.log.event("job-failed", "job", job.TypeSpecificID, "reason", err)
		agent.report(job, last, "failed")
		return err
	}
	return agent.watch(job, container, last)
}

// launch starts the job's container. It returns the container's id and the index of the step that decides.
func (agent *workflowAgent) launch(job *claimedJob) (string, int, error) {
	definition, err := agent.api.definition(job)
	if err != nil {
		return "", 0, fmt.Errorf("reading the job: %w", err)
	}
	last := len(definition.Steps) - 1
	if last < 0 {
		return "", 0, fmt.Errorf("the job has no steps")
	}
	directory, err := agent.stage(job)
	if err != nil {
		return "", last, err
	}
	image := definition.Image.Reference
	if agent.settings.pullImage {
		if err := agent.docker.pull(image); err != nil {
			// GUESS: an image that can't be pulled but is there will do.
			agent.log.event("pull-failed", "image", image, "reason", err)
		}
	}
	seconds := strings.TrimPrefix(definition.Steps[last].Run, "sleep ")
	command := []string{filepath.Join(directory, "workflow-runner-embeddable"), seconds}
	container, err := agent.docker.run(containerName(job), image, directory, command, []string{"PULUMI_STANDIN=true"})
	if err != nil {
		return "", last, fmt.Errorf("starting the job's container: %w", err)
	}
	agent.report(job, last, "running")
	return container, last, nil
}

// stage puts the runner where the job's container finds it: below the shared directory, at one path inside and outside.
func (agent *workflowAgent) stage(job *claimedJob) (string, error) {
	directory := filepath.Join(agent.settings.sharedDirectory, containerName(job))
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return "", err
	}
	source, err := os.Open(filepath.Join(agent.settings.workingDirectory, "workflow-runner-embeddable"))
	if err != nil {
		return "", err
	}
	defer source.Close()
	target, err := os.OpenFile(filepath.Join(directory, "workflow-runner-embeddable"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(target, source); err != nil {
		return "", err
	}
	return directory, target.Close()
}

// ending is how a container ended.
type ending struct {
	code int
	err  error
}

// watch waits for the container with heartbeats, and for whatever else may end the job.
func (agent *workflowAgent) watch(job *claimedJob, container string, step int) error {
	ended := make(chan ending, 1)
	go func() {
		code, err := agent.docker.wait(container)
		ended <- ending{code, err}
	}()
	heartbeats := time.NewTicker(heartbeatInterval)
	defer heartbeats.Stop()
	checks := time.NewTicker(agent.settings.statusInterval)
	defer checks.Stop()
	var impatience <-chan time.Time
	for {
		select {
		case result := <-ended:
			return agent.conclude(job, container, step, result)
		case <-heartbeats.C:
			agent.health.touch()
			if err := agent.api.heartbeat(job); err != nil {
				agent.log.event("heartbeat-failed", "job", job.TypeSpecificID, "reason", err)
			}
		case <-checks.C:
			if complete, err := agent.api.isComplete(job.TypeSpecificID); err == nil && complete {
				agent.log.event("job-cancelled", "job", job.TypeSpecificID)
				return agent.cleanUp(job, container)
			}
		case received := <-agent.signals:
			if !agent.draining {
				impatience = time.After(abandonedAfter)
			}
			agent.noteSignal(received)
		case <-impatience:
			agent.log.event("job-abandoned", "job", job.TypeSpecificID, "container", containerName(job))
			return errAbandoned
		}
	}
}

// conclude reports how the job ended and tidies up.
func (agent *workflowAgent) conclude(job *claimedJob, container string, step int, result ending) error {
	outcome := "succeeded"
	if result.err != nil || result.code != 0 {
		outcome = "failed"
	}
	line := fmt.Sprintf("container ended with code %d", result.code)
	if err := agent.api.appendLog(job, step, line); err != nil {
		agent.log.event("log-unheard", "job", job.TypeSpecificID, "reason", err)
	}
	agent.report(job, step, outcome)
	agent.log.event("job-end", "job", job.TypeSpecificID, "outcome", outcome, "code", result.code)
	return agent.cleanUp(job, container)
}

func (agent *workflowAgent) cleanUp(job *claimedJob, container string) error {
	if err := agent.docker.remove(container); err != nil {
		agent.log.event("container-left", "container", container, "reason", err)
	}
	return os.RemoveAll(filepath.Join(agent.settings.sharedDirectory, containerName(job)))
}

// report tells how a step stands, again and again while nobody hears it.
func (agent *workflowAgent) report(job *claimedJob, step int, status string) {
	for attempt := 1; ; attempt++ {
		err := agent.api.reportStep(job, step, status)
		isRefused := statusOf(err) >= 400 && statusOf(err) < 500
		if err == nil || isRefused || attempt == mostReports {
			if err != nil {
				agent.log.event("status-unheard", "job", job.TypeSpecificID, "status", status, "reason", err)
			}
			return
		}
		time.Sleep(heartbeatInterval)
	}
}
