// Package iam takes the place of the client of AWS IAM. The engine's command that connects Pulumi Cloud with an AWS account
// makes a role with it, and nothing else calls it.
package iam

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
)

var errNone = fmt.Errorf("this build has no client of AWS IAM, use a released pulumi: %w", errors.ErrUnsupported)

// Options are settings of a request.
type Options struct{}

// Client refuses each request.
type Client struct{}

// NewFromConfig makes a client.
func NewFromConfig(aws.Config, ...func(*Options)) *Client { return &Client{} }

// CreateOpenIDConnectProviderInput names an issuer of tokens.
type CreateOpenIDConnectProviderInput struct {
	Url                          *string
	ClientIDList, ThumbprintList []string
}

// CreateOpenIDConnectProviderOutput is the answer.
type CreateOpenIDConnectProviderOutput struct{}

// CreateOpenIDConnectProvider refuses the request.
func (*Client) CreateOpenIDConnectProvider(
	context.Context, *CreateOpenIDConnectProviderInput, ...func(*Options),
) (*CreateOpenIDConnectProviderOutput, error) {
	return nil, errNone
}

// AddClientIDToOpenIDConnectProviderInput names an audience of an issuer.
type AddClientIDToOpenIDConnectProviderInput struct {
	OpenIDConnectProviderArn, ClientID *string
}

// AddClientIDToOpenIDConnectProviderOutput is the answer.
type AddClientIDToOpenIDConnectProviderOutput struct{}

// AddClientIDToOpenIDConnectProvider refuses the request.
func (*Client) AddClientIDToOpenIDConnectProvider(
	context.Context, *AddClientIDToOpenIDConnectProviderInput, ...func(*Options),
) (*AddClientIDToOpenIDConnectProviderOutput, error) {
	return nil, errNone
}

// CreateRoleInput describes a role.
type CreateRoleInput struct {
	RoleName, AssumeRolePolicyDocument, Description *string
}

// CreateRoleOutput is the answer.
type CreateRoleOutput struct{}

// CreateRole refuses the request.
func (*Client) CreateRole(context.Context, *CreateRoleInput, ...func(*Options)) (*CreateRoleOutput, error) {
	return nil, errNone
}

// UpdateAssumeRolePolicyInput says who may assume a role.
type UpdateAssumeRolePolicyInput struct {
	RoleName, PolicyDocument *string
}

// UpdateAssumeRolePolicyOutput is the answer.
type UpdateAssumeRolePolicyOutput struct{}

// UpdateAssumeRolePolicy refuses the request.
func (*Client) UpdateAssumeRolePolicy(
	context.Context, *UpdateAssumeRolePolicyInput, ...func(*Options),
) (*UpdateAssumeRolePolicyOutput, error) {
	return nil, errNone
}

// AttachRolePolicyInput names a policy of a role.
type AttachRolePolicyInput struct {
	RoleName, PolicyArn *string
}

// AttachRolePolicyOutput is the answer.
type AttachRolePolicyOutput struct{}

// AttachRolePolicy refuses the request.
func (*Client) AttachRolePolicy(
	context.Context, *AttachRolePolicyInput, ...func(*Options),
) (*AttachRolePolicyOutput, error) {
	return nil, errNone
}
