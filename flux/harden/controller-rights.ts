import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { COMPONENT_LABEL, FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { RBAC_GROUP, roleBinding, serviceAccountSubject } from "../../lib/kubernetes/role-binding.js";
import type { FluxController } from "../release/controllers.js";
import { CONTROLLER_PERMISSIONS, type OtherKind } from "./controller-permissions.js";
import { clusterRoleBindings, mapClusterRoles, type PolicyRule, type Subject } from "./rbac.js";
import { fluxGroup } from "./selected-rights.js";
import { type HardenContext, unexpectedManifest } from "./step.js";
import { grantsTokenRequests, mayRequestTokens } from "./token-requests.js";

const step = "controller-rights";

/** The release's one role for every controller, and the name of its binding. */
const RELEASED = "crd-controller";

/** Role and binding in Flux's namespace for leader election between a controller's replicas. */
export const LEADER_ELECTION = "flux-leader-election";

const apiVersion = `${RBAC_GROUP}/v1`;
const readVerbs = ["get", "list", "watch"];
const writeVerbs = [...readVerbs, "create", "update", "patch", "delete"];

/**
 * The rules of the released role beside those on Flux's own kinds. The hardening grants each to the controllers that need
 * it, or to none. Writing ConfigMaps dates from leader election before leases; Helm's storage is written as the account
 * that a HelmRelease names.
 */
const knownRules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["namespaces", "secrets", "configmaps", "serviceaccounts"], verbs: readVerbs },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["configmaps"], verbs: writeVerbs },
  { apiGroups: [""], resources: ["configmaps/status"], verbs: ["get", "update", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: writeVerbs },
  { nonResourceURLs: ["/livez/ping"], verbs: ["head"] },
];

/**
 * Gives every controller a role of its own, with the permissions that it needs.
 *
 * The release gives all of them one role with all verbs on all of Flux's kinds. The token of notification-controller,
 * which connects to any address that a tenant names, could create a Kustomization in Flux's namespace that is applied as
 * the platform. With its own role a controller reads its own kinds, writes their status, finalizers and annotations, and
 * creates none; of other controllers' kinds it reads those that it follows. Two controllers write another's kinds:
 * helm-controller creates HelmCharts, and notification-controller annotates the targets of Receivers. RBAC cannot
 * restrict fields, so the latter can patch a spec as well; the admission policy `fleet-controllers` refuses that.
 *
 * The step knows every rule of the released role, and throws when one is new or gone, because a new version may need it.
 * `controllerRights: cluster-admin` changes nothing here: it concerns the additional rights of two controllers.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function splitControllerRole(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  checkRole(objects, context);
  const subjects = checkBinding(objects, context);
  const created = [
    ...context.selected.flatMap((name) => controllerRole(name, objects, context)),
    ...leaderElection(subjects),
  ];
  checkNames(objects, created, context);
  const released = new Set([`ClusterRole ${RELEASED}`, `ClusterRoleBinding ${RELEASED}`]);
  return [...objects.filter(({ kind, metadata }) => !released.has(`${kind} ${metadata.name}`)), ...created];
}

/** Name of a controller's role, and of its binding. */
export function roleOf(controller: FluxController): string {
  return `flux-${controller}`;
}

function controllerRole(name: FluxController, objects: readonly KubernetesObject[], context: HardenContext) {
  const metadata = { name: roleOf(name) };
  const subjects = [serviceAccountSubject(name, FLUX_NAMESPACE)];
  return [
    { apiVersion, kind: "ClusterRole", metadata, rules: rulesOf(name, objects, context) },
    { apiVersion, kind: "ClusterRoleBinding", ...roleBinding({ metadata, role: metadata.name, subjects }) },
  ];
}

function leaderElection(subjects: readonly Subject[]): KubernetesObject[] {
  const metadata = { name: LEADER_ELECTION, namespace: FLUX_NAMESPACE };
  const rules = [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] }];
  return [
    { apiVersion, kind: "Role", metadata, rules },
    {
      apiVersion,
      kind: "RoleBinding",
      ...roleBinding({ metadata, role: metadata.name, roleKind: "Role", subjects }),
    },
  ];
}

/** Refuses a manifest that uses the name of a role or binding that this step creates. */
function checkNames(
  objects: readonly KubernetesObject[],
  created: readonly KubernetesObject[],
  context: HardenContext,
): void {
  const kinds = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
  const names = new Set(created.map(({ metadata }) => metadata.name));
  const taken = objects.find(({ kind, metadata }) => kinds.includes(kind) && names.has(metadata.name));
  if (taken) {
    throw unexpectedManifest(context, step, objectName(taken), "has a name that the hardening gives to its own");
  }
}

function rulesOf(name: FluxController, objects: readonly KubernetesObject[], context: HardenContext): PolicyRule[] {
  const { coreKinds, reads, writes, annotates } = CONTROLLER_PERMISSIONS[name];
  const { own, others } = kindsOf(name, objects);
  const find = ({ kind, controller }: OtherKind): Kind[] => {
    const found = others.filter(({ plural, group }) => `${plural}.${group}` === kind);
    if (found.length === 0 && context.selected.includes(controller)) {
      const where = `CustomResourceDefinition ${kind}`;
      throw unexpectedManifest(context, step, where, `is missing, which ${name} needs`);
    }
    return found;
  };
  return [
    ...own.map(ownKindRule),
    ...reads.flatMap(find).map((kind) => ruleOn(kind, readVerbs)),
    ...writes.flatMap(find).map((kind) => ruleOn(kind, writeVerbs)),
    ...(annotates ? others.map((kind) => ruleOn(kind, [...readVerbs, "patch"])) : []),
    { apiGroups: [""], resources: [...coreKinds], verbs: readVerbs },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { nonResourceURLs: ["/livez/ping"], verbs: ["head"] },
    ...(mayRequestTokens(name, objects, context)
      ? [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }]
      : []),
  ];
}

interface Kind {
  readonly plural: string;
  readonly group: string;
}

/** The kinds of the manifest's CRDs by name: those of one controller, and those of all others. */
function kindsOf(controller: FluxController, objects: readonly KubernetesObject[]): { own: Kind[]; others: Kind[] } {
  const crds = objects
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const isOwn = ({ metadata }: KubernetesObject) => metadata.labels?.[COMPONENT_LABEL] === controller;
  return { own: crds.filter(isOwn).map(asKind), others: crds.filter((crd) => !isOwn(crd)).map(asKind) };
}

/** A CRD is named PLURAL.GROUP. */
function asKind({ metadata: { name } }: KubernetesObject): Kind {
  const end = name.indexOf(".");
  return { plural: name.slice(0, end), group: name.slice(end + 1) };
}

function ownKindRule({ group, plural }: Kind): PolicyRule {
  return {
    apiGroups: [group],
    resources: [plural, `${plural}/status`, `${plural}/finalizers`],
    verbs: [...readVerbs, "update", "patch"],
  };
}

function ruleOn({ group, plural }: Kind, verbs: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources: [plural], verbs: [...verbs] };
}

/** Checks that the released role has exactly the rules that it had when this step was written. */
function checkRole(objects: readonly KubernetesObject[], context: HardenContext): void {
  let found: readonly PolicyRule[] | undefined;
  mapClusterRoles(objects, (role) => {
    if (role.metadata.name === RELEASED) found = role.rules;
    return role;
  });
  const fail = (message: string) => unexpectedManifest(context, step, `ClusterRole ${RELEASED}`, message);
  if (!found) throw fail("is missing from the manifest");
  const others = found.filter((rule) => !isEverythingOfFlux(rule) && !grantsTokenRequests(rule)).map(asText);
  const known = knownRules.map(asText);
  const added = others.find((rule) => !known.includes(rule));
  if (added) throw fail(`has a rule that the hardening does not know: ${added}`);
  const gone = known.find((rule) => !others.includes(rule));
  if (gone) throw fail(`lacks a rule that the hardening expects: ${gone}`);
}

function isEverythingOfFlux({ apiGroups = [], resources = [], verbs }: PolicyRule): boolean {
  return apiGroups.every((group) => fluxGroup.test(group)) && [resources, verbs].every((list) => list.join() === "*");
}

function asText({ apiGroups = [], resources = [], nonResourceURLs = [], verbs }: PolicyRule): string {
  const parts = [apiGroups.map((group) => group || "core"), resources, nonResourceURLs, verbs];
  return parts
    .filter(({ length }) => length > 0)
    .map((list) => [...list].sort().join())
    .join(" ");
}

/** Checks the binding of the released role. @returns the accounts of all controllers */
function checkBinding(objects: readonly KubernetesObject[], context: HardenContext): readonly Subject[] {
  const bindings = clusterRoleBindings(objects).filter(({ roleRef }) => roleRef.name === RELEASED);
  const fail = (message: string) => unexpectedManifest(context, step, `ClusterRoleBinding ${RELEASED}`, message);
  const [binding] = bindings;
  if (bindings.length !== 1 || binding?.metadata.name !== RELEASED) {
    throw fail(`expected one binding of that role, and found ${bindings.map(objectName)}`);
  }
  const names = binding.subjects.map(({ name }) => name);
  const missing = context.selected.find((name) => !names.includes(name));
  if (missing) throw fail(`expected ${missing} among the accounts that it binds`);
  return binding.subjects;
}
