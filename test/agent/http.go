package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// agentVersion is what a stand-in says of itself where the control plane shows versions.
const agentVersion = "0.0.0-standin"

// statusError is an answer that is not a success.
type statusError struct {
	request string
	status  int
	message string
}

func (err *statusError) Error() string {
	return fmt.Sprintf("%s: status %d: %s", err.request, err.status, err.message)
}

// statusOf returns the status of a refused request, and 0 for any other error.
func statusOf(err error) int {
	if refused, ok := err.(*statusError); ok {
		return refused.status
	}
	return 0
}

// caller sends requests to one control plane. Proxies and certificate authorities are those of the environment.
type caller struct {
	address string
	client  *http.Client
}

func newCaller(address string, timeout time.Duration) caller {
	return caller{address: strings.TrimRight(address, "/"), client: &http.Client{Timeout: timeout}}
}

// trust makes it trust the certificate authorities of a file besides the system's.
func (api *caller) trust(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	authorities, err := x509.SystemCertPool()
	if err != nil {
		authorities = x509.NewCertPool()
	}
	authorities.AppendCertsFromPEM(content)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: authorities}
	api.client.Transport = transport
	return nil
}

// send sends a body as JSON and reads the answer into result, both of which may be nil.
func (api caller) send(method, path string, headers http.Header, body, result any) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, api.address+path, content)
	if err != nil {
		return nil, err
	}
	for name, values := range headers {
		request.Header[name] = values
	}
	response, err := api.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 300 {
		return response, &statusError{method + " " + path, response.StatusCode, strings.TrimSpace(string(answer))}
	}
	if result == nil || response.StatusCode == http.StatusNoContent {
		return response, nil
	}
	return response, json.Unmarshal(answer, result)
}
