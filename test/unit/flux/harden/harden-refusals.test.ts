import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { fluxManifest, releaseWith, releaseWithout } from "../../../support/unit/flux-manifest.js";
import { container, hardened, type Settings } from "../../../support/unit/hardened.js";

describe("harden, given a manifest that is not as it must be", () => {
  const cases: readonly (readonly [title: string, objects: () => KubernetesObject[], message: RegExp])[] = [
    [
      "lacks a controller",
      () => releaseWithout("Deployment helm-controller"),
      /Deployment helm-controller.*select-controllers: is missing/,
    ],
    [
      "lacks a controller's account",
      () => releaseWithout("ServiceAccount helm-controller"),
      /ServiceAccount helm-controller.*missing/,
    ],
    [
      "lacks a controller's CRDs",
      () => releaseWithout("CustomResourceDefinition alerts.notification.toolkit.fluxcd.io"),
      /CustomResourceDefinition of notification-controller.*missing/,
    ],
    [
      "has a Deployment that belongs to nothing",
      () => releaseWith("Deployment helm-controller", "metadata.labels", () => ({})),
      /Deployment flux-system\/helm-controller.*lacks the label app\.kubernetes\.io\/component/,
    ],
    [
      "has its controller in a container of another name",
      () => releaseWith("Deployment helm-controller", `${container}.name`, () => "controller"),
      /Deployment flux-system\/helm-controller.*expected one container, manager, and found controller/,
    ],
    [
      "has a second container beside a controller",
      () =>
        releaseWith("Deployment helm-controller", "spec.template.spec.initContainers", () => [
          { name: "x", image: "y" },
        ]),
      /helm-controller.*expected one container, manager, and found manager, x/,
    ],
    [
      "has an image that the lock does not pin",
      () =>
        releaseWith("Deployment source-controller", `${container}.image`, () => "registry.example.com/other:v1.0.1"),
      /Deployment flux-system\/source-controller.*images.*other:v1\.0\.1.*pins registry\.example\.com\/flux\/source-controller:v1\.0\.1/,
    ],
    [
      "lacks an argument that is to be set",
      () => releaseWith("Deployment source-controller", `${container}.args.2`, () => undefined),
      /source-controller.*flags: expected the argument --log-level/,
    ],
    [
      "has an argument twice",
      () =>
        releaseWith("Deployment source-controller", `${container}.args`, (args) => [
          ...(args as string[]),
          "--log-level=debug",
        ]),
      /source-controller.*flags: the argument --log-level is there more than once/,
    ],
    [
      "has the value of an argument apart from its flag",
      () =>
        releaseWith("Deployment source-controller", `${container}.args`, (args) => [
          ...(args as string[]),
          "--concurrent",
          "4",
        ]),
      /source-controller.*flags: the argument 4 is not of the form/,
    ],
    [
      "has an address without the usual cluster domain",
      () => releaseWith("Deployment helm-controller", `${container}.args.0`, () => "--events-addr=http://elsewhere/"),
      /helm-controller.*flags: expected the domain svc\.cluster\.local in --events-addr=http:\/\/elsewhere\//,
    ],
    [
      "lacks the role that writes",
      () => releaseWithout("ClusterRole flux-edit"),
      /aggregation: expected one writing role.*found 0/,
    ],
    [
      "lacks the role that reads",
      () => releaseWithout("ClusterRole flux-view"),
      /aggregation: expected one reading role.*found 0/,
    ],
    [
      "lacks the rule on service account tokens",
      () => releaseWith("ClusterRole crd-controller", "rules", (rules) => (rules as unknown[]).slice(0, -2)),
      /token-requests: expected a rule that grants create on serviceaccounts\/token/,
    ],
    [
      "grants tokens together with something else",
      () =>
        releaseWith("ClusterRole crd-controller", "rules", (rules) => [
          ...(rules as unknown[]),
          { apiGroups: [""], resources: ["serviceaccounts/token", "events"], verbs: ["create"] },
        ]),
      /ClusterRole crd-controller.*token-requests: a rule grants serviceaccounts\/token, events together/,
    ],
    [
      "lacks the binding to cluster-admin",
      () => releaseWithout("ClusterRoleBinding cluster-reconciler"),
      /impersonation: expected a binding of kustomize-controller to cluster-admin/,
    ],
    [
      "binds another controller to cluster-admin",
      () =>
        releaseWith("ClusterRoleBinding cluster-reconciler", "subjects", (subjects) => [
          ...(subjects as unknown[]),
          { kind: "ServiceAccount", name: "source-controller", namespace: "flux-system" },
        ]),
      /impersonation: source-controller is bound to cluster-admin, and does not impersonate/,
    ],
    [
      "binds an account outside of Flux",
      () =>
        releaseWith("ClusterRoleBinding crd-controller", "subjects", (subjects) => [
          ...(subjects as unknown[]),
          { kind: "Group", name: "system:authenticated" },
        ]),
      /ClusterRoleBinding crd-controller.*selected-rights: binds Group .*system:authenticated/,
    ],
    [
      "leaves a controller without rights",
      () =>
        releaseWith("ClusterRoleBinding crd-controller", "subjects", (subjects) => (subjects as unknown[]).slice(1)),
      /ServiceAccount source-controller.*selected-rights: expected a ClusterRoleBinding/,
    ],
    [
      "lacks its namespace",
      () => releaseWithout("Namespace flux-system"),
      /namespace: expected flux-system alone, and found none/,
    ],
    [
      "lacks a network policy",
      () => releaseWithout("NetworkPolicy allow-egress"),
      /network: expected allow-egress.*found allow-scraping/,
    ],
    [
      "lacks the port of the webhook receiver",
      () => releaseWith("Deployment notification-controller", `${container}.ports.1`, () => undefined),
      /notification-controller.*network: expected a container port named http-webhook/,
    ],
    [
      "selects its pods by another label",
      () => releaseWith("Deployment source-controller", "spec.template.metadata.labels.app", () => "source"),
      /source-controller.*network: expected pods with the label app=source-controller/,
    ],
    [
      "runs a controller as another's account",
      () =>
        releaseWith("Deployment source-controller", "spec.template.spec.serviceAccountName", () => "helm-controller"),
      /source-controller.*pod-security: serviceAccountName must be source-controller, is helm-controller/,
    ],
    [
      "is part of something else",
      () =>
        releaseWith("Service source-controller", "metadata.labels", () => ({
          "app.kubernetes.io/part-of": "gitops",
          "app.kubernetes.io/component": "source-controller",
        })),
      /labels: carries the label app\.kubernetes\.io\/part-of=gitops, and not flux/,
    ],
    [
      "holds a kind that no release had",
      () => [
        ...fluxManifest(),
        { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a", namespace: "flux-system" } },
      ],
      /Job flux-system\/a.*as-released: is of an unexpected type, batch\/v1\/Job/,
    ],
    [
      "reaches into another namespace",
      () => [
        ...fluxManifest(),
        { apiVersion: "v1", kind: "Service", metadata: { name: "a", namespace: "kube-system" } },
      ],
      /Service kube-system\/a.*as-released: is not in the namespace flux-system/,
    ],
    [
      "holds an object twice",
      () => [...fluxManifest(), ...fluxManifest().slice(0, 1)],
      /Namespace flux-system.*there more than once/,
    ],
    [
      "is no Deployment where one must be",
      () => releaseWith("Deployment helm-controller", "spec.template", () => 1),
      /Deployment flux-system\/helm-controller: spec\.template/,
    ],
  ];

  for (const [title, objects, message] of cases) {
    it(`stops with the step's name when it ${title}`, () => {
      assert.throws(() => hardened({}, objects()), message);
    });
  }

  it("refuses one that was hardened already", () => {
    assert.throws(() => hardened({}, [...hardened()]), /as-released: .*managed-by=fleet.*hardened already/);
  });

  it("refuses one that another tool rendered", () => {
    const objects = fluxManifest().map((object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { "app.kubernetes.io/managed-by": "Helm" } },
    }));
    assert.throws(() => hardened({}, objects), /managed-by=Helm.*another tool/);
  });
});

describe("harden, given settings that cannot be", () => {
  const cases: readonly (readonly [title: string, settings: unknown, message: RegExp])[] = [
    [
      "an unknown extra component",
      { extraComponents: ["image-scanner"] },
      /fleet:extraComponents: image-scanner is no extra component/,
    ],
    [
      "source-watcher, which nothing here locks down",
      { extraComponents: ["source-watcher"] },
      /source-watcher is no extra component/,
    ],
    [
      "arguments for a controller that is not installed",
      { controllers: { "image-reflector-controller": { args: ["--concurrent=2"] } } },
      /fleet:controllers\.image-reflector-controller: is configured but not installed/,
    ],
    [
      "an argument that turns the lockdown off",
      { controllers: { "helm-controller": { args: ["--concurrent=2", "--no-cross-namespace-refs=false"] } } },
      /fleet:controllers\.helm-controller\.args\[1\]: --no-cross-namespace-refs is set already.*last one would win/,
    ],
    [
      "an argument given twice",
      { controllers: { "helm-controller": { args: ["--concurrent=2", "--concurrent=3"] } } },
      /args\[1\]: --concurrent is set already/,
    ],
    [
      "a kubeconfig that may run programs",
      { controllers: { "kustomize-controller": { args: ["--insecure-kubeconfig-exec=true"] } } },
      /--insecure-kubeconfig-exec is refused: .*programs/,
    ],
    [
      "a value apart from its flag",
      { controllers: { "helm-controller": { args: ["--concurrent", "8"] } } },
      /args\[1\]: 8 is not of the form/,
    ],
    [
      "artifacts that only a tenant could make",
      { controllers: { "helm-controller": { args: ["--feature-gates=A=true,ExternalArtifact=true"] } } },
      /feature gate ExternalArtifact is refused/,
    ],
  ];

  for (const [title, settings, message] of cases) {
    it(`refuses ${title}, naming the setting`, () => {
      assert.throws(() => hardened(settings as Partial<Settings>), message);
    });
  }
});
