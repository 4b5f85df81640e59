// Command cert-manager-webhook is cert-manager's admission webhook.
package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/cert-manager/cert-manager/fleet-sandbox/component"
	"github.com/cert-manager/cert-manager/internal/webhook"
	"github.com/cert-manager/cert-manager/pkg/logs"
	utilfeature "github.com/cert-manager/cert-manager/pkg/util/feature"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
)

func main() {
	config, err := options.NewWebhookConfiguration()
	if err != nil {
		panic(err)
	}
	config.KubeConfig = component.Kubeconfig()
	flags := pflag.NewFlagSet("webhook", pflag.ContinueOnError)
	options.AddConfigFlags(flags, config)
	component.Run("webhook", flags, &config.Logging, func(ctx context.Context) error {
		if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(config.FeatureGates); err != nil {
			return err
		}
		server, err := webhook.NewCertManagerWebhookServer(logs.FromContext(ctx), *config)
		if err != nil {
			return err
		}
		return server.Run(ctx)
	})
}
