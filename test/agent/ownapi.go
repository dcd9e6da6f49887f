package main

import (
	"errors"
	"net/http"
	"runtime"
	"time"
)

// ownAPI are calls of the emulator's own. What tfc-agent and env zero's agent really call is unpublished, so nothing but
// the emulator understands these.
type ownAPI struct {
	caller
	base    string
	headers http.Header
	agentID string
}

// errGivenUp means that the token was revoked or the agent was given up: it has to end.
var errGivenUp = errors.New("the control plane refuses this agent")

func newOwnAPI(address, plane, token string) *ownAPI {
	headers := http.Header{}
	headers.Set("Authorization", "Bearer "+token)
	headers.Set("Content-Type", "application/json")
	return &ownAPI{caller: newCaller(address, 10*time.Second), base: "/_emulator/agents/" + plane, headers: headers}
}

// register joins the pool.
func (api *ownAPI) register(name, version string, accept []string) error {
	body := map[string]any{"name": name, "version": version, "architecture": runtime.GOARCH}
	if accept != nil {
		body["accept"] = accept
	}
	var registered struct{ ID string }
	_, err := api.send("POST", api.base, api.headers, body, &registered)
	api.agentID = registered.ID
	return err
}

// job is one piece of work: time that passes.
type job struct {
	ID      string
	Seconds float64
}

// poll asks for a job; nil means that there is none.
func (api *ownAPI) poll() (*job, error) {
	var claimed job
	response, err := api.call("/poll", nil, &claimed)
	if err != nil || response.StatusCode == http.StatusNoContent {
		return nil, err
	}
	return &claimed, nil
}

func (api *ownAPI) heartbeat(id string) error {
	_, err := api.call("/jobs/"+id+"/heartbeat", nil, nil)
	return err
}

func (api *ownAPI) finish(id string) error {
	_, err := api.call("/jobs/"+id+"/finish", map[string]string{"outcome": "succeeded"}, nil)
	return err
}

// exit takes leave of the pool.
func (api *ownAPI) exit() error {
	_, err := api.call("/exit", nil, nil)
	return err
}

func (api *ownAPI) call(path string, body, result any) (*http.Response, error) {
	response, err := api.send("POST", api.base+"/"+api.agentID+path, api.headers, body, result)
	switch statusOf(err) {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusGone:
		return response, errGivenUp
	}
	return response, err
}
