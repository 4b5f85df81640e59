import assert from "node:assert/strict";
import { adoptionCommands } from "../../../../operate/retrofit/adoption.js";
import { retrofitFacts } from "../../../../operate/retrofit/facts.js";
import { installationObstacles, type ReleasedFlux, type Unaudited } from "../../../../operate/retrofit/installation.js";
import { plannedObjects } from "../../../../operate/verify/planned-objects.js";
import { fluxController, installedCluster, liveObject, withObjects } from "../../../support/unit/audited-cluster.js";
import { planned, planOf } from "../../../support/unit/plans.js";

const ofFlux = { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/instance": "flux-system" };
const place = { namespace: "flux-system" };

const ofFleet = { "app.kubernetes.io/managed-by": "fleet", "fleet.dev/stack": "prod" };
const policies = ["open", "other"].map((name) => planned("networking.k8s.io/v1:NetworkPolicy", { ...place, name }));
const plan = plannedObjects(planOf(policies));

/** An object with the labels of an installation. */
function labelled(name: string, metadata: { readonly namespace?: string; readonly labels?: object } = {}) {
  return liveObject({ name, ...metadata, labels: { ...ofFlux, ...metadata.labels } });
}

const objects = [
  { kind: "CustomResourceDefinition", name: "kustomizations.kustomize.toolkit.fluxcd.io" },
  { kind: "ClusterRole", name: "crd-controller" },
  { kind: "ClusterRole", name: "flux-edit" },
  { kind: "Deployment", ...place, name: "source-controller" },
  { kind: "NetworkPolicy", ...place, name: "allow-egress" },
];
const release: ReleasedFlux = { version: "v2.9.2", objects };

interface More {
  readonly context?: string;
  readonly release?: ReleasedFlux;
  readonly unaudited?: Unaudited;
}

function facts(more: More = {}) {
  const cluster = withObjects(installedCluster(), {
    ClusterRole: [labelled("crd-controller-flux-system"), labelled("flux-edit"), labelled("everything")],
    Deployment: [
      fluxController("source-controller", [], { labels: ofFlux }),
      fluxController("debugger", [], { labels: ofFlux }),
      // The flux CLI adds its namespace to the names of roles and quotas alone.
      fluxController("source-controller-flux-system", [], { labels: ofFlux }),
      fluxController("source-controller", [], { namespace: "payments", labels: ofFlux }),
    ],
    // The name of the release without its labels, which another client may have created.
    Service: [liveObject({ ...place, name: "source-controller", labels: {} })],
  });
  const unaudited = {
    CustomResourceDefinition: [
      labelled("kustomizations.kustomize.toolkit.fluxcd.io"),
      labelled("gadgets.acme.example"),
    ],
    NetworkPolicy: [
      labelled("allow-egress", place),
      labelled("open", { ...place, labels: ofFleet }),
      labelled("forged", { ...place, labels: ofFleet }),
      labelled("other", { ...place, labels: { ...ofFleet, "fleet.dev/stack": "staging" } }),
    ],
  };
  return retrofitFacts({ context: "prod", stack: "prod", cluster, planned: plan, release, unaudited, ...more });
}

const consent = "app.kubernetes.io/managed-by=fleet fleet.dev/stack=prod";

describe("the adoption of Flux's own objects", () => {
  it("labels those of the locked release by their names, and no other that has the labels of Flux", () => {
    const labels = adoptionCommands(facts()).filter((one) => one.includes(" label "));
    assert.deepEqual(labels, [
      `kubectl --context prod label --overwrite namespace flux-system ${consent}`,
      `kubectl --context prod label --overwrite customresourcedefinitions.apiextensions.k8s.io/kustomizations.kustomize.toolkit.fluxcd.io clusterroles.rbac.authorization.k8s.io/crd-controller-flux-system clusterroles.rbac.authorization.k8s.io/flux-edit ${consent}`,
      `kubectl --context prod --namespace flux-system label --overwrite deployments.apps/source-controller networkpolicies.networking.k8s.io/allow-egress ${consent}`,
    ]);
    assert.ok(labels.every((one) => !one.includes("--selector")));
  });

  it("is blocked by each other object with the labels of Flux, unless the program made it", () => {
    const found = installationObstacles(facts());
    assert.deepEqual(
      found.map(({ object }) => object),
      [
        "CustomResourceDefinition gadgets.acme.example",
        "ClusterRole everything",
        "Deployment flux-system/debugger",
        "Deployment flux-system/source-controller-flux-system",
        "NetworkPolicy flux-system/forged",
        "NetworkPolicy flux-system/other",
      ],
    );
    const [, role] = found;
    assert.equal(
      role?.message,
      "has the labels of Flux's installation, and is no object of Flux v2.9.2: the program does not adopt it",
    );
    assert.match(
      role?.fix ?? "",
      /kubectl --context prod label clusterroles\.rbac\.authorization\.k8s\.io\/everything app\.kubernetes\.io\/part-of-$/,
    );
  });

  it("puts the name of an object and of a context into a command as one word each", () => {
    const unaudited = { CustomResourceDefinition: [labelled("a;id")] };
    const [found] = installationObstacles(facts({ context: "$(id)", unaudited }));
    assert.match(
      found?.fix ?? "",
      /kubectl --context '\$\(id\)' label 'customresourcedefinitions\.apiextensions\.k8s\.io\/a;id' app\.kubernetes/,
    );
  });

  it("is blocked while the objects of the release are not known", () => {
    const [found, ...others] = installationObstacles(
      facts({ release: { version: "v2.9.2", unknown: "cannot be fetched" } }),
    );
    assert.deepEqual(
      [found?.object, found?.message, others],
      ["Flux v2.9.2", "the objects of its release are not known: cannot be fetched", []],
    );
    assert.match(found?.fix ?? "", /v2\.9\.2\/install\.yaml .* FLEET_MANIFESTS$/);
  });
});
