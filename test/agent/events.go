package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// eventLog prints one line per thing that happens: the time, what happened, and details as key=value.
type eventLog struct {
	mutex  sync.Mutex
	output io.Writer
}

func newEventLog(output io.Writer) *eventLog {
	return &eventLog{output: output}
}

// event prints a line. Details are pairs of a name and a value, and never a token.
func (log *eventLog) event(what string, details ...any) {
	var line strings.Builder
	fmt.Fprintf(&line, "%s %s", time.Now().UTC().Format(time.RFC3339Nano), what)
	for i := 0; i+1 < len(details); i += 2 {
		fmt.Fprintf(&line, " %v=%q", details[i], fmt.Sprint(details[i+1]))
	}
	log.mutex.Lock()
	defer log.mutex.Unlock()
	fmt.Fprintln(log.output, line.String())
}

// fail prints why the agent can't start or go on, and returns the exit code for it.
func (log *eventLog) fail(err error) int {
	log.event("error", "reason", err)
	log.event("exit", "code", 1)
	return 1
}
