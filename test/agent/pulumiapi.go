package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// pulumiAPI are the calls of the workflow agent, as far as they are known: two from the API description, the others as
// viniciusmiguel/HappyPumi saw them on the wire of agent 2.2.0.
type pulumiAPI struct {
	caller
	token *pulumiToken
	// identity says who is calling. GUESS: how the real agent does that is not known, this header is the emulator's own.
	identity string
}

// claimedJob is what the poll returns: AgentWorkflowDefinition of the API description.
type claimedJob struct {
	JobID          string
	JobToken       string
	TypeSpecificID string
}

// jobDefinition is what a runner is to do.
type jobDefinition struct {
	Image struct{ Reference string }
	Steps []struct{ Name, Run string }
}

func newPulumiAPI(settings workflowSettings, token *pulumiToken) *pulumiAPI {
	hostname, _ := os.Hostname()
	identity, _ := json.Marshal(map[string]string{
		"hostname": hostname,
		"pid":      strconv.Itoa(os.Getpid()),
		"platform": runtime.GOOS + "/" + runtime.GOARCH,
		"version":  agentVersion,
	})
	return &pulumiAPI{newCaller(settings.serviceURL, settings.requestTimeout), token, string(identity)}
}

// register makes the calls that the agent makes once.
func (api *pulumiAPI) register() error {
	if _, err := api.call("GET", "/api/background-activities/token", nil, nil); err != nil {
		return err
	}
	_, err := api.call("POST", "/api/background-activities/configuration", []string{}, nil)
	return err
}

// poll asks for a deployment; nil means that there is none. It also returns how long the service wants to be left
// alone, zero if it doesn't say.
func (api *pulumiAPI) poll() (*claimedJob, time.Duration, error) {
	var claimed claimedJob
	response, err := api.call("GET", "/api/deployments/poll", nil, &claimed)
	if err != nil {
		return nil, 0, err
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	if response.StatusCode == http.StatusNoContent {
		return nil, time.Duration(seconds) * time.Second, nil
	}
	return &claimed, 0, nil
}

// acknowledge tells that the job was received.
func (api *pulumiAPI) acknowledge() error {
	_, err := api.call("POST", "/api/agent-workflows/deployment", map[string]string{}, nil)
	return err
}

// isComplete asks whether the service regards a deployment as over, be it cancelled or given up.
func (api *pulumiAPI) isComplete(deploymentID string) (bool, error) {
	var checked struct{ Complete bool }
	_, err := api.call("POST", "/api/agent-workflows/deployment:"+deploymentID+"/check", nil, &checked)
	return checked.Complete, err
}

func (api *pulumiAPI) definition(job *claimedJob) (jobDefinition, error) {
	var definition jobDefinition
	_, err := api.callForJob(job, "GET", "", nil, &definition)
	return definition, err
}

func (api *pulumiAPI) heartbeat(job *claimedJob) error {
	_, err := api.callForJob(job, "POST", "/heartbeat", nil, nil)
	return err
}

func (api *pulumiAPI) reportStep(job *claimedJob, step int, status string) error {
	_, err := api.callForJob(job, "PATCH", fmt.Sprintf("/%d/status", step), map[string]string{"status": status}, nil)
	return err
}

func (api *pulumiAPI) appendLog(job *claimedJob, step int, line string) error {
	lines := map[string]any{"offset": 0, "lines": []map[string]string{{"l": strings.TrimSpace(line)}}}
	_, err := api.callForJob(job, "POST", fmt.Sprintf("/%d/logs", step), lines, nil)
	return err
}

// call uses the pool's token.
func (api *pulumiAPI) call(method, path string, body, result any) (*http.Response, error) {
	token, err := api.token.current()
	if err != nil {
		return nil, err
	}
	headers := http.Header{"Authorization": {"token " + token}, "X-Emulator-Runner": {api.identity}}
	return api.send(method, path, headers, body, result)
}

// callForJob uses the job's own token. The real runner was seen to send no Content-Type, so neither does this one.
func (api *pulumiAPI) callForJob(job *claimedJob, method, path string, body, result any) (*http.Response, error) {
	headers := http.Header{"Authorization": {"token " + job.JobToken}}
	return api.send(method, "/api/workflow/jobs/"+job.JobID+path, headers, body, result)
}
