package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// runWorkflowRunner stands in for what the workflow agent mounts into a job's container: it passes the time.
// GUESS: the real runner's arguments are not known; this one takes the seconds.
func runWorkflowRunner(arguments []string) int {
	log := newEventLog(os.Stdout)
	if len(arguments) != 1 {
		return log.fail(fmt.Errorf("usage: workflow-runner-embeddable <seconds>"))
	}
	seconds, err := strconv.ParseFloat(arguments[0], 64)
	if err != nil || seconds < 0 {
		return log.fail(fmt.Errorf("%q is not a number of seconds", arguments[0]))
	}
	log.event("job-start", "seconds", seconds)
	signals := stopSignals(usualSignals...)
	select {
	case <-time.After(time.Duration(seconds * float64(time.Second))):
		log.event("job-end", "outcome", "succeeded")
		return 0
	case received := <-signals:
		log.event("signal", "name", received)
		return 1
	}
}
