import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { mapManagers } from "./deployment.js";
import { noProxyFor, serviceName } from "./service-names.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "plain-http";

/** A proxy that never answers, under a name that says why. `.invalid` is reserved to resolve nowhere (RFC 2606). */
export const PLAIN_HTTP_PROXY = "http://unencrypted-sources-are-not-allowed.invalid";

/**
 * Keeps source-controller from fetching anything by plain HTTP.
 *
 * The URLs of sources are looked at by an admission policy. But a chart in a Git repository may have dependencies, and
 * those source-controller fetches from whatever repository its Chart.yaml names, over http too; a chart repository's
 * index likewise names archives anywhere. Whoever sits between could put anything into them. No flag of Flux 2.9 stops
 * that. Over https the certificate answers for the host, and what is left is that nobody has allowed it.
 * @see https://helm.sh/docs/topics/charts/#chart-dependencies
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config for what NO_PROXY understands
 */
export function disablePlainHttp(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ name, container }, deployment) => {
    if (name !== "source-controller") return container;
    const { args = [], env = [] } = container;
    // Events go there by http. Whatever else is within the cluster, tenants' own Services included, is not its to ask.
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
