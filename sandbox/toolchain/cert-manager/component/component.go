// Package component holds what the three programs of cert-manager have in common.
//
// Upstream's own main packages stand in modules without a release, which no module proxy serves. The programs here assemble
// the same released packages. Their module path lies below cert-manager's, so that Go lets them import its internal ones.
package component

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/pflag"
	logsapi "k8s.io/component-base/logs/api/v1"

	"github.com/cert-manager/cert-manager/internal/apis/config/shared"
	cmdutil "github.com/cert-manager/cert-manager/internal/cmd/util"
	"github.com/cert-manager/cert-manager/pkg/logs"
)

// Run parses the flags of a program and runs it until a signal or an error ends it.
func Run(name string, flags *pflag.FlagSet, logging *logsapi.LoggingConfiguration, run func(context.Context) error) {
	logs.InitLogs()
	defer logs.FlushLogs()
	ctx, exit := cmdutil.SetupExitHandler(context.Background(), cmdutil.GracefulShutdown)
	defer exit()
	err := flags.Parse(os.Args[1:])
	if err == nil {
		err = logs.ValidateAndApply(logging)
	}
	if err == nil {
		err = run(logs.NewContext(ctx, logs.Log, name))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "cert-manager %s: %v\n", name, err)
		logs.FlushLogs()
		os.Exit(1)
	}
}

// Kubeconfig answers the path in KUBECONFIG. Without one, a program uses the configuration of its pod.
func Kubeconfig() string {
	return os.Getenv("KUBECONFIG")
}

// AddLeaderElectionFlags adds the flags of a leader election, as the chart sets them.
func AddLeaderElectionFlags(flags *pflag.FlagSet, config *shared.LeaderElectionConfig) {
	flags.BoolVar(&config.Enabled, "leader-elect", config.Enabled, "whether replicas elect one that works")
	flags.StringVar(&config.Namespace, "leader-election-namespace", config.Namespace, "namespace of the lease")
	flags.DurationVar(&config.LeaseDuration, "leader-election-lease-duration", config.LeaseDuration, "duration of the lease")
	flags.DurationVar(&config.RenewDeadline, "leader-election-renew-deadline", config.RenewDeadline, "time to renew the lease")
	flags.DurationVar(&config.RetryPeriod, "leader-election-retry-period", config.RetryPeriod, "time between two attempts")
}
