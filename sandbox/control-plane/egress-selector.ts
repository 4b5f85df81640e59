import { stringify } from "yaml";

/**
 * The text of the API server's configuration by which it reaches Services, nodes and pods through a proxy: webhooks and
 * aggregated APIs have addresses that exist in a cluster only.
 * @param socket path of the Unix socket of a proxy that knows CONNECT. By TCP, the API server demands TLS
 * @see https://kubernetes.io/docs/reference/config-api/apiserver-config.v1beta1/
 */
export function egressSelectorConfig(socket: string): string {
  return stringify({
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [
      { name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: socket } } } },
    ],
  });
}
