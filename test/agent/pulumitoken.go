package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// pulumiToken is what the agent shows to Pulumi Cloud: a static pool token, or one that it gets for an OIDC token and
// gets anew when that expires.
type pulumiToken struct {
	settings workflowSettings
	api      caller
	log      *eventLog
	value    string
	expires  time.Time
}

func newPulumiToken(settings workflowSettings, log *eventLog) *pulumiToken {
	token := &pulumiToken{settings: settings, api: newCaller(settings.serviceURL, settings.requestTimeout), log: log}
	if !token.isExchanged() {
		token.value = settings.token
	}
	return token
}

// isExchanged is true when an OIDC token file is set; a static token is not used then.
func (token *pulumiToken) isExchanged() bool {
	return token.settings.oidcTokenFile != ""
}

// current returns the token, exchanged anew when there is none or it is about to expire.
func (token *pulumiToken) current() (string, error) {
	if token.isExchanged() && time.Until(token.expires) < time.Second {
		if err := token.exchange(); err != nil {
			return "", err
		}
	}
	return token.value, nil
}

// forget makes the next use exchange again.
func (token *pulumiToken) forget() {
	token.expires = time.Time{}
}

func (token *pulumiToken) exchange() error {
	// Read every time: whoever writes the file keeps it fresh.
	idToken, err := os.ReadFile(token.settings.oidcTokenFile)
	if err != nil {
		return fmt.Errorf("oidc_token_file: %w", err)
	}
	body := map[string]any{
		"grant_type":           "urn:ietf:params:oauth:grant-type:token-exchange",
		"audience":             "urn:pulumi:org:" + token.settings.organization,
		"subject_token":        strings.TrimSpace(string(idToken)),
		"subject_token_type":   "urn:ietf:params:oauth:token-type:id_token",
		"requested_token_type": "urn:pulumi:token-type:access_token:runner",
		// GUESS: the pool's id, which is what the agent is configured with.
		"scope": "runner:" + token.settings.poolID,
	}
	if token.settings.tokenExpiration > 0 {
		body["expiration"] = int(token.settings.tokenExpiration.Seconds())
	}
	var granted struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}
	headers := http.Header{"Content-Type": {"application/json"}}
	if _, err := token.api.send("POST", "/api/oauth/token", headers, body, &granted); err != nil {
		return fmt.Errorf("exchanging the OIDC token: %w", err)
	}
	token.value = granted.AccessToken
	token.expires = time.Now().Add(time.Duration(granted.ExpiresIn) * time.Second)
	token.log.event("token-exchanged", "expires", token.expires.UTC().Format(time.RFC3339))
	return nil
}
