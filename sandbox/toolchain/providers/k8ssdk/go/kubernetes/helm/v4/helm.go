// Package v4 has the types that inputs of a chart are read into.
package v4

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// PostRenderer is a command that changes what a chart renders.
type PostRenderer struct {
	Args    []string `pulumi:"args"`
	Command string   `pulumi:"command"`
}

// PostRendererInput is a PostRenderer that may not be known yet.
type PostRendererInput interface{ pulumi.Input }

// RepositoryOpts says where a chart comes from.
type RepositoryOpts struct {
	CaFile   pulumi.AssetOrArchive `pulumi:"caFile"`
	CertFile pulumi.AssetOrArchive `pulumi:"certFile"`
	KeyFile  pulumi.AssetOrArchive `pulumi:"keyFile"`
	Password *string               `pulumi:"password"`
	Repo     *string               `pulumi:"repo"`
	Username *string               `pulumi:"username"`
}

// RepositoryOptsInput is RepositoryOpts that may not be known yet.
type RepositoryOptsInput interface{ pulumi.Input }
