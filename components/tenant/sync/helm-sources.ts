import type * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";

type Helm = TenantSpec["helm"];
type Repository = Helm["repositories"][string];
type Chart = Helm["charts"][string];

/** Metadata of an object in the tenant's namespace. */
interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

const apiVersion = "source.toolkit.fluxcd.io/v1";

/** The Helm sources that a tenant file declares, each with the suffix of its resource name. */
export function helmSources(helm: Helm, { namespace, labels }: Omit<Metadata, "name">) {
  const metadata = (name: string): Metadata => ({ name, namespace, labels });
  return [
    ...Object.entries(helm.repositories).map(([name, repository]) => ({
      resourceName: `${name}-charts`,
      object: helmRepository(metadata(name), repository),
    })),
    ...Object.entries(helm.charts).map(([name, chart]) => ({
      resourceName: `${name}-chart`,
      object: chartSource(metadata(name), chart),
    })),
  ];
}

/**
 * A HelmRepository. Its credentials are sent to its own host only, because `passCredentials` is off.
 * @see https://fluxcd.io/flux/components/source/helmrepositories/
 */
export function helmRepository(metadata: Metadata, { url, interval, secret }: Repository) {
  return {
    apiVersion,
    kind: "HelmRepository",
    metadata,
    spec: {
      type: url.startsWith("oci://") ? "oci" : "default",
      url,
      interval,
      timeout: "60s",
      provider: "generic",
      passCredentials: false,
      ...secretRef(secret),
    },
  };
}

/**
 * An OCIRepository of one chart. It keeps the packed chart, which a HelmRelease needs for `chartRef`.
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#chart-reference
 */
export function chartSource(metadata: Metadata, { url, ref, interval, secret }: Chart) {
  return {
    apiVersion,
    kind: "OCIRepository",
    metadata,
    spec: {
      url,
      ref: { ...ref },
      layerSelector: { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", operation: "copy" },
      interval,
      timeout: "60s",
      provider: "generic",
      ...secretRef(secret),
    },
  };
}

function secretRef(name: string | undefined) {
  return name === undefined ? {} : { secretRef: { name } };
}
