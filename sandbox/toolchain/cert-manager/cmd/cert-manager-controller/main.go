// Command cert-manager-controller issues certificates.
//
// It has upstream's controllers but those of issuers that ask a service elsewhere: ACME, Vault and Venafi. A sandbox reaches
// none of these, and what they import is not available completely.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	logsapi "k8s.io/component-base/logs/api/v1"

	"github.com/cert-manager/cert-manager/fleet-sandbox/component"
	"github.com/cert-manager/cert-manager/internal/apis/config/shared"
	"github.com/cert-manager/cert-manager/pkg/controller"
	"github.com/cert-manager/cert-manager/pkg/logs"

	// Each controller and each kind of issuer registers itself.
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/ingresses"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/metrics"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
)

// workers is how many objects a controller works on at once: upstream's default.
const workers = 5

// settings are what the flags of the chart set.
type settings struct {
	options  controller.ContextOptions
	election shared.LeaderElectionConfig
	metrics  string
	health   string
	logging  logsapi.LoggingConfiguration
}

func main() {
	config := defaults()
	flags := pflag.NewFlagSet("controller", pflag.ContinueOnError)
	addFlags(flags, config)
	component.Run("controller", flags, &config.logging, func(ctx context.Context) error { return run(ctx, config) })
}

// defaults are upstream's.
func defaults() *settings {
	config := &settings{
		options: controller.ContextOptions{
			Kubeconfig:         component.Kubeconfig(),
			KubernetesAPIQPS:   20,
			KubernetesAPIBurst: 50,
			IssuerOptions: controller.IssuerOptions{
				ClusterResourceNamespace:        "kube-system",
				ClusterIssuerAmbientCredentials: true,
			},
			IngressShimOptions: controller.IngressShimOptions{
				DefaultIssuerKind:                 "Issuer",
				DefaultIssuerGroup:                "cert-manager.io",
				DefaultAutoCertificateAnnotations: []string{"kubernetes.io/tls-acme"},
			},
			CertificateOptions: controller.CertificateOptions{
				CopiedAnnotationPrefixes:                 []string{"*", "-kubectl.kubernetes.io/", "-fluxcd.io/", "-argocd.argoproj.io/"},
				CertificateRequestMinimumBackoffDuration: time.Hour,
				CertificateRequestMaximumBackoffDuration: 32 * time.Hour,
			},
			SchedulerOptions: controller.SchedulerOptions{MaxConcurrentChallenges: 60},
		},
		election: shared.LeaderElectionConfig{
			Enabled:       true,
			Namespace:     "kube-system",
			LeaseDuration: 60 * time.Second,
			RenewDeadline: 40 * time.Second,
			RetryPeriod:   15 * time.Second,
		},
		metrics: "0.0.0.0:9402",
		health:  "0.0.0.0:9403",
	}
	logsapi.SetRecommendedLoggingConfiguration(&config.logging)
	return config
}

// addFlags adds the flags that the chart sets, and those of addresses. Any other flag is an error.
func addFlags(flags *pflag.FlagSet, config *settings) {
	text := func(value *string, name, usage string) { flags.StringVar(value, name, *value, usage) }
	text(&config.options.ClusterResourceNamespace, "cluster-resource-namespace", "namespace of the Secrets of ClusterIssuers")
	text(&config.options.HTTP01SolverImage, "acme-http01-solver-image", "image of the pods that answer challenges")
	text(&config.metrics, "metrics-listen-address", "address of the metrics")
	text(&config.health, "internal-healthz-listen-address", "address of the health checks")
	flags.IntVar(&config.options.MaxConcurrentChallenges, "max-concurrent-challenges", config.options.MaxConcurrentChallenges, "challenges at once")
	component.AddLeaderElectionFlags(flags, &config.election)
	logs.AddFlags(&config.logging, flags)
}

func run(ctx context.Context, config *settings) error {
	factory, err := controller.NewContextFactory(ctx, config.options)
	if err != nil {
		return err
	}
	base, err := factory.Build()
	if err != nil {
		return err
	}
	health, err := listen(ctx, config.health)
	if err != nil {
		return err
	}
	metrics, err := listen(ctx, config.metrics)
	if err != nil {
		return err
	}
	go serve(ctx, &http.Server{Handler: livez(), ReadHeaderTimeout: 5 * time.Second}, health)
	go serve(ctx, base.Metrics.NewServer(metrics), metrics)
	return lead(ctx, base, config.election, func(ctx context.Context) error { return work(ctx, factory, base) })
}

// lead does the work while this replica holds the lease.
func lead(ctx context.Context, base *controller.Context, election shared.LeaderElectionConfig, work func(context.Context) error) error {
	if !election.Enabled {
		return work(ctx)
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	identity := resourcelock.ResourceLockConfig{Identity: fmt.Sprintf("%s-%d", host, os.Getpid()), EventRecorder: base.Recorder}
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, election.Namespace, "cert-manager-controller",
		base.Client.CoreV1(), base.Client.CoordinationV1(), identity)
	if err != nil {
		return err
	}
	leading, stop := context.WithCancel(ctx)
	defer stop()
	// Of one element: only the leader's work sends.
	failed := make(chan error, 1)
	leaderelection.RunOrDie(leading, leaderelection.LeaderElectionConfig{
		Lock:            lock,
		LeaseDuration:   election.LeaseDuration,
		RenewDeadline:   election.RenewDeadline,
		RetryPeriod:     election.RetryPeriod,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				defer stop()
				failed <- work(ctx)
			},
			OnStoppedLeading: func() {},
		},
	})
	select {
	case err := <-failed:
		return err
	default:
	}
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("the lease is lost")
}

// work runs all controllers until the context ends.
func work(ctx context.Context, factory *controller.ContextFactory, base *controller.Context) error {
	var running sync.WaitGroup
	for name, construct := range controller.Known() {
		each, err := construct(factory)
		if err != nil {
			return fmt.Errorf("controller %s: %w", name, err)
		}
		running.Go(func() {
			if err := each.Run(workers, ctx); err != nil {
				logs.FromContext(ctx).Error(err, "controller ended", "controller", name)
			}
		})
	}
	base.SharedInformerFactory.Start(ctx.Done())
	base.KubeSharedInformerFactory.Start(ctx.Done())
	base.HTTP01ResourceMetadataInformersFactory.Start(ctx.Done())
	running.Wait()
	return nil
}

func livez() http.Handler {
	handler := http.NewServeMux()
	handler.HandleFunc("/livez", func(answer http.ResponseWriter, _ *http.Request) { answer.WriteHeader(http.StatusOK) })
	return handler
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
}

func serve(ctx context.Context, server *http.Server, listener net.Listener) {
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		logs.FromContext(ctx).Error(err, "server ended", "address", listener.Addr().String())
	}
}
