import type * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { fluxObject } from "../../flux/flux-object.js";
import { frozenContent } from "../freeze.js";
import { namespaceOf, type RegisteredParts, shardedMetadataOf } from "../registered-parts.js";
import type { RegisteredSync } from "./git-syncs.js";

type Helm = TenantSpec["helm"];

/** Registers the Helm sources that the tenant file declares, in the primary namespace. They freeze with the primary sync. */
export function helmSources(parts: RegisteredParts, parent: pulumi.Resource): RegisteredSync[] {
  const { name: tenant, helm, namespaces, syncs } = parts.tenant;
  const dependsOn = [...namespaceOf(parts).dependencies];
  const register = (child: string, kind: "HelmRepository" | "OCIRepository", name: string, spec: object) => {
    const content = frozenContent({ metadata: shardedMetadataOf(parts, name), spec }, syncs[0].freeze);
    const sync = fluxObject(`${tenant}.${child}`, kind, content, { parent, dependsOn });
    return { namespace: namespaces[0].name, sync };
  };
  return [
    ...Object.entries(helm.repositories).map(([name, repository]) =>
      register(`${name}-charts`, "HelmRepository", name, repositorySpec(repository)),
    ),
    ...Object.entries(helm.charts).map(([name, chart]) =>
      register(`${name}-chart`, "OCIRepository", name, chartSpec(chart)),
    ),
  ];
}

/**
 * The spec of a HelmRepository. Its credentials are sent to its own host only, because `passCredentials` is off.
 * @see https://fluxcd.io/flux/components/source/helmrepositories/
 */
function repositorySpec({ url, interval, secret }: Helm["repositories"][string]) {
  const type = url.startsWith("oci://") ? "oci" : "default";
  return { type, url, interval, timeout: "60s", provider: "generic", passCredentials: false, ...secretRef(secret) };
}

/**
 * The spec of an OCIRepository of one chart. It keeps the packed chart, which a HelmRelease needs for `chartRef`.
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#chart-reference
 */
function chartSpec({ url, ref, interval, secret }: Helm["charts"][string]) {
  const layerSelector = { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", operation: "copy" };
  return { url, ref, layerSelector, interval, timeout: "60s", provider: "generic", ...secretRef(secret) };
}

function secretRef(name: string | undefined) {
  return name === undefined ? {} : { secretRef: { name } };
}
