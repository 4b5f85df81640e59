// Command cert-manager-cainjector writes authorities into the webhook configurations and definitions that ask for them.
package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"
	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	apireg "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/cert-manager/cert-manager/fleet-sandbox/component"
	config "github.com/cert-manager/cert-manager/internal/apis/config/cainjector"
	configscheme "github.com/cert-manager/cert-manager/internal/apis/config/cainjector/scheme"
	"github.com/cert-manager/cert-manager/internal/kube"
	cmapi "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	configv1alpha1 "github.com/cert-manager/cert-manager/pkg/apis/config/cainjector/v1alpha1"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	"github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/util"
)

func main() {
	settings, err := defaults()
	if err != nil {
		panic(err)
	}
	flags := pflag.NewFlagSet("cainjector", pflag.ContinueOnError)
	flags.StringVar(&settings.Namespace, "namespace", settings.Namespace, "the only namespace whose Secrets are read")
	flags.StringVar(&settings.MetricsListenAddress, "metrics-listen-address", settings.MetricsListenAddress, "address of the metrics")
	component.AddLeaderElectionFlags(flags, &settings.LeaderElectionConfig)
	logs.AddFlags(&settings.Logging, flags)
	component.Run("cainjector", flags, &settings.Logging, func(ctx context.Context) error { return run(ctx, settings) })
}

func defaults() (*config.CAInjectorConfiguration, error) {
	scheme, _, err := configscheme.NewSchemeAndCodecs()
	if err != nil {
		return nil, err
	}
	versioned := &configv1alpha1.CAInjectorConfiguration{}
	scheme.Default(versioned)
	settings := &config.CAInjectorConfiguration{KubeConfig: component.Kubeconfig()}
	return settings, scheme.Convert(versioned, settings, nil)
}

func run(ctx context.Context, settings *config.CAInjectorConfiguration) error {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientscheme.AddToScheme, apiext.AddToScheme, apireg.AddToScheme, cmapi.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return err
		}
	}
	ctrl.SetLogger(logs.FromContext(ctx))
	rest, err := kube.BuildClientConfig("", component.Kubeconfig())
	if err != nil {
		return fmt.Errorf("no way to the API server: %w", err)
	}
	election := settings.LeaderElectionConfig
	manager, err := ctrl.NewManager(util.RestConfigWithUserAgent(rest, "cainjector"), ctrl.Options{
		Scheme:                        scheme,
		Logger:                        logs.FromContext(ctx),
		Metrics:                       server.Options{BindAddress: settings.MetricsListenAddress},
		LeaderElection:                election.Enabled,
		LeaderElectionID:              "cert-manager-cainjector-leader-election",
		LeaderElectionNamespace:       election.Namespace,
		LeaderElectionReleaseOnCancel: true,
		LeaseDuration:                 &election.LeaseDuration,
		RenewDeadline:                 &election.RenewDeadline,
		RetryPeriod:                   &election.RetryPeriod,
		// Only the metadata of Secrets is watched: the content of one is read when it is needed.
		Client: client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}},
	})
	if err != nil {
		return err
	}
	kinds := settings.EnableInjectableConfig
	err = cainjector.RegisterAllInjectors(ctx, manager, cainjector.SetupOptions{
		Namespace:                    settings.Namespace,
		IgnoreNamespaces:             settings.IgnoreNamespaces,
		EnableCertificatesDataSource: settings.EnableDataSourceConfig.Certificates,
		EnabledReconcilersFor: map[string]bool{
			cainjector.MutatingWebhookConfigurationName:   kinds.MutatingWebhookConfigurations,
			cainjector.ValidatingWebhookConfigurationName: kinds.ValidatingWebhookConfigurations,
			cainjector.APIServiceName:                     kinds.APIServices,
			cainjector.CustomResourceDefinitionName:       kinds.CustomResourceDefinitions,
		},
	})
	if err != nil {
		return err
	}
	return manager.Start(ctx)
}
