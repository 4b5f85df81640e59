// Package kubernetes has what the Kubernetes plugin uses of its own Go SDK. That SDK has a Go type for each resource;
// compiling them takes a third of the plugin's build, and a plugin sends no Go types.
package kubernetes

import "reflect"

// UntypedArgs are the inputs of a resource, as its manifest has them.
type UntypedArgs map[string]any

// ElementType makes UntypedArgs inputs.
func (UntypedArgs) ElementType() reflect.Type { return reflect.TypeOf(map[string]any{}) }
