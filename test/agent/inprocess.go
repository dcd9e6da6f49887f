package main

import (
	"errors"
	"net/http"
	"os"
	"time"
)

// pollInterval is between two questions for a job. The vendors' own is not documented.
const pollInterval = 500 * time.Millisecond

// heartbeatInterval is between two signs of life while a job runs.
const heartbeatInterval = time.Second

// mostReports is how often the end of a job is told before it is left untold.
const mostReports = 30

// inProcessAgent is an agent that runs its jobs itself, one at a time: tfc-agent, and env zero's agent in a container.
type inProcessAgent struct {
	api     *ownAPI
	log     *eventLog
	signals <-chan os.Signal
	// single ends the agent after one job.
	single bool
	// patience is how long a job may go on after the first signal; negative means as long as it takes.
	patience time.Duration
	// draining is set by the first signal.
	draining bool
}

// errAbandoned means that the agent left its job in the middle.
var errAbandoned = errors.New("the job was abandoned")

// serve takes jobs until a signal, a single job or a refusal ends it, and returns the exit code.
func (agent *inProcessAgent) serve() int {
	for !agent.draining {
		job, err := agent.api.poll()
		if errors.Is(err, errGivenUp) {
			// Token revoked: agents exit (tfc-agent, immediately since 1.23.1).
			return agent.log.fail(err)
		}
		if err != nil {
			agent.log.event("poll-failed", "reason", err)
		}
		if job != nil {
			if err := agent.run(job); errors.Is(err, errAbandoned) || errors.Is(err, errGivenUp) {
				return agent.log.fail(err)
			}
			if agent.single {
				break
			}
			continue
		}
		select {
		case received := <-agent.signals:
			agent.noteSignal(received)
		case <-time.After(pollInterval):
		}
	}
	if err := agent.api.exit(); err != nil {
		agent.log.event("exit-unheard", "reason", err)
	}
	agent.log.event("exit", "code", 0)
	return 0
}

// run passes the job's time, with heartbeats, and reports its end.
func (agent *inProcessAgent) run(job *job) error {
	agent.log.event("job-start", "job", job.ID, "seconds", job.Seconds)
	end := time.NewTimer(time.Duration(job.Seconds * float64(time.Second)))
	defer end.Stop()
	heartbeats := time.NewTicker(heartbeatInterval)
	defer heartbeats.Stop()
	var impatience <-chan time.Time
	for {
		select {
		case <-end.C:
			return agent.reportEnd(job)
		case <-heartbeats.C:
			err := agent.api.heartbeat(job.ID)
			if errors.Is(err, errGivenUp) || statusOf(err) == http.StatusConflict {
				agent.log.event("job-abandoned", "job", job.ID, "reason", err)
				return err
			}
			if err != nil {
				agent.log.event("heartbeat-failed", "job", job.ID, "reason", err)
			}
		case received := <-agent.signals:
			if agent.draining {
				agent.log.event("job-abandoned", "job", job.ID, "reason", "second signal "+received.String())
				return errAbandoned
			}
			agent.noteSignal(received)
			if agent.patience >= 0 {
				impatience = time.After(agent.patience)
			}
		case <-impatience:
			agent.log.event("job-abandoned", "job", job.ID, "reason", "no more patience after the signal")
			return errAbandoned
		}
	}
}

// reportEnd tells of the end of a job, again and again while nobody hears it.
func (agent *inProcessAgent) reportEnd(job *job) error {
	for attempt := 1; ; attempt++ {
		err := agent.api.finish(job.ID)
		if err == nil {
			agent.log.event("job-end", "job", job.ID, "outcome", "succeeded")
			return nil
		}
		isRefused := errors.Is(err, errGivenUp) || (statusOf(err) >= 400 && statusOf(err) < 500)
		if isRefused || attempt == mostReports {
			agent.log.event("job-unreported", "job", job.ID, "reason", err)
			return err
		}
		time.Sleep(heartbeatInterval)
	}
}

func (agent *inProcessAgent) noteSignal(received os.Signal) {
	agent.draining = true
	agent.log.event("signal", "name", received)
}
