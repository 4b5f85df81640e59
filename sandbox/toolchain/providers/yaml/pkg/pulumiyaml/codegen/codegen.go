// Package codegen takes the place of the generator of YAML programs. The Terraform bridge uses it to convert the examples of
// documentation, which a running plugin never does.
package codegen

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
)

// GenerateProgram refuses each program.
func GenerateProgram(*pcl.Program) (map[string][]byte, hcl.Diagnostics, error) {
	return nil, nil, fmt.Errorf("this build generates no YAML programs: %w", errors.ErrUnsupported)
}
