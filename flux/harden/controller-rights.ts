import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { COMPONENT_LABEL, FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { serviceAccountSubject } from "../../lib/kubernetes/role-binding.js";
import type { FluxController } from "../release/controllers.js";
import { type Manifest, objectsOf } from "../release/typed-kind.js";
import { CONTROLLER_PERMISSIONS, type OtherKind } from "./controller-permissions.js";
import {
  boundRole,
  clusterRoleBindings,
  clusterRoles,
  definedKind,
  fluxGroup,
  type PolicyRule,
  readVerbs,
  withRoles,
} from "./rbac.js";
import type { HardenContext, Step } from "./step.js";
import { grantsTokenRequests, tokenRequesters } from "./token-requests.js";

/** The release's one role for every controller, and the name of its binding. */
const RELEASED = "crd-controller";

/** Role and binding in Flux's namespace for leader election between a controller's replicas. */
export const LEADER_ELECTION = "flux-leader-election";

const writeVerbs = [...readVerbs, "create", "update", "patch", "delete"];

/**
 * The rules of the released role beside those on Flux's own kinds. No controller gets the right to write ConfigMaps: it
 * dates from leader election before leases, and Helm's storage is written as the account that a HelmRelease names.
 */
const knownRules: readonly string[] = [
  { apiGroups: [""], resources: ["namespaces", "secrets", "configmaps", "serviceaccounts"], verbs: [...readVerbs] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["configmaps"], verbs: writeVerbs },
  { apiGroups: [""], resources: ["configmaps/status"], verbs: ["get", "update", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: writeVerbs },
  { nonResourceURLs: ["/livez/ping"], verbs: ["head"] },
].map(asText);

/**
 * Gives every controller a role of its own, with the permissions that it needs.
 *
 * The release gives all of them one role with all verbs on all of Flux's kinds. With the token of
 * notification-controller, which connects to any address that a tenant names, a Kustomization could be created that is
 * applied as the platform. RBAC cannot restrict fields, so that controller's right to annotate the targets of Receivers
 * covers their spec as well; the admission policy `fleet-controllers` refuses that.
 *
 * The step knows every rule of the released role, and throws when one is new or gone, because a new version may need it.
 */
export const splitControllerRole: Step = (objects, context) => {
  checkRole(objects, context);
  const accounts = checkBinding(objects, context);
  const own = context.selected.map((name) => ({
    name: roleOf(name),
    rules: rulesOf(name, objects, context),
    subjects: [serviceAccountSubject(name, FLUX_NAMESPACE)],
  }));
  const leaderElection = {
    name: LEADER_ELECTION,
    namespace: FLUX_NAMESPACE,
    rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] }],
    subjects: accounts,
  };
  const released: readonly string[] = [`ClusterRole ${RELEASED}`, `ClusterRoleBinding ${RELEASED}`];
  return withRoles(objects, [...own, leaderElection].flatMap(boundRole), context).filter(
    ({ kind, metadata }) => !released.includes(`${kind} ${metadata.name}`),
  );
};

/** Name of a controller's role, and of its binding. */
export function roleOf(controller: FluxController): string {
  return `flux-${controller}`;
}

function rulesOf(name: FluxController, objects: Manifest, context: HardenContext): PolicyRule[] {
  const { coreKinds, reads = [], writes = [], annotates = false } = CONTROLLER_PERMISSIONS[name];
  const crds = objectsOf(objects, "CustomResourceDefinition");
  const isOwn = ({ metadata }: KubernetesObject) => metadata.labels?.[COMPONENT_LABEL] === name;
  const names = (list: Manifest) => list.map(({ metadata }) => metadata.name).sort();
  const [own, others] = [names(crds.filter(isOwn)), names(crds.filter((crd) => !isOwn(crd)))];
  const find = ({ crd, controller }: OtherKind): string[] => {
    const found = others.filter((name) => name === crd);
    if (found.length > 0 || !context.selected.includes(controller)) return found;
    throw context.unexpected(`CustomResourceDefinition ${crd}`, `is missing, which ${name} needs`);
  };
  return [
    ...own.map((crd) => ruleOn(crd, [...readVerbs, "update", "patch"], ["status", "finalizers"])),
    ...reads.flatMap(find).map((crd) => ruleOn(crd, readVerbs)),
    ...writes.flatMap(find).map((crd) => ruleOn(crd, writeVerbs)),
    ...(annotates ? others.map((crd) => ruleOn(crd, [...readVerbs, "patch"])) : []),
    { apiGroups: [""], resources: [...coreKinds], verbs: [...readVerbs] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { nonResourceURLs: ["/livez/ping"], verbs: ["head"] },
    ...(tokenRequesters(objects, context).includes(name)
      ? [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }]
      : []),
  ];
}

function ruleOn(crd: string, verbs: readonly string[], subresources: readonly string[] = []): PolicyRule {
  const { plural, group } = definedKind(crd);
  const resources = [plural, ...subresources.map((subresource) => `${plural}/${subresource}`)];
  return { apiGroups: [group], resources, verbs: [...verbs] };
}

/** Checks that the released role has exactly the rules that it had when this step was written. */
function checkRole(objects: Manifest, { unexpected }: HardenContext): void {
  const roles = clusterRoles.of(objects).filter(({ metadata }) => metadata.name === RELEASED);
  const fail = (message: string) => unexpected(`ClusterRole ${RELEASED}`, message);
  if (roles.length === 0) throw fail("is missing from the manifest");
  const others = roles
    .flatMap(({ rules }) => rules)
    .filter((rule) => !isEverythingOfFlux(rule) && !grantsTokenRequests(rule))
    .map(asText);
  const added = others.find((rule) => !knownRules.includes(rule));
  if (added !== undefined) throw fail(`has a rule that the hardening does not know: ${added}`);
  const gone = knownRules.find((rule) => !others.includes(rule));
  if (gone !== undefined) throw fail(`lacks a rule that the hardening expects: ${gone}`);
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
function checkBinding(objects: Manifest, context: HardenContext) {
  const bindings = clusterRoleBindings.of(objects).filter(({ roleRef }) => roleRef.name === RELEASED);
  const fail = (message: string) => context.unexpected(`ClusterRoleBinding ${RELEASED}`, message);
  const [binding] = bindings;
  if (bindings.length !== 1 || binding?.metadata.name !== RELEASED) {
    throw fail(`expected one binding of that role, and found ${bindings.map(objectName)}`);
  }
  const missing = context.selected.find((name) => !binding.subjects.some((subject) => subject.name === name));
  if (missing) throw fail(`expected ${missing} among the accounts that it binds`);
  return binding.subjects;
}
