// Package libopenapi takes the place of the parser of OpenAPI documents. The engine's command `pulumi api` reads the
// description of Pulumi Cloud's API with it, and nothing else does. Upstream's package takes a quarter of the engine's build.
package libopenapi

import (
	"errors"
	"fmt"

	"github.com/pb33f/libopenapi/datamodel/high/v3"
)

// Document is a parsed document.
type Document interface {
	BuildV3Model() (*Model, error)
}

// Model is the content of a document.
type Model struct{ Model v3.Document }

// NewDocument refuses each document.
func NewDocument([]byte) (Document, error) {
	return nil, fmt.Errorf("this build has no parser of OpenAPI documents, use a released pulumi: %w", errors.ErrUnsupported)
}
