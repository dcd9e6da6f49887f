package main

import (
	"os"
	"os/signal"
	"syscall"
)

// stopSignals delivers the signals that ask an agent to end.
func stopSignals(signals ...os.Signal) <-chan os.Signal {
	received := make(chan os.Signal, 4)
	signal.Notify(received, signals...)
	return received
}

// usualSignals are those of docker stop, of Kubernetes and of a terminal.
var usualSignals = []os.Signal{syscall.SIGTERM, syscall.SIGINT}
