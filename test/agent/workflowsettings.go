package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// configurationName is the file that the workflow agent reads.
const configurationName = "pulumi-workflow-agent.yaml"

// environmentPrefix comes before the upper-cased key; the environment beats the file.
const environmentPrefix = "PULUMI_AGENT_"

// workflowSettings are what the stand-in needs of the workflow agent's configuration.
type workflowSettings struct {
	token, serviceURL, workingDirectory, sharedDirectory, deployTarget string
	oidcTokenFile, organization, poolID                                string
	tokenExpiration, pollInterval, statusInterval, requestTimeout      time.Duration
	healthThreshold                                                    time.Duration
	overridesRetryAfter, singleRun, pullImage, takesDeployments        bool
	healthPort                                                         int
}

// knownKeys are all keys of the documentation, whether or not they mean anything to the stand-in.
var knownKeys = []string{
	"token", "version", "service_url", "working_directory", "shared_volume_directory", "deploy_target", "single_run",
	"pull_image", "enabled_workflow_types", "env_forward_allowlist", "oidc_token_file", "organization_name",
	"runner_pool_id", "token_expiration", "polling_interval", "polling_interval_override", "job_status_loop_interval",
	"request_timeout", "request_retry_count", "request_retry_wait", "request_retry_max_wait",
	"circuit_breaker_failures", "circuit_breaker_timeout", "http_server_port", "health_threshold", "syslog", "ecs",
	"ecs_cluster", "ecs_subnets", "ecs_security_groups", "ecs_launch_type", "ecs_assign_public_ip",
	"ecs_task_definition_template_file",
}

// settingsReader looks keys up and collects what is wrong with their values.
type settingsReader struct {
	file     map[string]string
	problems []error
}

// readWorkflowSettings reads the first configuration file of the search path, and the environment over it.
func readWorkflowSettings(log *eventLog) (workflowSettings, error) {
	file, path, err := readConfiguration()
	if err != nil {
		return workflowSettings{}, err
	}
	log.event("configuration", "file", valueOr(path, "none"))
	for key := range file {
		if !slices.Contains(knownKeys, key) {
			log.event("warning", "reason", "unknown key "+key+" in "+path)
		}
	}
	reader := &settingsReader{file: file}
	settings := workflowSettings{
		token:            reader.text("token", ""),
		serviceURL:       strings.TrimRight(reader.text("service_url", "https://api.pulumi.com"), "/"),
		workingDirectory: reader.text("working_directory", binaryDirectory()),
		sharedDirectory:  reader.text("shared_volume_directory", os.TempDir()),
		deployTarget:     reader.text("deploy_target", "docker"),
		oidcTokenFile:    reader.text("oidc_token_file", ""),
		organization:     reader.text("organization_name", ""),
		poolID:           reader.text("runner_pool_id", ""),

		tokenExpiration: reader.duration("token_expiration", 0),
		pollInterval:    reader.duration("polling_interval", time.Minute),
		statusInterval:  reader.duration("job_status_loop_interval", 30*time.Second),
		requestTimeout:  reader.duration("request_timeout", 30*time.Second),

		overridesRetryAfter: reader.truth("polling_interval_override", false),
		singleRun:           reader.truth("single_run", false),
		pullImage:           reader.truth("pull_image", true),
		takesDeployments:    strings.Contains(reader.text("enabled_workflow_types", "deployment"), "deployment"),
		healthPort:          reader.number("http_server_port", 8080),
	}
	settings.healthThreshold = reader.duration("health_threshold", 2*max(settings.pollInterval, settings.statusInterval))
	return settings, errors.Join(append(reader.problems, settings.problems()...)...)
}

// problems are combinations that can't work.
func (settings workflowSettings) problems() []error {
	var problems []error
	if settings.oidcTokenFile == "" {
		if settings.token == "" {
			problems = append(problems, errors.New("either token or oidc_token_file is required"))
		}
	} else if settings.organization == "" || settings.poolID == "" {
		problems = append(problems, errors.New("oidc_token_file needs organization_name and runner_pool_id"))
	}
	if settings.deployTarget != "docker" {
		problems = append(problems, fmt.Errorf("deploy_target %q: the stand-in has docker only", settings.deployTarget))
	}
	return problems
}

func (reader *settingsReader) text(key, fallback string) string {
	return valueOr(os.Getenv(environmentPrefix+strings.ToUpper(key)), valueOr(reader.file[key], fallback))
}

func (reader *settingsReader) duration(key string, fallback time.Duration) time.Duration {
	text := reader.text(key, "")
	if text == "" {
		return fallback
	}
	value, err := time.ParseDuration(text)
	if err != nil {
		reader.problems = append(reader.problems, fmt.Errorf("%s must be a Go duration like 30s, not %q", key, text))
	}
	return value
}

func (reader *settingsReader) truth(key string, fallback bool) bool {
	text := reader.text(key, "")
	if text == "" {
		return fallback
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		reader.problems = append(reader.problems, fmt.Errorf("%s must be true or false, not %q", key, text))
	}
	return value
}

func (reader *settingsReader) number(key string, fallback int) int {
	text := reader.text(key, "")
	if text == "" {
		return fallback
	}
	value, err := strconv.Atoi(text)
	if err != nil {
		reader.problems = append(reader.problems, fmt.Errorf("%s must be a whole number, not %q", key, text))
	}
	return value
}

// readConfiguration reads the file from the current directory, home, /etc or the directory of the binary. No file is
// no error.
func readConfiguration() (map[string]string, string, error) {
	home, _ := os.UserHomeDir()
	for _, directory := range []string{".", home, "/etc", binaryDirectory()} {
		path := filepath.Join(directory, configurationName)
		content, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, path, err
		}
		values, err := parseFlatYAML(string(content))
		if err != nil {
			return nil, path, fmt.Errorf("%s: %w", path, err)
		}
		return values, path, nil
	}
	return nil, "", nil
}

func binaryDirectory() string {
	path, err := os.Executable()
	if err != nil {
		return "."
	}
	return filepath.Dir(path)
}
