// Package v2 registers the objects of manifests and charts.
package v2

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// RegisterResource registers an object under the type of its kind. Its outputs have no Go type.
func RegisterResource(
	ctx *pulumi.Context, apiVersion, kind, name string, inputs pulumi.Input, options ...pulumi.ResourceOption,
) (pulumi.CustomResource, error) {
	if apiVersion == "v1" {
		apiVersion = "core/v1"
		if kind == "Secret" {
			options = append(options, pulumi.AdditionalSecretOutputs([]string{"data", "stringData"}))
		}
	}
	var resource pulumi.CustomResourceState
	err := ctx.RegisterResource("kubernetes:"+apiVersion+":"+kind, name, inputs, &resource, options...)
	if err != nil {
		return nil, err
	}
	return &resource, nil
}
