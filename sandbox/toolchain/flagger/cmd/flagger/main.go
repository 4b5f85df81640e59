// Command flagger promotes new versions of workloads by their metrics, and takes bad ones back.
//
// It assembles the packages of the released module. It has upstream's flags as far as the chart or the sandbox sets them, with
// upstream's defaults, checks, probes and log lines. Upstream's own main package elects its leader by a ConfigMap and a Lease.
// The client libraries that the sandbox compiles for other programs anyway have the Lease only, so it does not compile with them.
package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-logr/zapr"
	"go.uber.org/zap"
	"k8s.io/klog/v2"

	"github.com/fluxcd/flagger/pkg/canary"
	"github.com/fluxcd/flagger/pkg/controller"
	"github.com/fluxcd/flagger/pkg/logger"
	"github.com/fluxcd/flagger/pkg/metrics/observers"
	"github.com/fluxcd/flagger/pkg/notifier"
	"github.com/fluxcd/flagger/pkg/router"
	"github.com/fluxcd/flagger/pkg/server"
	"github.com/fluxcd/flagger/pkg/signals"
	"github.com/fluxcd/flagger/pkg/version"
)

// interval is how often the analyses of all Canaries are looked at: upstream's default, which the chart cannot change.
const interval = 10 * time.Second

// shutdownTimeout is how long the HTTP server waits for open requests.
const shutdownTimeout = 3 * time.Second

func main() {
	config := parse(os.Args[1:])
	if config.version {
		fmt.Printf("Flagger version %s revision %s\n", version.VERSION, version.REVISION)
		return
	}
	log, err := logger.NewLogger(config.logLevel)
	if err != nil {
		fmt.Fprintf(os.Stderr, "flagger: %v\n", err)
		os.Exit(1)
	}
	klog.SetLogger(zapr.NewLogger(log.Desugar()))
	if err := run(config, log, signals.SetupSignalHandler()); err != nil {
		log.Fatal(err)
	}
	_ = log.Sync()
}

// run works until a signal or an error ends it.
func run(config *settings, log *zap.SugaredLogger, stop <-chan struct{}) error {
	log.Infof("Starting flagger version %s revision %s mesh provider %s", version.VERSION, version.REVISION, config.meshProvider)
	if config.threadiness < 1 {
		return errors.New("-threadiness must be 1 or more: without a worker no Canary is worked on")
	}
	clients, err := connect(config)
	if err != nil {
		return err
	}
	if err := clients.verify(config.namespace, log); err != nil {
		return err
	}
	caches, err := watch(clients.flagger, config.namespace, log, stop)
	if err != nil {
		return err
	}
	metrics, err := observe(config.metricsServer, log)
	if err != nil {
		return err
	}
	chat := notify(config, log)
	// Each replica answers the probes, whether it leads or not.
	go server.ListenAndServe(config.port, shutdownTimeout, log, stop)
	work := assemble(config, clients, caches, metrics, chat, log)
	if !config.elects {
		return work.Run(config.threadiness, stop)
	}
	return lead(config.electionNamespace(), clients.kubernetes, log, stop, func() error {
		return work.Run(config.threadiness, stop)
	})
}

// assemble makes the controller of Canaries from the parts of the released module.
func assemble(
	config *settings, clients *clients, caches controller.Informers, metrics *observers.Factory, chat notifier.Interface,
	log *zap.SugaredLogger,
) *controller.Controller {
	var tracker canary.Tracker = &canary.NopTracker{}
	if config.tracksConfiguration {
		tracker = &canary.ConfigTracker{KubeClient: clients.kubernetes, FlaggerClient: clients.flagger, Logger: log}
	}
	workloads := canary.NewFactory(clients.kubernetes, clients.flagger, tracker,
		strings.Split(config.selectorLabels, ","), strings.Split(config.includeLabelPrefix, ","), log)
	routes := router.NewFactory(clients.config, clients.kubernetes, clients.flagger,
		config.ingressAnnotationsPrefix, config.ingressClass, log, clients.mesh, clients.ownsRoutes)
	return controller.NewController(clients.kubernetes, clients.flagger, caches, interval, log, chat, workloads, routes, metrics,
		config.meshProvider, version.VERSION, environmentOr("EVENT_WEBHOOK_URL", config.eventWebhook), config.clusterName,
		config.noCrossNamespaceRefs)
}

// observe makes the client of the metrics server. A server that is down is no error: it may come later.
func observe(address string, log *zap.SugaredLogger) (*observers.Factory, error) {
	factory, err := observers.NewFactory(address)
	if err != nil {
		return nil, fmt.Errorf("Error building prometheus client: %w", err)
	}
	if _, err := factory.Client.IsOnline(); err != nil {
		log.Errorf("Metrics server %s unreachable %v", address, err)
	} else {
		log.Infof("Connected to metrics server %s", address)
	}
	return factory, nil
}

// notify makes the client of the chat that hears of all Canaries. Like upstream, it works without one if its settings are wrong.
func notify(config *settings, log *zap.SugaredLogger) notifier.Interface {
	provider := "slack"
	address := environmentOr("SLACK_URL", config.slackURL)
	proxy := environmentOr("SLACK_PROXY_URL", config.slackProxyURL)
	if teams := environmentOr("MSTEAMS_URL", config.msteamsURL); teams != "" {
		provider = "msteams"
		address = teams
		proxy = environmentOr("MSTEAMS_PROXY_URL", config.msteamsProxyURL)
	}
	if address == "" {
		return &notifier.NopNotifier{}
	}
	target, err := url.ParseRequestURI(address)
	if err != nil {
		// Neither this error nor upstream's is printed: both hold the address, which is a secret.
		log.Errorf("Notifier: the address of %s is no URL", provider)
		return &notifier.NopNotifier{}
	}
	factory := notifier.NewFactory(address, os.Getenv("SLACK_TOKEN"), proxy, config.slackUser, config.slackChannel)
	client, err := factory.Notifier(provider)
	if err != nil {
		log.Errorf("Notifier %v", err)
	} else {
		log.Infof("Notifications enabled for %s://%s", target.Scheme, target.Host)
	}
	return client
}

// environmentOr answers a variable of the environment, or else the value of a flag.
func environmentOr(variable, flag string) string {
	if value := os.Getenv(variable); value != "" {
		return value
	}
	return flag
}
