package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// runDeploymentAgent stands in for env zero's agent as it runs in a plain container: environment only, one deployment
// at a time, in this very process.
//
// GUESS: signals and exit codes are not documented. The careful reading is taken: TERM stops the polling and leaves a
// running deployment SIGTERM_TIMEOUT milliseconds (a variable of the Kubernetes chart, 60000 there), then abandons it.
func runDeploymentAgent(arguments []string) int {
	log := newEventLog(os.Stdout)
	signals := stopSignals(usualSignals...)
	log.event("start", "agent", "env zero deployment-agent", "standin", true, "pid", os.Getpid())
	settings, err := readEnvZeroSettings(arguments)
	if err != nil {
		return log.fail(err)
	}
	hostname, err := os.Hostname()
	if err != nil {
		return log.fail(err)
	}
	api := newOwnAPI(settings.address, "env-zero", settings.token)
	// The real agent runs on Node.js, which reads this variable; SSL_CERT_DIR means nothing to it.
	if file := os.Getenv("NODE_EXTRA_CA_CERTS"); file != "" {
		if err := api.trust(file); err != nil {
			return log.fail(fmt.Errorf("NODE_EXTRA_CA_CERTS: %w", err))
		}
	}
	if err := api.register(hostname, agentVersion, nil); err != nil {
		return log.fail(fmt.Errorf("registering: %w", err))
	}
	log.event("registered", "id", api.agentID, "name", hostname, "address", settings.address)
	agent := inProcessAgent{api: api, log: log, signals: signals, single: settings.single, patience: settings.patience}
	return agent.serve()
}

type envZeroSettings struct {
	token, address string
	single         bool
	patience       time.Duration
}

func readEnvZeroSettings(arguments []string) (envZeroSettings, error) {
	var problems []error
	if len(arguments) > 0 {
		problems = append(problems, fmt.Errorf("unexpected argument %q: the agent takes its settings from the environment", arguments[0]))
	}
	settings := envZeroSettings{
		token: os.Getenv("AGENT_ACCESS_TOKEN"),
		// The stand-in's own: the real agent has its address built in.
		address: valueOr(os.Getenv("ENV0_API_ENDPOINT"), "https://api.env0.com"),
		// The stand-in's own: a switch for one deployment exists (the Container Apps guide), its name is not known.
		single: os.Getenv("STANDIN_SINGLE") == "true",
	}
	if settings.token == "" {
		problems = append(problems, errors.New("AGENT_ACCESS_TOKEN is required"))
	} else if !strings.HasPrefix(settings.token, "env0agent_") {
		problems = append(problems, errors.New("AGENT_ACCESS_TOKEN must have the form env0agent_<id>_<value>"))
	}
	key := os.Getenv("ENV0_STATE_ENCRYPTION_KEY")
	if key == "" {
		problems = append(problems, errors.New("ENV0_STATE_ENCRYPTION_KEY is required"))
	} else if _, err := base64.StdEncoding.DecodeString(key); err != nil {
		problems = append(problems, errors.New("ENV0_STATE_ENCRYPTION_KEY must be base64"))
	}
	milliseconds, err := strconv.Atoi(valueOr(os.Getenv("SIGTERM_TIMEOUT"), "60000"))
	if err != nil || milliseconds < 0 {
		problems = append(problems, errors.New("SIGTERM_TIMEOUT must be milliseconds"))
	}
	settings.patience = time.Duration(milliseconds) * time.Millisecond
	return settings, errors.Join(problems...)
}
