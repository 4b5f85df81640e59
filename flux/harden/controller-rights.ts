import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { COMPONENT_LABEL, FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import type { FluxController } from "../release/controllers.js";
import { CONTROLLER_PERMISSIONS, type OtherKind } from "./controller-permissions.js";
import { clusterRoleBindings, mapClusterRoles, type PolicyRule } from "./rbac.js";
import { fluxGroup } from "./selected-rights.js";
import { type HardenContext, unexpectedManifest } from "./step.js";
import { grantsTokenRequests, mayRequestTokens } from "./token-requests.js";

const step = "controller-rights";

/** The release's one role for every controller, and the name of its binding. */
const RELEASED = "crd-controller";

/** Role and binding in Flux's namespace with which controllers agree on who of several replicas works. */
export const LEADER_ELECTION = "flux-leader-election";

const rbac = "rbac.authorization.k8s.io";
const reading = ["get", "list", "watch"];
const writing = [...reading, "create", "update", "patch", "delete"];

/**
 * What the release grants beside Flux's own kinds: each of these rights is given to those who need it, or to nobody.
 * Writing ConfigMaps is from the days when they stood for leases; Helm's storage is written as the account that a
 * HelmRelease names.
 */
const knownRules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["namespaces", "secrets", "configmaps", "serviceaccounts"], verbs: reading },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["configmaps"], verbs: writing },
  { apiGroups: [""], resources: ["configmaps/status"], verbs: ["get", "update", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: writing },
  { nonResourceURLs: ["/livez/ping"], verbs: ["head"] },
];

/**
 * Every controller has the rights that it needs, and none of another's.
 *
 * The release gives all of them one role, with everything on all of Flux's kinds: who has the token of
 * notification-controller, which speaks to whatever address tenants name, makes a Kustomization in Flux's namespace that
 * is applied as the platform. Here each has a role of its own. It looks at its own kinds and writes their status, their
 * finalizers and annotations, and makes none; of other controllers' kinds it reads those that it follows. Two write
 * another's: helm-controller makes HelmCharts, and notification-controller annotates what Receivers ask to look. RBAC
 * knows no fields, so the latter can patch a spec as well; the admission policy `fleet-controllers` refuses that.
 *
 * The step knows every rule of the released role, and throws when one is new or gone: a new version may need it.
 * `controllerRights: cluster-admin` changes nothing here: it is about what two of the controllers have beside this.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function splitControllerRole(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  checkRole(objects, context);
  const subjects = checkBinding(objects, context);
  const released = new Set([`ClusterRole ${RELEASED}`, `ClusterRoleBinding ${RELEASED}`]);
  const made = [
    ...context.selected.flatMap((name) => ownRole(name, objects, context)),
    {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata: { name: LEADER_ELECTION, namespace: FLUX_NAMESPACE },
      rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: LEADER_ELECTION, namespace: FLUX_NAMESPACE },
      roleRef: { apiGroup: rbac, kind: "Role", name: LEADER_ELECTION },
      subjects,
    },
  ];
  const taken = objects.find((one) => made.some(({ metadata }) => metadata.name === one.metadata.name && isRight(one)));
  if (taken)
    throw unexpectedManifest(context, step, objectName(taken), "has a name that the hardening gives to its own");
  return [...objects.filter(({ kind, metadata }) => !released.has(`${kind} ${metadata.name}`)), ...made];
}

/** Name of a controller's role, and of its binding. */
export function roleOf(controller: FluxController): string {
  return `flux-${controller}`;
}

function ownRole(name: FluxController, objects: readonly KubernetesObject[], context: HardenContext) {
  const metadata = { name: roleOf(name) };
  return [
    { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata, rules: rulesOf(name, objects, context) },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: roleOf(name) },
      subjects: [{ kind: "ServiceAccount", name, namespace: FLUX_NAMESPACE }],
    },
  ];
}

function rulesOf(name: FluxController, objects: readonly KubernetesObject[], context: HardenContext): PolicyRule[] {
  const { coreKinds: core, reads, writes: makes, annotates } = CONTROLLER_PERMISSIONS[name];
  const crds = objects
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const [own, others] = [true, false].map((mine) =>
    crds.filter(({ metadata }) => (metadata.labels?.[COMPONENT_LABEL] === name) === mine).map(asKind),
  ) as [Kind[], Kind[]];
  const find = ({ kind, controller }: OtherKind): Kind[] => {
    const found = others.filter(({ plural, group }) => `${plural}.${group}` === kind);
    if (found.length === 0 && context.selected.includes(controller)) {
      throw unexpectedManifest(context, step, `CustomResourceDefinition ${kind}`, `is missing, which ${name} needs`);
    }
    return found;
  };
  return [
    ...own.map(({ group, plural }) => ({
      apiGroups: [group],
      resources: [plural, `${plural}/status`, `${plural}/finalizers`],
      verbs: [...reading, "update", "patch"],
    })),
    ...reads.flatMap(find).map((kind) => ruleOn(kind, reading)),
    ...makes.flatMap(find).map((kind) => ruleOn(kind, writing)),
    ...(annotates ? others.map((kind) => ruleOn(kind, [...reading, "patch"])) : []),
    { apiGroups: [""], resources: [...core], verbs: reading },
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

/** A CRD is named PLURAL.GROUP. */
function asKind({ metadata: { name } }: KubernetesObject): Kind {
  const end = name.indexOf(".");
  return { plural: name.slice(0, end), group: name.slice(end + 1) };
}

function ruleOn({ group, plural }: Kind, verbs: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources: [plural], verbs: [...verbs] };
}

function isRight({ kind }: KubernetesObject): boolean {
  return ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"].includes(kind);
}

/** Whether the release grants what it did when this step was written, no more and no less. */
function checkRole(objects: readonly KubernetesObject[], context: HardenContext): void {
  let found: readonly PolicyRule[] | undefined;
  mapClusterRoles(objects, (role) => {
    if (role.metadata.name === RELEASED) found = role.rules;
    return role;
  });
  const where = `ClusterRole ${RELEASED}`;
  if (!found) throw unexpectedManifest(context, step, where, "is missing from the manifest");
  const others = found.filter((rule) => !isEverythingOfFlux(rule) && !grantsTokenRequests(rule)).map(asText);
  const known = knownRules.map(asText);
  const added = others.find((rule) => !known.includes(rule));
  if (added) throw unexpectedManifest(context, step, where, `grants what nobody here gives to a controller: ${added}`);
  const gone = known.find((rule) => !others.includes(rule));
  if (gone) throw unexpectedManifest(context, step, where, `expected a rule that it lacks: ${gone}`);
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

/** @returns the accounts of all controllers */
function checkBinding(objects: readonly KubernetesObject[], context: HardenContext) {
  const found = clusterRoleBindings(objects).filter(({ roleRef }) => roleRef.name === RELEASED);
  const where = `ClusterRoleBinding ${RELEASED}`;
  if (found.length !== 1 || found[0]?.metadata.name !== RELEASED) {
    throw unexpectedManifest(
      context,
      step,
      where,
      `expected one binding of that role, and found ${found.map(objectName)}`,
    );
  }
  const names = found[0].subjects.map(({ name }) => name);
  const missing = context.selected.find((name) => !names.includes(name));
  if (missing) throw unexpectedManifest(context, step, where, `expected ${missing} among the accounts that it binds`);
  return found[0].subjects;
}
