// Package datadog has what notification-controller uses of Datadog's client: an HTTP client that sends an event.
// Upstream's has a Go type for each of Datadog's objects; compiling them takes half of the controller's build.
package datadog

import (
	"cmp"
	"net/http"
)

type contextKey string

// ContextAPIKeys is the context's key of a map from the name of a security scheme to its [APIKey].
const ContextAPIKeys = contextKey("apiKeys")

// APIKey authenticates a request.
type APIKey struct{ Key string }

// Configuration says where requests go, and by which client.
type Configuration struct {
	Host, Scheme string
	HTTPClient   *http.Client
}

// NewConfiguration is that of Datadog's first site.
func NewConfiguration() *Configuration {
	return &Configuration{Host: "api.datadoghq.com", Scheme: "https", HTTPClient: http.DefaultClient}
}

// APIClient sends requests.
type APIClient struct{ Cfg *Configuration }

// NewAPIClient sends requests as the configuration says.
func NewAPIClient(configuration *Configuration) *APIClient {
	configuration.HTTPClient = cmp.Or(configuration.HTTPClient, http.DefaultClient)
	return &APIClient{Cfg: configuration}
}
