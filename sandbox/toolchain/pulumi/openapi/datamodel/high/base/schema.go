// Package base has the fields of schemas that `pulumi api` prints.
package base

import (
	"errors"

	"github.com/pb33f/libopenapi/orderedmap"
	"go.yaml.in/yaml/v4"
)

// Schema describes a value.
type Schema struct {
	Type, Required                           []string
	Description, Format, Pattern             string
	AllOf, AnyOf, OneOf                      []*SchemaProxy
	Properties                               *orderedmap.Map[string, *SchemaProxy]
	Items, AdditionalProperties              *SchemaOrBool
	Discriminator                            *Discriminator
	Nullable, ReadOnly                       *bool
	MinLength, MaxLength, MinItems, MaxItems *int64
	Minimum, Maximum, MultipleOf             *float64
	Default                                  *yaml.Node
	Enum                                     []*yaml.Node
	Extensions                               *orderedmap.Map[string, *yaml.Node]
}

// Source is where a schema stands in its document.
type Source struct{}

// Hash answers no hash.
func (*Source) Hash() uint64 { return 0 }

// GoLow answers no source.
func (*Schema) GoLow() *Source { return nil }

// MarshalJSONInline refuses each schema.
func (*Schema) MarshalJSONInline() ([]byte, error) { return nil, errors.ErrUnsupported }

// SchemaProxy refers to a schema.
type SchemaProxy struct{}

// Schema finds no schema.
func (*SchemaProxy) Schema() *Schema { return nil }

// SchemaOrBool is a schema, or says whether any value is one.
type SchemaOrBool struct {
	A *SchemaProxy
	B bool
}

// IsA answers whether it is a schema.
func (either *SchemaOrBool) IsA() bool { return either.A != nil }

// Discriminator says by which property alternatives differ.
type Discriminator struct {
	PropertyName string
	Mapping      *orderedmap.Map[string, string]
}

// Info describes a document.
type Info struct{ Version string }
