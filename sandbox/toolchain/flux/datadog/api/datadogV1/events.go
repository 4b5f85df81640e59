// Package datadogV1 creates events.
package datadogV1

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/DataDog/datadog-api-client-go/v2/api/datadog"
)

// EventAlertType is the severity of an event.
type EventAlertType string

// The severities that Flux's events have.
const (
	EVENTALERTTYPE_ERROR EventAlertType = "error"
	EVENTALERTTYPE_INFO  EventAlertType = "info"
)

// EventCreateRequest is an event. DateHappened is in seconds since 1970.
type EventCreateRequest struct {
	AlertType      *EventAlertType `json:"alert_type,omitempty"`
	DateHappened   *int64          `json:"date_happened,omitempty"`
	SourceTypeName *string         `json:"source_type_name,omitempty"`
	Tags           []string        `json:"tags,omitempty"`
	Text           string          `json:"text"`
	Title          string          `json:"title"`
}

// EventCreateResponse is Datadog's answer.
type EventCreateResponse struct {
	Status *string `json:"status,omitempty"`
}

// EventsApi creates events.
type EventsApi struct{ client *datadog.APIClient }

// NewEventsApi creates events by a client.
func NewEventsApi(client *datadog.APIClient) *EventsApi { return &EventsApi{client} }

// CreateEvent sends an event, with the API key of the context.
func (api *EventsApi) CreateEvent(
	ctx context.Context, event EventCreateRequest,
) (created EventCreateResponse, response *http.Response, err error) {
	body, err := json.Marshal(event)
	if err != nil {
		return created, nil, err
	}
	config := api.client.Cfg
	address := url.URL{Scheme: config.Scheme, Host: config.Host, Path: "/api/v1/events"}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), bytes.NewReader(body))
	if err != nil {
		return created, nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	if keys, ok := ctx.Value(datadog.ContextAPIKeys).(map[string]datadog.APIKey); ok {
		request.Header.Set("DD-API-KEY", keys["apiKeyAuth"].Key)
	}
	response, err = config.HTTPClient.Do(request)
	if err != nil {
		return created, response, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return created, response, err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return created, response, fmt.Errorf("%s: %s", response.Status, answer)
	}
	return created, response, json.Unmarshal(answer, &created)
}
