package datadogV1

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/DataDog/datadog-api-client-go/v2/api/datadog"
)

func TestCreateEvent(t *testing.T) {
	var request *http.Request
	var body string
	status := http.StatusAccepted
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, received *http.Request) {
		text, _ := io.ReadAll(received.Body)
		request, body = received, string(text)
		writer.WriteHeader(status)
		_, _ = writer.Write([]byte(`{"status":"ok"}`))
	}))
	defer server.Close()

	address, _ := url.Parse(server.URL)
	config := datadog.NewConfiguration()
	config.Scheme, config.Host, config.HTTPClient = address.Scheme, address.Host, nil
	api := NewEventsApi(datadog.NewAPIClient(config))
	keys := map[string]datadog.APIKey{"apiKeyAuth": {Key: "secret"}}
	ctx := context.WithValue(context.Background(), datadog.ContextAPIKeys, keys)
	severity, seconds := EVENTALERTTYPE_ERROR, int64(7)
	event := EventCreateRequest{Title: "a", Text: "b", AlertType: &severity, DateHappened: &seconds}

	created, _, err := api.CreateEvent(ctx, event)
	if err != nil || created.Status == nil || *created.Status != "ok" {
		t.Fatalf("answer %v, error %v", created, err)
	}
	if request.Method != "POST" || request.URL.Path != "/api/v1/events" || request.Header.Get("DD-API-KEY") != "secret" {
		t.Fatalf("request %v", request)
	}
	if want := `{"alert_type":"error","date_happened":7,"text":"b","title":"a"}`; body != want {
		t.Fatalf("body %s, want %s", body, want)
	}

	status = http.StatusForbidden
	if _, _, err = api.CreateEvent(ctx, event); err == nil || !strings.HasPrefix(err.Error(), "403 Forbidden") {
		t.Fatalf("refused with %v", err)
	}
}
