package libopenapi

import (
	"errors"
	"testing"
)

func TestNewDocument(t *testing.T) {
	if document, err := NewDocument([]byte("openapi: 3.0.0")); document != nil || !errors.Is(err, errors.ErrUnsupported) {
		t.Fatalf("document %v, error %v", document, err)
	}
}
