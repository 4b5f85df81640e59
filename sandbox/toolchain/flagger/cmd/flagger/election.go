package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// leaseName and the durations are upstream's.
const (
	leaseName     = "flagger-leader-election"
	leaseDuration = 60 * time.Second
	renewDeadline = 15 * time.Second
	retryPeriod   = 5 * time.Second
)

// lead does the work while this replica holds the Lease. The end of its leadership ends the program, so that no two replicas
// work: with exit code 1, after a signal too, as upstream's.
func lead(
	namespace string, client kubernetes.Interface, log *zap.SugaredLogger, stop <-chan struct{}, work func() error,
) error {
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("the name of this host is unknown: %w", err)
	}
	// Replicas of the sandbox share one host.
	identity := fmt.Sprintf("%s_%s", host, uuid.NewUUID())
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, leaseName,
		client.CoreV1(), client.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: identity})
	if err != nil {
		return err
	}
	log.Infof("Starting leader election id: %s lease: %s namespace: %s", identity, leaseName, namespace)
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock:            lock,
		LeaseDuration:   leaseDuration,
		RenewDeadline:   renewDeadline,
		RetryPeriod:     retryPeriod,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) {
				log.Info("Acting as elected leader")
				if err := work(); err != nil {
					log.Fatalf("Error running controller: %v", err)
				}
			},
			OnStoppedLeading: func() {
				log.Info("Leadership lost")
				os.Exit(1)
			},
			OnNewLeader: func(elected string) {
				if elected != identity {
					log.Infof("Another instance has been elected as leader: %v", elected)
				}
			},
		},
	})
	if err != nil {
		return err
	}
	elector.Run(wait.ContextForChannel(stop))
	return nil
}
