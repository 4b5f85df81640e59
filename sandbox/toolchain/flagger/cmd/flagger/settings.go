package main

import (
	"flag"
	"fmt"
	"os"
)

// settings are the values of the flags.
type settings struct {
	version                  bool
	kubeconfig               string
	meshKubeconfig           string
	qps                      int
	burst                    int
	port                     string
	logLevel                 string
	metricsServer            string
	meshProvider             string
	namespace                string
	selectorLabels           string
	includeLabelPrefix       string
	ingressAnnotationsPrefix string
	ingressClass             string
	eventWebhook             string
	clusterName              string
	slackURL                 string
	slackProxyURL            string
	slackUser                string
	slackChannel             string
	msteamsURL               string
	msteamsProxyURL          string
	threadiness              int
	elects                   bool
	leaseNamespace           string
	tracksConfiguration      bool
	noCrossNamespaceRefs     bool
}

// electionNamespace is the namespace of the Lease: a Flagger of one namespace has it there, as upstream's does.
func (config *settings) electionNamespace() string {
	if config.namespace != "" {
		return config.namespace
	}
	return config.leaseNamespace
}

// parse reads the flags that the chart sets, and those that the sandbox sets besides (`kubeconfig`, `port`). Any other flag
// ends the program, and so does an argument that is no flag: Go would leave out all flags after it in silence.
func parse(arguments []string) *settings {
	config := &settings{}
	flags := flag.NewFlagSet("flagger", flag.ExitOnError)
	addClusterFlags(flags, config)
	addWorkFlags(flags, config)
	addChatFlags(flags, config)
	// This answers no error: with one, the program has ended.
	_ = flags.Parse(arguments)
	if flags.NArg() > 0 {
		fmt.Fprintf(flags.Output(), "argument is no flag: %s\n", flags.Arg(0))
		flags.Usage()
		os.Exit(2)
	}
	return config
}

func addClusterFlags(flags *flag.FlagSet, config *settings) {
	flags.BoolVar(&config.version, "version", false, "print the version and end")
	flags.StringVar(&config.kubeconfig, "kubeconfig", "", "`path` of the kubeconfig; without it, the configuration of the pod")
	flags.StringVar(&config.meshKubeconfig, "kubeconfig-service-mesh", "",
		"`path` of the kubeconfig of the cluster whose mesh carries the traffic; without it, the same cluster")
	flags.IntVar(&config.qps, "kubeconfig-qps", 100, "requests to the API server in a second")
	flags.IntVar(&config.burst, "kubeconfig-burst", 250, "requests to the API server at once")
	flags.StringVar(&config.port, "port", "8080", "port of health checks and metrics")
	flags.StringVar(&config.namespace, "namespace", "", "the only namespace whose Canaries are worked on")
	flags.BoolVar(&config.elects, "enable-leader-election", false, "whether replicas elect one that works")
	flags.StringVar(&config.leaseNamespace, "leader-election-namespace", "kube-system", "namespace of the Lease")
}

func addWorkFlags(flags *flag.FlagSet, config *settings) {
	flags.StringVar(&config.logLevel, "log-level", "debug", "debug, info, warn or error")
	flags.StringVar(&config.metricsServer, "metrics-server", "http://prometheus:9090", "address of Prometheus")
	flags.StringVar(&config.meshProvider, "mesh-provider", "istio", "what carries the traffic, if a Canary does not name it")
	flags.StringVar(&config.selectorLabels, "selector-labels", "app,name,app.kubernetes.io/name",
		"labels of pods of which selectors are made, with commas between them")
	flags.StringVar(&config.includeLabelPrefix, "include-label-prefix", "",
		"prefixes of the labels that primary workloads get too, with commas between them; * for all")
	flags.StringVar(&config.ingressAnnotationsPrefix, "ingress-annotations-prefix", "nginx.ingress.kubernetes.io",
		"prefix of the annotations of Ingresses of NGINX")
	flags.StringVar(&config.ingressClass, "ingress-class", "", "class of HTTPProxies of Contour")
	flags.IntVar(&config.threadiness, "threadiness", 2, "Canaries that are worked on at once")
	flags.BoolVar(&config.tracksConfiguration, "enable-config-tracking", true,
		"whether a changed Secret or ConfigMap of a workload is a new version of it")
	flags.BoolVar(&config.noCrossNamespaceRefs, "no-cross-namespace-refs", false,
		"whether a Canary may refer to objects of its own namespace only")
}

func addChatFlags(flags *flag.FlagSet, config *settings) {
	flags.StringVar(&config.eventWebhook, "event-webhook", "", "address that gets all events; EVENT_WEBHOOK_URL goes first")
	flags.StringVar(&config.clusterName, "cluster-name", "", "name of the cluster in messages")
	flags.StringVar(&config.slackURL, "slack-url", "", "address of a webhook of Slack; SLACK_URL goes first")
	flags.StringVar(&config.slackProxyURL, "slack-proxy-url", "", "proxy on the way to Slack; SLACK_PROXY_URL goes first")
	flags.StringVar(&config.slackUser, "slack-user", "flagger", "author of messages in Slack")
	flags.StringVar(&config.slackChannel, "slack-channel", "", "channel of Slack")
	flags.StringVar(&config.msteamsURL, "msteams-url", "", "address of a webhook of Microsoft Teams; MSTEAMS_URL goes first")
	flags.StringVar(&config.msteamsProxyURL, "msteams-proxy-url", "", "proxy on the way to Teams; MSTEAMS_PROXY_URL goes first")
}
