import { containerStep } from "./controller.js";
import { noProxyFor, serviceName, withEnvironment } from "./proxy-environment.js";

/**
 * Keeps source-controller from fetching anything over plain HTTP.
 *
 * An admission policy checks the URLs of sources. But source-controller also fetches charts from any repository that a
 * Chart.yaml in Git names, and archives from any URL in a chart repository's index. An attacker on the network path could
 * replace them, and no flag of Flux 2.9 prevents that. Over HTTPS the certificate authenticates the host, which is still
 * not checked against the allowed ones.
 * @see https://helm.sh/docs/topics/charts/#chart-dependencies
 */
export const disablePlainHttp = containerStep((controller) => {
  if (controller.name !== "source-controller") return {};
  return withEnvironment(controller, {
    // A proxy that never answers. Its name is the error message. `.invalid` is reserved and never resolves (RFC 2606).
    HTTP_PROXY: "http://unencrypted-sources-are-not-allowed.invalid",
    // Events are sent over HTTP. Other addresses in the cluster, tenants' Services included, stay blocked.
    NO_PROXY: noProxyFor([serviceName(controller, "events-addr")]),
  });
});
