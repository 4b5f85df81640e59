import assert from "node:assert/strict";
import { resourceChanges } from "../../../../review/diff/resource-changes.js";
import { consequences } from "../../../../review/findings/findings.js";
import { plainText } from "../../../../review/phrase.js";
import type { PlannedResource, StackPlan } from "../../../../review/planned-resource.js";
import { onGitHub, planned, planOf } from "../../../support/unit/plans.js";

function told(before: StackPlan, after: StackPlan): string[] {
  const changes = resourceChanges(before.resources, after.resources);
  return consequences(before, after, changes).map(({ effect, sentence }) => `${effect}: ${plainText(sentence)}`);
}

const rbac = "rbac.authorization.k8s.io/v1";
const admission = "admissionregistration.k8s.io/v1";
const inSearch = { name: "tenant", namespace: "search" };
const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", namespace, name });
const bound = (role: string, subject: object, namespace?: string) =>
  planned(
    `${rbac}:${namespace === undefined ? "ClusterRoleBinding" : "RoleBinding"}`,
    { name: "b", ...(namespace === undefined ? {} : { namespace }) },
    { roleRef: { kind: "ClusterRole", name: role }, subjects: [subject] },
  );
const role = (verbs: string[], resources = ["secrets"]) =>
  planned(`${rbac}:ClusterRole`, { name: "r" }, { rules: [{ apiGroups: [""], resources, verbs }] });
const network = (egress: object[], policyTypes = ["Ingress", "Egress"]) =>
  planned("networking.k8s.io/v1:NetworkPolicy", inSearch, { spec: { podSelector: {}, policyTypes, egress } });
const toNet = {
  to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }],
  ports: [{ protocol: "TCP", port: 5432 }],
};
const namespace = (level: string, annotations = {}) =>
  planned("core/v1:Namespace", {
    name: "search",
    labels: { "pod-security.kubernetes.io/enforce": level },
    annotations,
  });
const quota = (hard: object) => planned("core/v1:ResourceQuota", inSearch, { spec: { hard } });
const policy = (expression: string) =>
  planned(`${admission}:ValidatingAdmissionPolicy`, { name: "p" }, { spec: { validations: [{ expression }] } });
const inForce = (validationActions: string[], further = {}) =>
  planned(
    `${admission}:ValidatingAdmissionPolicyBinding`,
    { name: "p" },
    { spec: { policyName: "p", validationActions, ...further } },
  );
const team = onGitHub("Team", "search-team", { name: "team-search" });
const right = (permission: string) =>
  onGitHub("TeamRepository", "grant", { teamId: "search-team-id", repository: "apps", permission });
const key = (readOnly: boolean) =>
  onGitHub("RepositoryDeployKey", "key", { repository: "apps", title: "fleet/eu", readOnly });
const ruleset = (rules: object, bypassActors: object[] = []) =>
  onGitHub("RepositoryRuleset", "rules", {
    name: "fleet",
    repository: "apps",
    enforcement: "active",
    rules,
    bypassActors,
  });
const repository = (visibility: string, options = {}) =>
  onGitHub("Repository", "repo", { name: "apps", visibility }, options);
const sync = (spec: object) =>
  planned(
    "kustomize.toolkit.fluxcd.io/v1:Kustomization",
    { name: "s", namespace: "search" },
    { spec: { prune: true, ...spec } },
  );
const withEnd = (annotation: string, lastDay: string, spec: object) =>
  planned(
    "kustomize.toolkit.fluxcd.io/v1:Kustomization",
    { name: "s", namespace: "search", annotations: { [`fleet.dev/${annotation}`]: lastDay } },
    { spec: { prune: true, ...spec } },
  );
const controller = (args: string[]) =>
  planned(
    "apps/v1:Deployment",
    { name: "kustomize-controller", namespace: "flux-system" },
    { spec: { template: { spec: { containers: [{ name: "manager", args }] } } } },
  );

/** A resource with further inputs. */
function withInputs(resource: PlannedResource, further: object): PlannedResource {
  return { ...resource, inputs: { ...resource.inputs, ...further } };
}

type Row = readonly [before: readonly PlannedResource[], after: readonly PlannedResource[], ...told: readonly string[]];

const rows: Readonly<Record<string, Row>> = {
  "a team that may push": [[team], [team, right("push")], "gained: team-search may now push to apps"],
  "a team that may administer instead of push": [
    [team, right("push")],
    [team, right("admin")],
    "gained: team-search may now administer apps",
    "lost: team-search may no longer push to apps",
  ],
  "a member": [
    [team],
    [team, onGitHub("TeamMembership", "m", { teamId: "search-team-id", username: "Ann", role: "maintainer" })],
    "gained: new in team team-search: Ann (maintainer)",
  ],
  "a deploy key that becomes writable": [
    [key(true)],
    [key(false)],
    "gained: deploy key fleet/eu may now push to and read apps",
    "lost: deploy key fleet/eu may no longer read apps",
  ],
  "a repository that becomes public": [
    [repository("private")],
    [repository("public")],
    "gained: everyone may now read apps (visibility public)",
  ],
  "protection that is weaker": [
    [ruleset({ deletion: true, pullRequest: { requiredApprovingReviewCount: 2, requireCodeOwnerReview: true } })],
    [ruleset({ deletion: true, pullRequest: { requiredApprovingReviewCount: 1, requireCodeOwnerReview: false } })],
    "lost: protection of apps added: pullRequest.requiredApprovingReviewCount (1)",
    "gained: protection removed from apps: pullRequest.requiredApprovingReviewCount (2), pullRequest.requireCodeOwnerReview",
  ],
  "a ruleset that is gone": [[ruleset({ deletion: true })], [], "gained: protection removed from apps: deletion"],
  "a ruleset of other branches": [
    [withInputs(ruleset({}), { conditions: { refName: { includes: ["~ALL"], excludes: [] } } })],
    [withInputs(ruleset({}), { conditions: { refName: { includes: ["~ALL"], excludes: ["refs/heads/main"] } } })],
    "changed: ruleset fleet of apps holds for other branches",
  ],
  "a deploy key of another pair": [
    [withInputs(key(true), { key: "ssh-ed25519 AAAA" })],
    [withInputs(key(true), { key: "ssh-ed25519 BBBB" })],
    "changed: deploy key fleet/eu of apps is another public key",
  ],
  "a role that becomes a part of another one": [
    [planned(`${rbac}:ClusterRole`, { name: "extra" })],
    [
      planned(
        `${rbac}:ClusterRole`,
        { name: "extra", labels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } },
        { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } },
      ),
    ],
    "gained: role edit now has all rights of extra",
    "gained: role extra now has all rights of roles with a=b",
  ],
  "a quota that goes without its namespace": [
    [namespace("restricted"), quota({ pods: "10" })],
    [namespace("restricted")],
    "gained: quota search/tenant raised: pods from 10 to unlimited",
  ],
  "other labels of a namespace": [
    [planned("core/v1:Namespace", { name: "search", labels: { "fleet.dev/tenant": "search" } })],
    [planned("core/v1:Namespace", { name: "search" })],
    "changed: labels of search, which decide what policies hold for it: none (was fleet.dev/tenant=search)",
  ],
  "a repository that a removal would delete": [
    [withInputs(repository("private"), { archiveOnDestroy: true })],
    [withInputs(repository("private"), { archiveOnDestroy: false })],
    "loss: repository apps is deleted, no longer archived, by a later removal or pulumi destroy",
  ],
  "an actor that bypasses rules": [
    [ruleset({})],
    [ruleset({}, [{ actorId: 5, actorType: "RepositoryRole", bypassMode: "always" }])],
    "gained: rules of apps may now be bypassed by RepositoryRole 5 (always)",
  ],
  "a controller that becomes cluster-admin": [
    [],
    [bound("cluster-admin", account("flux-system", "kustomize-controller"))],
    "gained: flux-system/kustomize-controller becomes cluster-admin",
  ],
  "a group that loses a role": [
    [bound("viewer", { kind: "Group", name: "devs" }, "search")],
    [],
    "lost: Group devs loses ClusterRole viewer in search",
  ],
  "a binding under another name": [
    [bound("viewer", { kind: "Group", name: "devs" }, "search")],
    [{ ...bound("viewer", { kind: "Group", name: "devs" }, "search"), name: "other" }],
  ],
  "verbs of a role": [
    [role(["get"])],
    [role(["get", "update", "patch"])],
    "gained: role r now allows secrets (update, patch)",
  ],
  "rules that are only divided in another way": [
    [role(["get", "list"], ["secrets", "pods"])],
    [
      planned(
        `${rbac}:ClusterRole`,
        { name: "r" },
        {
          rules: [
            { apiGroups: [""], resources: ["pods"], verbs: ["list", "get"] },
            { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] },
          ],
        },
      ),
    ],
  ],
  "a cloud identity": [
    [planned("core/v1:ServiceAccount", inSearch)],
    [
      planned("core/v1:ServiceAccount", {
        ...inSearch,
        annotations: { "eks.amazonaws.com/role-arn": "arn:x", "pulumi.com/patchForce": "true" },
      }),
    ],
    "gained: pods with the account search/tenant may now act as eks.amazonaws.com/role-arn: arn:x",
  ],
  "addresses that pods reach": [
    [network([])],
    [network([toNet])],
    "gained: search: pods may reach 10.0.0.0/8 except 10.1.0.0/16 (TCP 5432)",
  ],
  "a rule without peers and ports": [
    [network([])],
    [network([{}])],
    "gained: search: pods may reach any address (every port)",
  ],
  "a network policy that no longer isolates": [
    [network([])],
    [network([], ["Ingress"])],
    "gained: search: network policies no longer refuse any traffic (Egress)",
  ],
  "Pod Security that is lowered": [
    [namespace("restricted")],
    [namespace("baseline")],
    "gained: Pod Security of search lowered to baseline (was restricted)",
  ],
  "Pod Security that is gone": [
    [namespace("baseline")],
    [planned("core/v1:Namespace", { name: "search" })],
    "gained: Pod Security of search lowered to privileged (was baseline)",
  ],
  "Pod Security that is raised": [
    [namespace("baseline")],
    [namespace("restricted")],
    "lost: Pod Security of search raised to restricted (was baseline)",
  ],
  "hosts of a namespace": [
    [namespace("restricted", { "fleet.dev/hosts": "a.example.com" })],
    [namespace("restricted", { "fleet.dev/hosts": "b.example.com" })],
    "gained: search may now serve b.example.com",
    "lost: search may no longer serve a.example.com",
  ],
  "a quota that is lowered and raised": [
    [quota({ "count/pods": "9", pods: "5", "limits.cpu": "500m" })],
    [quota({ "count/pods": "8", pods: "6", "limits.cpu": "0.5" })],
    "gained: quota search/tenant raised: pods from 5 to 6",
    "loss: quota search/tenant lowered: count/pods from 9 to 8",
  ],
  "a limit that is new, and one that is gone": [
    [quota({ pods: "5" })],
    [quota({ "limits.memory": "1Gi" })],
    "gained: quota search/tenant raised: pods from 5 to unlimited",
    "loss: quota search/tenant lowered: limits.memory from unlimited to 1Gi",
  ],
  "an admission policy that only audits": [
    [inForce(["Deny"])],
    [inForce(["Audit", "Warn"])],
    "gained: admission policies refuse nothing any more: p",
  ],
  "an admission policy that is gone": [
    [policy("true"), inForce(["Deny"])],
    [],
    "gained: admission policies removed: p",
  ],
  "an admission policy with other rules and objects": [
    [policy("a"), inForce(["Deny"])],
    [policy("b"), inForce(["Deny"], { matchResources: { namespaceSelector: {} } })],
    "changed: admission policies with other rules: p",
    "changed: admission policies for other objects: p",
  ],
  "a sync without account": [
    [sync({ serviceAccountName: "reconciler" })],
    [sync({})],
    "gained: sync search/s names no account any more (was reconciler)",
  ],
  "arguments of a controller": [
    [controller(["--a", "--no-remote-bases=true"])],
    [controller(["--a"])],
    "changed: kustomize-controller runs without --no-remote-bases=true",
  ],
  "a namespace that is deleted, without what is in it": [
    [namespace("restricted"), sync({})],
    [],
    "loss: namespace search is deleted with everything in it, volume claims included",
  ],
  "a sync that is removed": [[sync({})], [], "loss: sync search/s is removed, and Flux deletes what it applied"],
  "a sync that is removed and never pruned": [[sync({ prune: false })], []],
  "a sync that is removed, and deletes although it never pruned": [
    [sync({ prune: false, deletionPolicy: "Delete" })],
    [],
    "loss: sync search/s is removed, and Flux deletes what it applied",
  ],
  "pruning that is off": [
    [sync({})],
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    "changed: pruning of search/s is off until 2027-01-31: what leaves Git stays on the cluster",
  ],
  "pruning that is off for longer": [
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    [withEnd("prune-off-until", "2027-02-28", { prune: false })],
    "changed: pruning of search/s is off until 2027-02-28: what leaves Git stays on the cluster",
  ],
  "a sync that is suspended": [
    [sync({})],
    [withEnd("suspended-until", "2027-01-31", { suspend: true })],
    "changed: search/s is suspended until 2027-01-31: Flux applies nothing and reverts nothing",
  ],
  "a sync that is suspended without an end": [
    [sync({ suspend: false })],
    [sync({ suspend: true })],
    "changed: search/s is suspended without an end: Flux applies nothing and reverts nothing",
  ],
  "a sync that goes on": [
    [sync({ suspend: true })],
    [sync({ suspend: false })],
    "changed: search/s is suspended no longer: Flux applies what Git has",
  ],
  "pruning that is on again": [
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    [sync({})],
    "changed: pruning of search/s is on again: what leaves Git from now on is deleted",
  ],
  "a new sync that prunes nothing": [
    [],
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    "changed: pruning of search/s is off until 2027-01-31: what leaves Git stays on the cluster",
  ],
  force: [
    [sync({})],
    [sync({ force: true })],
    "gained: search/s may now delete and create again objects whose change Kubernetes refuses",
  ],
  "force that is taken away": [
    [sync({ force: true })],
    [sync({})],
    "lost: search/s may no longer delete and create again objects whose change Kubernetes refuses",
  ],
  "a sync that is removed and leaves its objects": [[sync({ deletionPolicy: "Orphan" })], []],
  "a sync of another folder": [
    [sync({ path: "./a" })],
    [sync({ path: "./b" })],
    "loss: sync search/s has another spec.path: Flux deletes what the new place lacks",
  ],
  "a repository that is removed in the update after the next": [
    [repository("private", { retainOnDelete: true })],
    [],
    "loss: repository apps is archived: the next update removes its keys and rights, and the one after it archives",
  ],
  "a repository that is removed at once": [[repository("private")], [], "loss: repository apps is archived"],
  "a repository that loses its protection from removal": [
    [repository("private", { retainOnDelete: true })],
    [repository("private")],
    "loss: repository apps is archived by a later removal or pulumi destroy",
  ],
  "a kind of Flux that is removed": [
    [planned("apiextensions.k8s.io/v1:CustomResourceDefinition", { name: "x.fluxcd.io" })],
    [],
    "loss: kind x.fluxcd.io is deleted with every object of it on the cluster",
  ],
};

describe("the consequences of a change", () => {
  for (const [title, [before, after, ...expected]] of Object.entries(rows)) {
    it(`tell ${title}`, () => assert.deepEqual(told(planOf(before), planOf(after)).sort(), [...expected].sort()));
  }

  it("are none between equal plans", () => {
    for (const [before, after] of Object.values(rows)) {
      assert.deepEqual(told(planOf(before), planOf(before)), []);
      assert.deepEqual(told(planOf(after), planOf(after)), []);
    }
  });

  it("hide none of many rights: those that the sentence only counts are its details", () => {
    const resources = [...Array.from({ length: 20 }, (_, index) => `harmless${index}`), "secrets"];
    const [one] = consequences(planOf([]), planOf([role(["*"], resources)]), []);
    assert.match(plainText(one?.sentence ?? []), /harmless11 \(\*\) and 9 more$/);
    assert.equal(plainText(one?.details.at(-1) ?? []), "secrets (*)");
    assert.equal(one?.details.length, 9);
  });

  it("name teams that the program does not create", () => {
    const plan = (resources: PlannedResource[]) => planOf(resources, { existingTeams: { "42": "people" } });
    const grant = onGitHub("TeamRepository", "grant", { teamId: "42", repository: "apps", permission: "push" });
    assert.deepEqual(told(plan([]), plan([grant])), ["gained: people may now push to apps"]);
  });

  it("take no component of the program for a repository that more people read", () => {
    const component = onGitHub("Repository", "apps", {}, { type: "fleet:git:Repository" });
    assert.deepEqual(told(planOf([]), planOf([component])), []);
  });

  it("tell the rights of Flux's controllers from the setting, without Flux's objects", () => {
    const { flux } = planOf([]);
    const after = planOf([], { flux: { ...flux, controllerRights: "cluster-admin" } });
    assert.deepEqual(told(planOf([]), after), ["gained: controllers of Flux that apply become cluster-admin"]);
  });

  it("tell which branches and ranges reach a stack before its predecessor, of applied sources alone", () => {
    const source = (ref: object, name = "search") =>
      planned(
        "source.toolkit.fluxcd.io/v1:GitRepository",
        { name, namespace: "search" },
        { spec: { ref, url: `ssh://git@github.com/acme/${name}.git` } },
        { tenant: "team-search" },
      );
    const sync = planned(
      "kustomize.toolkit.fluxcd.io/v1:Kustomization",
      { name: "x", namespace: "search" },
      { spec: { sourceRef: { name: "search" } } },
    );
    const plan = (ref: object) =>
      planOf([source(ref), source({ branch: "main" }, "unused"), sync], { promotesFrom: "dev" });
    const pinned = plan({ branch: "main", commit: "a" });
    const moving = "gained: each push to main of acme/search reaches staging at once, before dev has run it";
    assert.deepEqual(told(pinned, plan({ branch: "main" })), [moving]);
    assert.deepEqual(told(plan({ tag: "v1" }), plan({ semver: "~1" })), [moving.replace("main", "~1")]);
    assert.deepEqual(told(plan({ branch: "main" }), pinned), [
      "lost: pushes to main of acme/search no longer reach staging before dev has run them",
    ]);
    const without = (ref: object) => planOf([source(ref), sync]);
    assert.deepEqual(told(without({ commit: "a" }), without({ branch: "main" })), []);
  });
});
