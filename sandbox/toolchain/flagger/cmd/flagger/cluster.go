package main

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	semantic "k8s.io/apimachinery/pkg/util/version"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"

	clientset "github.com/fluxcd/flagger/pkg/client/clientset/versioned"
	informers "github.com/fluxcd/flagger/pkg/client/informers/externalversions"
	"github.com/fluxcd/flagger/pkg/controller"
)

// resync is how often a cache hands out all its objects again.
const resync = 30 * time.Second

// clients are the ways to the API server of the workloads, and to that of the mesh.
type clients struct {
	config     *rest.Config
	kubernetes kubernetes.Interface
	flagger    clientset.Interface
	mesh       clientset.Interface
	// ownsRoutes is whether a Canary owns its routes. In another cluster than its own, it cannot.
	ownsRoutes bool
}

// connect makes the clients. It sends no request.
func connect(config *settings) (*clients, error) {
	own, err := restConfig(config.kubeconfig, config)
	if err != nil {
		return nil, fmt.Errorf("Error building kubeconfig: %w", err)
	}
	remote := own
	if config.meshKubeconfig != "" {
		if remote, err = restConfig(config.meshKubeconfig, config); err != nil {
			return nil, fmt.Errorf("Error building host kubeconfig: %w", err)
		}
	}
	kube, err := kubernetes.NewForConfig(own)
	if err != nil {
		return nil, fmt.Errorf("Error building kubernetes clientset: %w", err)
	}
	flagger, err := clientset.NewForConfig(own)
	if err != nil {
		return nil, fmt.Errorf("Error building flagger clientset: %w", err)
	}
	mesh, err := clientset.NewForConfig(remote)
	if err != nil {
		return nil, fmt.Errorf("Error building mesh clientset: %w", err)
	}
	return &clients{config: own, kubernetes: kube, flagger: flagger, mesh: mesh, ownsRoutes: own.Host == remote.Host}, nil
}

func restConfig(kubeconfig string, config *settings) (*rest.Config, error) {
	built, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	built.QPS = float32(config.qps)
	built.Burst = config.burst
	return built, nil
}

// verify refuses to work in a cluster that lacks one of the CRDs, or is older than Kubernetes 1.11.
func (clients *clients) verify(namespace string, log *zap.SugaredLogger) error {
	ctx, one, api := context.Background(), metav1.ListOptions{Limit: 1}, clients.flagger.FlaggerV1beta1()
	if _, err := api.Canaries(namespace).List(ctx, one); err != nil {
		return fmt.Errorf("Canary CRD is not registered %w", err)
	}
	if _, err := api.MetricTemplates(namespace).List(ctx, one); err != nil {
		return fmt.Errorf("MetricTemplate CRD is not registered %w", err)
	}
	if _, err := api.AlertProviders(namespace).List(ctx, one); err != nil {
		return fmt.Errorf("AlertProvider CRD is not registered %w", err)
	}
	server, err := clients.kubernetes.Discovery().ServerVersion()
	if err != nil {
		return fmt.Errorf("Error calling Kubernetes API: %w", err)
	}
	found, err := semantic.ParseSemantic(server.GitVersion)
	if err != nil {
		return fmt.Errorf("Error parsing kubernetes version as a semantic version: %w", err)
	}
	if found.Major() != 1 || found.Minor() < 11 {
		return fmt.Errorf("Unsupported version of kubernetes detected: expected 1.11 or a newer 1.x, got %s", server)
	}
	log.Infof("Connected to Kubernetes API %s", server)
	return nil
}

// watch fills the caches of Flagger's kinds.
func watch(
	client clientset.Interface, namespace string, log *zap.SugaredLogger, stop <-chan struct{},
) (controller.Informers, error) {
	api := informers.NewSharedInformerFactoryWithOptions(client, resync, informers.WithNamespace(namespace)).Flagger().V1beta1()
	caches := controller.Informers{
		CanaryInformer: api.Canaries(),
		MetricInformer: api.MetricTemplates(),
		AlertInformer:  api.AlertProviders(),
	}
	for _, each := range []struct {
		kind     string
		informer cache.SharedIndexInformer
	}{
		{"canary", caches.CanaryInformer.Informer()},
		{"metric template", caches.MetricInformer.Informer()},
		{"alert provider", caches.AlertInformer.Informer()},
	} {
		log.Infof("Waiting for %s informer cache to sync", each.kind)
		go each.informer.Run(stop)
		if !cache.WaitForNamedCacheSync("flagger", stop, each.informer.HasSynced) {
			return caches, fmt.Errorf("failed to wait for the %s cache to sync", each.kind)
		}
	}
	if namespace != "" {
		log.Infof("Watching namespace %s", namespace)
	}
	return caches, nil
}
