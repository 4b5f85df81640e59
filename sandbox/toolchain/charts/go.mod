module toolchain/charts

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.21.2
	github.com/envoyproxy/gateway v1.9.1
	github.com/external-secrets/external-secrets v1.3.2
	github.com/fluxcd/flagger v1.36.1
	sigs.k8s.io/metrics-server v0.9.0
)
