import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { mapManagers } from "./deployment.js";
import { noProxyFor, serviceName } from "./service-names.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "plain-http";

/** A proxy that never answers. Its name is the error message. `.invalid` is reserved and never resolves (RFC 2606). */
export const PLAIN_HTTP_PROXY = "http://unencrypted-sources-are-not-allowed.invalid";

/**
 * Keeps source-controller from fetching anything over plain HTTP.
 *
 * An admission policy checks the URLs of sources. But source-controller also fetches the dependencies of a chart in a
 * Git repository, from any repository that its Chart.yaml names, and archives from any URL in a chart repository's
 * index. An attacker on the network path could replace them. No flag of Flux 2.9 prevents that. Over HTTPS the
 * certificate authenticates the host; the host is still not checked against the allowed ones.
 * @see https://helm.sh/docs/topics/charts/#chart-dependencies
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config for the syntax of NO_PROXY
 */
export function disablePlainHttp(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ name, container }, deployment) => {
    if (name !== "source-controller") return container;
    const { args = [], env = [] } = container;
    // Events are sent over HTTP. Other addresses in the cluster, tenants' Services included, stay blocked.
    const events = serviceName({ args, flag: "events-addr", context, step, deployment });
    const added = [
      { name: "HTTP_PROXY", value: PLAIN_HTTP_PROXY },
      { name: "NO_PROXY", value: noProxyFor([events]).join(",") },
    ];
    const taken = env.find((variable) => added.some((one) => one.name === variable.name));
    if (taken) {
      throw unexpectedManifest(context, step, objectName(deployment), `the variable ${taken.name} is set already`);
    }
    return { ...container, env: [...env, ...added] };
  });
}
