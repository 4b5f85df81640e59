import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PLATFORM_GIT_SECRET } from "../../../config/names.js";
import { gitSecretName, gitWriteSecretName, tokenSecretName } from "../../../config/tenant/parts.js";
import { GIT_KEY_SINCE_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { apiVersionOf, type Kind } from "../../support/objects/object.js";
import { controllerMetrics, faultsOf, groupLabelsOf, metricsOf } from "../../support/promql.js";
import { root } from "../../support/unit/fleet.js";

const folder = join(root, "fleet/infrastructure/configuration/flux-monitoring");

/** A metric of kube-state-metrics itself. */
const ofStateMetrics = "kube_secret_created";

/** Kinds of Flux's with a condition Ready: a failure of each is to be seen. */
const reconciled = [
  "Bucket",
  "GitRepository",
  "HelmChart",
  "HelmRelease",
  "HelmRepository",
  "ImagePolicy",
  "ImageRepository",
  "ImageUpdateAutomation",
  "Kustomization",
  "OCIRepository",
  "Receiver",
] as const satisfies readonly Kind[];

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}

interface StateMetrics {
  readonly spec: {
    readonly resources: readonly {
      readonly groupVersionKind: { readonly group: string; readonly version: string; readonly kind: string };
      readonly metricNamePrefix: string;
      readonly metrics: readonly {
        readonly name: string;
        readonly labelsFromPath: object;
        readonly each: { readonly gauge?: { readonly path: readonly string[] } };
      }[];
    }[];
  };
}

describe("the monitoring of Flux", () => {
  // A fork may have another.
  if (!existsSync(folder)) return;
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const { spec } = parse(read("rules.yaml")) as { spec: { groups: readonly { rules: readonly Rule[] }[] } };
  const rules = spec.groups.flatMap((group) => group.rules);
  const { resources } = (parse(read("kube-state-metrics.yaml"), { merge: true }) as StateMetrics).spec;
  const dashboard = JSON.parse(read("flux.json")) as { panels: { targets?: { expr: string }[] }[] };
  const panels = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  it("has alerts for failing, stalled and suspended objects, errors of controllers, and old credentials", () => {
    assert.deepEqual(
      rules.map(({ alert }) => alert),
      [
        "FluxReconciliationFailing",
        "FluxReconciliationStalled",
        "FluxReconciliationSuspended",
        "FluxControllerErrors",
        "FluxGitKeyOld",
        "FluxGitTokenSecretOld",
      ],
    );
  });

  it("asks in alerts and in the dashboard for metrics that something exports", () => {
    const own = resources.flatMap(({ metricNamePrefix, metrics }) =>
      metrics.map(({ name }) => `${metricNamePrefix}_${name}`),
    );
    const queries = [...rules.map(({ expr }) => expr), ...panels];
    assert.ok(queries.length > rules.length);
    for (const query of queries) {
      const names = metricsOf(query);
      assert.notDeepEqual(names, [], query);
      const exported = [...controllerMetrics, ...own, ofStateMetrics];
      for (const name of names) assert.ok(exported.includes(name), `${name} in ${query}`);
    }
  });

  it("has queries in the grammar of Prometheus, and texts with no other labels than a query leaves", () => {
    for (const expr of [...rules.map((rule) => rule.expr), ...panels]) assert.deepEqual(faultsOf(expr), [], expr);
    for (const { alert, expr, annotations } of rules) {
      // Without an aggregation, all labels of the metric are left.
      const left = groupLabelsOf(expr);
      const labels = left.length > 0 ? left : ["namespace", "secret"];
      const used = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label);
      assert.notDeepEqual(used, [], alert);
      for (const label of used) assert.ok(labels.includes(label), `${label} in ${alert}`);
    }
  });

  it("would see a query that Prometheus does not read", () => {
    for (const wrong of ["max by (a (b)", "sum(a{b=c})", "a >", "rate(a[5x])", "max by (a) a"]) {
      assert.notDeepEqual(faultsOf(wrong), [], wrong);
    }
    assert.deepEqual(metricsOf("sum by (a_b) (rate(c_d{e_f='g_h'}[5m])) / i_j"), ["c_d", "i_j"]);
  });

  it("knows each kind of Flux's that has a condition Ready, in the version that the program writes", () => {
    const known = resources.map(({ groupVersionKind: { group, version, kind } }) => `${group}/${version} ${kind}`);
    assert.deepEqual(known.sort(), reconciled.map((kind) => `${apiVersionOf(kind)} ${kind}`).sort());
    for (const { metrics } of resources) {
      const [metric] = metrics;
      const labels = Object.keys(metric?.labelsFromPath ?? {});
      for (const label of ["exported_namespace", "ready", "stalled", "suspended"]) assert.ok(labels.includes(label));
    }
  });

  it("takes the age of a key from the annotation that the program writes, and not from the Secret", () => {
    const source = resources.find(({ groupVersionKind }) => groupVersionKind.kind === "GitRepository");
    const metric = source?.metrics.find(({ name }) => name === "git_key_since");
    assert.deepEqual(metric?.each.gauge?.path, ["metadata", "annotations", GIT_KEY_SINCE_ANNOTATION]);
    const { expr = "" } = rules.find(({ alert }) => alert === "FluxGitKeyOld") ?? {};
    assert.deepEqual(metricsOf(expr), ["gotk_git_key_since"]);
    assert.deepEqual(groupLabelsOf(expr).sort(), Object.keys(metric?.labelsFromPath ?? {}).sort());
  });

  it("finds each Secret with a token for Git by its name, and no other of a tenant", () => {
    const pattern = /secret=~"([^"]+)"/.exec(
      rules.find(({ alert }) => alert === "FluxGitTokenSecretOld")?.expr ?? "",
    )?.[1];
    const isMeant = (name: string) => new RegExp(`^(?:${pattern})$`).test(name);
    const keys = [PLATFORM_GIT_SECRET, gitSecretName(undefined), gitSecretName("manifests"), gitWriteSecretName];
    for (const name of keys.map((key) => tokenSecretName(key))) assert.ok(isMeant(name), name);
    for (const name of [...keys, "platform-verify", "shop-tls", "my-tenant-git"]) assert.ok(!isMeant(name), name);
  });
});
