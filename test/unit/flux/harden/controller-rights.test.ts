import assert from "node:assert/strict";
import { LEADER_ELECTION, roleOf } from "../../../../flux/harden/controller-rights.js";
import { clusterRoleBindings, type PolicyRule } from "../../../../flux/harden/rbac.js";
import type { FluxController } from "../../../../flux/release/controllers.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { fluxManifest, releaseWith, releaseWithout } from "../../../support/unit/flux-manifest.js";
import { all, everything, find, hardened } from "../../../support/unit/hardened.js";

const reading: ReadonlySet<string> = new Set(["get", "list", "watch", "head"]);

/** Everything that a controller's own role grants, as `verb group/resource`. */
function rightsOf(controller: string, objects = hardened(everything)): string[] {
  const { rules } = find(objects, `ClusterRole ${roleOf(controller as FluxController)}`);
  return (rules as readonly PolicyRule[]).flatMap(({ apiGroups = [], resources = [], verbs }) =>
    verbs.flatMap((verb) => apiGroups.flatMap((group) => resources.map((one) => `${verb} ${group || "core"}/${one}`))),
  );
}
const writes = (rights: readonly string[]) => rights.filter((right) => !reading.has(right.split(" ")[0] ?? ""));

describe("the rights of a single controller", () => {
  it("are only in its own role: a stolen token gives the rights of one controller", () => {
    const objects = hardened(everything);
    for (const controller of all) {
      const own = clusterRoleBindings
        .of(objects)
        .filter(({ subjects }) => subjects.some(({ name }) => name === controller));
      const names = own.map(({ roleRef }) => roleRef.name).filter((name) => name !== "flux-impersonator");
      assert.deepEqual(names, [`flux-${controller}`], controller);
      assert.equal(own.find(({ roleRef }) => roleRef.name === `flux-${controller}`)?.subjects.length, 1);
    }
    assert.ok(!objects.some(({ metadata }) => metadata.name === "crd-controller"), "the release's role is gone");
  });

  it("name every kind and every verb: what a new version brings is not granted unseen", () => {
    for (const controller of all) assert.ok(!rightsOf(controller).join().includes("*"), controller);
  });

  it("never overlap in what they write, but where one makes or annotates another's kinds", () => {
    const allowed = (controller: string, right: string) =>
      right.endsWith(" core/events") ||
      (controller === "helm-controller" && right.endsWith(" source.toolkit.fluxcd.io/helmcharts")) ||
      (controller === "notification-controller" && /^patch [a-z.]+\.fluxcd\.io\/[a-z]+$/.test(right));
    const written = all.map((controller) => [controller, writes(rightsOf(controller))] as const);
    for (const [one, rights] of written) {
      for (const [other, others] of written.filter(([name]) => name !== one)) {
        const shared = rights.filter((right) => others.includes(right));
        assert.deepEqual(
          shared.filter((right) => !allowed(one, right) && !allowed(other, right)),
          [],
          `${one}, ${other}`,
        );
      }
    }
  });

  it("make no sync: only helm-controller makes anything, and that is charts", () => {
    for (const controller of all) {
      const made = rightsOf(controller).filter((right) => /^(create|delete) (?!core\/events$)/.test(right));
      const expected = controller === "helm-controller" ? ["create", "delete"] : [];
      assert.deepEqual(
        made,
        expected.map((verb) => `${verb} source.toolkit.fluxcd.io/helmcharts`),
        controller,
      );
    }
  });

  it("write nothing of Kubernetes' own but events, and leases in Flux's namespace alone", () => {
    for (const controller of all) {
      const core = writes(rightsOf(controller)).filter((right) => !right.includes(".fluxcd.io/"));
      assert.deepEqual(core, ["create core/events", "patch core/events"], controller);
    }
    const role = find(hardened(), `Role ${LEADER_ELECTION}`);
    assert.equal(role.metadata.namespace, "flux-system");
    assert.deepEqual(role.rules, [
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
    ]);
    const bound = find(hardened(everything), `RoleBinding ${LEADER_ELECTION}`).subjects as readonly { name: string }[];
    assert.deepEqual(bound.map(({ name }) => name).sort(), [...all].sort());
  });

  it("reach every kind that a Receiver can name, and no status or finalizers of it", () => {
    const rights = rightsOf("notification-controller");
    for (const kind of ["source.toolkit.fluxcd.io/gitrepositories", "kustomize.toolkit.fluxcd.io/kustomizations"]) {
      for (const verb of ["get", "list", "watch", "patch"]) assert.ok(rights.includes(`${verb} ${kind}`), kind);
      for (const right of [`update ${kind}`, `patch ${kind}/status`, `update ${kind}/finalizers`]) {
        assert.ok(!rights.includes(right), right);
      }
    }
  });

  it("follow the selection, and are the same where two controllers keep cluster-admin beside them", () => {
    const chosen = hardened({ extraComponents: ["image-automation-controller"] });
    assert.ok(rightsOf("image-automation-controller", chosen).length > 0);
    assert.ok(!JSON.stringify(chosen).includes("imagepolicies"), "a kind that is not installed");
    for (const controller of ["source-controller", "kustomize-controller", "helm-controller"]) {
      const beside = hardened({ controllerRights: "cluster-admin" });
      assert.deepEqual(rightsOf(controller, beside), rightsOf(controller, hardened()));
    }
  });
});

describe("the rights of single controllers, of a release that has changed", () => {
  const role = "ClusterRole crd-controller";
  const withRule = (rule: object) => releaseWith(role, "rules", (rules) => [...(rules as unknown[]), rule]);
  const cases: readonly (readonly [title: string, objects: () => KubernetesObject[], message: RegExp])[] = [
    [
      "calls the role that is split by another name",
      () => releaseWith(role, "metadata.name", () => "controllers"),
      /ClusterRole crd-controller: hardening step controller-rights: is missing/,
    ],
    [
      "grants a right that no controller is known to need",
      () => withRule({ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] }),
      /controller-rights: has a rule that the hardening does not know: apps deployments get/,
    ],
    [
      "grants more on what was known",
      () => withRule({ apiGroups: [""], resources: ["events"], verbs: ["create", "patch", "delete"] }),
      /controller-rights: has a rule that the hardening does not know: core events create,delete,patch/,
    ],
    [
      "grants less than it did",
      () =>
        releaseWith(role, "rules", (rules) =>
          (rules as PolicyRule[]).filter(({ resources = [] }) => !resources.includes("leases")),
        ),
      /controller-rights: lacks a rule that the hardening expects: coordination\.k8s\.io leases/,
    ],
    [
      "has split the right to everything of Flux's by itself",
      () => withRule({ apiGroups: ["source.toolkit.fluxcd.io"], resources: ["buckets"], verbs: ["get"] }),
      /controller-rights: has a rule that the hardening does not know: source\.toolkit\.fluxcd\.io buckets get/,
    ],
    [
      "binds the role a second time",
      () => [
        ...fluxManifest(),
        { ...find(fluxManifest(), "ClusterRoleBinding crd-controller"), metadata: { name: "again", labels: {} } },
      ],
      /controller-rights: expected one binding of that role, and found .*again/,
    ],
    [
      "lacks a kind that a controller follows",
      () => releaseWithout("CustomResourceDefinition helmcharts.source.toolkit.fluxcd.io"),
      /helmcharts\.source\.toolkit\.fluxcd\.io: hardening step controller-rights: is missing, which helm-controller needs/,
    ],
    [
      "has a role by the name of one of ours",
      () => [
        ...fluxManifest(),
        { ...find(fluxManifest(), role), metadata: { name: "flux-source-controller", labels: {} }, rules: [] },
      ],
      /ClusterRole flux-source-controller: hardening step controller-rights: has a name that the hardening gives/,
    ],
  ];

  for (const [title, objects, message] of cases) {
    it(`stop the hardening when it ${title}`, () => assert.throws(() => hardened({}, objects()), message));
  }
});
