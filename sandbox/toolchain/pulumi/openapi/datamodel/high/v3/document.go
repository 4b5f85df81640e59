// Package v3 has the fields of documents that `pulumi api` reads.
package v3

import (
	"github.com/pb33f/libopenapi/datamodel/high/base"
	"github.com/pb33f/libopenapi/orderedmap"
	"go.yaml.in/yaml/v4"
)

// Document describes an API.
type Document struct {
	Info       *base.Info
	Paths      *Paths
	Components *Components
}

// Paths are the resources of an API.
type Paths struct {
	PathItems *orderedmap.Map[string, *PathItem]
}

// Components are what a document refers to.
type Components struct {
	Schemas *orderedmap.Map[string, *base.SchemaProxy]
}

// PathItem has the operations of a resource.
type PathItem struct {
	Get, Post, Put, Delete, Patch, Head *Operation
}

// Operation describes a request and its responses.
type Operation struct {
	OperationId, Summary, Description string
	Tags                              []string
	Parameters                        []*Parameter
	RequestBody                       *RequestBody
	Responses                         *Responses
	Deprecated                        *bool
	Extensions                        *orderedmap.Map[string, *yaml.Node]
}

// Parameter is a parameter of a request.
type Parameter struct {
	Name, In, Description string
	Required              *bool
	Schema                *base.SchemaProxy
}

// RequestBody is the body of a request.
type RequestBody struct {
	Content *orderedmap.Map[string, *MediaType]
}

// Responses are the responses of an operation.
type Responses struct {
	Codes   *orderedmap.Map[string, *Response]
	Default *Response
}

// Response is one of them.
type Response struct {
	Description string
	Content     *orderedmap.Map[string, *MediaType]
}

// MediaType describes a body of one type.
type MediaType struct{ Schema *base.SchemaProxy }
