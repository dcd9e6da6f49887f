package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// dockerAPI is as much of the Docker Engine API as a job needs.
type dockerAPI struct {
	caller
}

// connectDocker reaches the daemon of DOCKER_HOST or at /var/run/docker.sock.
func connectDocker() (*dockerAPI, error) {
	host := valueOr(os.Getenv("DOCKER_HOST"), "unix:///var/run/docker.sock")
	network, address, found := strings.Cut(host, "://")
	if !found || (network != "unix" && network != "tcp") {
		return nil, fmt.Errorf("DOCKER_HOST %q must begin with unix:// or tcp://", host)
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, address)
	}
	docker := &dockerAPI{newCaller("http://docker", 0)}
	docker.client.Transport = &http.Transport{DialContext: dial}
	if _, err := docker.send("GET", "/_ping", nil, nil, nil); err != nil {
		return nil, fmt.Errorf("deploy_target docker needs a Docker daemon at %s: %w", host, err)
	}
	return docker, nil
}

// pull fetches an image and waits until it is there.
func (docker *dockerAPI) pull(image string) error {
	_, err := docker.send("POST", "/images/create?fromImage="+url.QueryEscape(image), nil, nil, nil)
	return err
}

// run creates and starts a container, and returns its id.
func (docker *dockerAPI) run(name, image, directory string, command []string, environment []string) (string, error) {
	body := map[string]any{
		"Image":      image,
		"Entrypoint": command[:1],
		"Cmd":        command[1:],
		"Env":        environment,
		"WorkingDir": directory,
		"Labels":     map[string]string{"pulumi-workflow": name},
		// The same path inside as outside: the daemon reads it on the host.
		"HostConfig": map[string]any{"Binds": []string{directory + ":" + directory}},
	}
	headers := http.Header{"Content-Type": {"application/json"}}
	var created struct{ ID string }
	if _, err := docker.send("POST", "/containers/create?name="+url.QueryEscape(name), headers, body, &created); err != nil {
		return "", err
	}
	_, err := docker.send("POST", "/containers/"+created.ID+"/start", headers, nil, nil)
	return created.ID, err
}

// wait blocks until a container has ended, and returns its exit code.
func (docker *dockerAPI) wait(id string) (int, error) {
	var ended struct{ StatusCode int }
	_, err := docker.send("POST", "/containers/"+id+"/wait", nil, nil, &ended)
	return ended.StatusCode, err
}

// remove removes a container, running or not.
func (docker *dockerAPI) remove(id string) error {
	_, err := docker.send("DELETE", "/containers/"+id+"?force=true", nil, nil, nil)
	if statusOf(err) == http.StatusNotFound {
		return nil
	}
	return err
}
