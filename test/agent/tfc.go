package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
)

// runTfcAgent stands in for tfc-agent: flags and environment only, the job in this very process. The first of INT, TERM
// and QUIT lets the job finish, the second one abandons it.
func runTfcAgent(arguments []string) int {
	log := newEventLog(os.Stdout)
	signals := stopSignals(syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT)
	log.event("start", "agent", "tfc-agent", "standin", true, "pid", os.Getpid())
	settings, err := readTfcSettings(arguments, log)
	if err != nil {
		return log.fail(err)
	}
	if err := checkWritable(settings.dataDir); err != nil {
		return log.fail(fmt.Errorf("data directory: %w", err))
	}
	if settings.autoUpdate != "disabled" {
		log.event("warning", "reason", "the real tfc-agent would update itself: auto-update is "+settings.autoUpdate)
	}

	api := newOwnAPI(settings.address, "hcp-terraform", settings.token)
	if err := api.register(settings.name, agentVersion, settings.accept); err != nil {
		// Start-up errors are non-zero since 1.7.0.
		return log.fail(fmt.Errorf("registering: %w", err))
	}
	log.event("registered", "id", api.agentID, "name", settings.name, "address", settings.address)
	agent := inProcessAgent{api: api, log: log, signals: signals, single: settings.single, patience: -1}
	// GUESS: exit codes other than those of start-up errors are not documented; 0 after a graceful end, else 1.
	return agent.serve()
}

// checkWritable makes a directory and a file in it.
func checkWritable(directory string) error {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	probe, err := os.CreateTemp(directory, "probe")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// warnOfUnknown complains about variables with the agent's prefix that it doesn't know, as the real one does.
func warnOfUnknown(known []string, log *eventLog) {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		isHook := strings.HasPrefix(name, "TFC_AGENT_HOOK_") && strings.HasSuffix(name, "TIMEOUT")
		if strings.HasPrefix(name, "TFC_AGENT_") && !isHook && !slices.Contains(known, name) {
			log.event("warning", "reason", "unknown environment variable "+name)
		}
	}
}
