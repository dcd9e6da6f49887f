package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// tfcSettings are what the stand-in needs of tfc-agent's flags and environment.
type tfcSettings struct {
	token, name, address, autoUpdate, dataDir string
	single                                    bool
	accept                                    []string
}

// defaultAccept is all but the operations that are opt-in: ingress and query.
const defaultAccept = "plan,apply,policy,assessment,stack_prepare,stack_plan,stack_apply,source_bundle," +
	"stack_aggregate_outputs,test"

// readTfcSettings reads flags over environment, and refuses what the real agent would.
func readTfcSettings(arguments []string, log *eventLog) (tfcSettings, error) {
	var settings tfcSettings
	hostname, _ := os.Hostname()
	home, _ := os.UserHomeDir()
	flags := flag.NewFlagSet("tfc-agent", flag.ContinueOnError)
	flags.SetOutput(os.Stderr)
	known := []string{}
	text := func(target *string, name, variable, fallback string) {
		known = append(known, variable)
		if value, set := os.LookupEnv(variable); set && value != "" {
			fallback = value
		}
		flags.StringVar(target, name, fallback, "see "+variable)
	}
	var accept, logLevel, cacheDir, otlpAddress, otlpCertificate string
	var problems []error
	truth := func(target *bool, name, variable string) {
		known = append(known, variable)
		value, err := strconv.ParseBool(valueOr(os.Getenv(variable), "false"))
		if err != nil {
			problems = append(problems, fmt.Errorf("%s must be true or false", variable))
		}
		flags.BoolVar(target, name, value, "see "+variable)
	}
	var logJSON, requestForwarding, hyok, forwardSpans bool

	text(&settings.token, "token", "TFC_AGENT_TOKEN", "")
	// The real agent shows the id that it gets at boot; here the host's name is more telling.
	text(&settings.name, "name", "TFC_AGENT_NAME", hostname)
	text(&settings.address, "address", "TFC_ADDRESS", "https://app.terraform.io")
	text(&settings.autoUpdate, "auto-update", "TFC_AGENT_AUTO_UPDATE", "minor")
	text(&settings.dataDir, "data-dir", "TFC_AGENT_DATA_DIR", filepath.Join(home, ".tfc-agent"))
	text(&cacheDir, "cache-dir", "TFC_AGENT_CACHE_DIR", "")
	text(&logLevel, "log-level", "TFC_AGENT_LOG_LEVEL", "info")
	text(&accept, "accept", "TFC_AGENT_ACCEPT", defaultAccept)
	text(&otlpAddress, "otlp-address", "TFC_AGENT_OTLP_ADDRESS", "")
	text(&otlpCertificate, "otlp-cert-file", "TFC_AGENT_OTLP_CERT_FILE", "")
	truth(&settings.single, "single", "TFC_AGENT_SINGLE")
	truth(&logJSON, "log-json", "TFC_AGENT_LOG_JSON")
	truth(&requestForwarding, "request-forwarding", "TFC_AGENT_REQUEST_FORWARDING")
	truth(&hyok, "hyok", "TFC_AGENT_HYOK")
	truth(&forwardSpans, "otlp-forward-spans", "TFC_AGENT_OTLP_FORWARD_SPANS")
	if err := flags.Parse(arguments); err != nil {
		return settings, err
	}
	warnOfUnknown(known, log)

	if settings.token == "" {
		problems = append(problems, errors.New("a token is required: set TFC_AGENT_TOKEN or -token"))
	}
	if !slices.Contains([]string{"minor", "patch", "disabled"}, settings.autoUpdate) {
		problems = append(problems, fmt.Errorf("auto-update must be minor, patch or disabled, not %q", settings.autoUpdate))
	}
	if !slices.Contains([]string{"trace", "debug", "info", "warn", "error"}, logLevel) {
		problems = append(problems, fmt.Errorf("log-level %q is unknown", logLevel))
	}
	settings.accept = strings.Split(accept, ",")
	allowed := append(strings.Split(defaultAccept, ","), "ingress", "query", "none")
	for _, operation := range settings.accept {
		if !slices.Contains(allowed, operation) {
			problems = append(problems, fmt.Errorf("accept: %q is unknown", operation))
		}
	}
	if !settings.single && len(flags.Args()) > 0 {
		problems = append(problems, fmt.Errorf("unexpected argument %q", flags.Arg(0)))
	}
	return settings, errors.Join(problems...)
}

func valueOr(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
