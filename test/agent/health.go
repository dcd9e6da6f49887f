package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// health answers GET /healthz, as the workflow agent does on http_server_port.
type health struct {
	threshold    time.Duration
	lastActivity atomic.Int64
}

// serveHealth listens on a port; port 0 is any free one.
func serveHealth(port int, threshold time.Duration, log *eventLog) (*health, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return nil, fmt.Errorf("http_server_port: %w", err)
	}
	state := &health{threshold: threshold}
	state.touch()
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", state.answer)
	go func() { _ = http.Serve(listener, routes) }()
	log.event("health", "address", listener.Addr())
	return state, nil
}

// touch notes that the agent is at work.
func (state *health) touch() {
	state.lastActivity.Store(time.Now().UnixNano())
}

func (state *health) answer(response http.ResponseWriter, _ *http.Request) {
	now := time.Now()
	last := time.Unix(0, state.lastActivity.Load())
	status, code := "healthy", http.StatusOK
	if now.Sub(last) > state.threshold {
		// GUESS: neither the words nor the status code of an unhealthy agent are documented.
		status, code = "unhealthy", http.StatusServiceUnavailable
	}
	response.Header().Set("Content-Type", "application/json")
	response.WriteHeader(code)
	_ = json.NewEncoder(response).Encode(map[string]string{
		"status":       status,
		"currentTime":  now.UTC().Format(time.RFC3339Nano),
		"lastActivity": last.UTC().Format(time.RFC3339Nano),
	})
}
