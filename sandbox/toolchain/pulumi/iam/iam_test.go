package iam

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestClient(t *testing.T) {
	client, ctx := NewFromConfig(aws.Config{}), context.Background()
	requests := map[string]func() error{
		"CreateOpenIDConnectProvider":        func() error { _, err := client.CreateOpenIDConnectProvider(ctx, nil); return err },
		"AddClientIDToOpenIDConnectProvider": func() error { _, err := client.AddClientIDToOpenIDConnectProvider(ctx, nil); return err },
		"CreateRole":                         func() error { _, err := client.CreateRole(ctx, nil); return err },
		"UpdateAssumeRolePolicy":             func() error { _, err := client.UpdateAssumeRolePolicy(ctx, nil); return err },
		"AttachRolePolicy":                   func() error { _, err := client.AttachRolePolicy(ctx, nil); return err },
	}
	for name, send := range requests {
		if err := send(); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
