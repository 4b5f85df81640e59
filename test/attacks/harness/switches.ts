import { reference } from "../../support/objects/object.js";
import { account, clusterRoleBinding, reconcilerOf, roleBinding } from "../../support/objects/rbac.js";
import type { SwitchedAttack } from "../attack.js";
import type { SwitchableControl } from "../controls.js";
import { type ApiRequest, change, create, remove } from "../request.js";
import { messageOf } from "./caller.js";
import { answering, foreignCharts, foreignManifest } from "./elsewhere.js";
import { rollOut, type StartChange } from "./roll-out.js";
import type { TestFleet } from "./test-fleet.js";

/** Takes a control away, for good. @param attack which of those that it stops is about to be tried */
type Switch = (fleet: TestFleet, attack: SwitchedAttack) => Promise<void>;

/** Controls that are taken away for each attack anew, and not once for all. */
export const PER_ATTACK: ReadonlySet<SwitchableControl> = new Set(["key-of-one-repository"]);

/** A quota of nothing. */
const noLimits = { spec: { hard: null } };

/** How each control is taken away. */
export const SWITCHES: Readonly<Record<SwitchableControl, Switch>> = {
  "fleet-quota-reserve": withoutBinding("fleet-quota-reserve"),
  "pods-have-no-rights": tenantRoleFor("default", "rights-of-pods"),
  "robot-role": tenantRoleFor("ci-robot", "rights-of-robots"),
  "fleet-robots": withoutBinding("fleet-robots"),
  "fleet-pod-security": withoutBinding("fleet-pod-security"),
  "pod-security": asAdmin(({ namespace }) =>
    change(reference("Namespace", { name: namespace }), {
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    }),
  ),
  "fleet-host-ports": withoutBinding("fleet-host-ports"),
  "fleet-exposed-services": withoutBinding("fleet-exposed-services"),
  "fleet-hosts": withoutBinding("fleet-hosts"),
  "fleet-ingress-reach": withoutBinding("fleet-ingress-reach"),
  "fleet-paths": withoutBinding("fleet-paths"),
  "fleet-identities": withoutBinding("fleet-identities"),
  "fleet-configuration-annotations": withoutBinding("fleet-configuration-annotations"),
  "fleet-workload-resources": withoutBinding("fleet-workload-resources"),
  "fleet-images": withoutBinding("fleet-images"),
  "fleet-platform-accounts": withoutBinding("fleet-platform-accounts"),
  "fleet-priorities": withoutBinding("fleet-priorities"),
  "fleet-finalizers": withoutBinding("fleet-finalizers"),
  "fleet-owner-references": withoutBinding("fleet-owner-references"),
  "fleet-remains": withoutBinding("fleet-remains"),
  "fleet-nodes": withoutBinding("fleet-nodes"),
  "fleet-node-agents": withoutBinding("fleet-node-agents"),
  "fleet-volumes": withoutBinding("fleet-volumes"),
  "fleet-labels": withoutBinding("fleet-labels"),
  "fleet-canaries": withoutBinding("fleet-canaries"),
  "fleet-addon-cert-manager": withoutBinding("fleet-addon-cert-manager"),
  "fleet-addon-external-secrets": withoutBinding("fleet-addon-external-secrets"),
  "fleet-addon-prometheus-operator": withoutBinding("fleet-addon-prometheus-operator"),
  "fleet-addon-keda": withoutBinding("fleet-addon-keda"),
  "fleet-reserved-names": withoutBinding("fleet-reserved-names"),
  "limit-range": asAdmin(({ namespace }) =>
    change(reference("LimitRange", { name: "tenant", namespace }), { spec: { limits: [] } }),
  ),
  quota: asAdmin(({ namespace }) => change(reference("ResourceQuota", { name: "tenant", namespace }), noLimits)),
  "flux-quota": asAdmin(({ namespace }) =>
    change(reference("ResourceQuota", { name: "tenant-flux", namespace }), noLimits),
  ),
  "tenant-role": asAdmin((place) =>
    create(roleBinding({ ...place, name: "far-too-much" }, "ClusterRole/cluster-admin", reconcilerOf(place))),
  ),
  "controller-rights": asAdmin(() =>
    create(clusterRoleBinding({ name: "every-right-of-flux" }, "flux-edit", ofFlux("notification-controller"))),
  ),
  "fleet-controllers": withoutBinding("fleet-controllers"),
  "fleet-owned-objects": withoutBinding("fleet-owned-objects"),
  "fleet-owned-namespaces": withoutBinding("fleet-owned-namespaces"),
  "fleet-roles": withoutBinding("fleet-roles"),
  "fleet-role-bindings": withoutBinding("fleet-role-bindings"),
  "fleet-network-policies": withoutBinding("fleet-network-policies"),
  "fleet-image-automation": withoutBinding("fleet-image-automation"),
  "fleet-notifications": withoutBinding("fleet-notifications"),
  "fleet-notification-secrets": withoutBinding("fleet-notification-secrets"),
  "fleet-github-apps": withoutBinding("fleet-github-apps"),
  "fleet-flux-source": withoutBinding("fleet-flux-source"),
  "fleet-flux-sync": withoutBinding("fleet-flux-sync"),
  "kustomize-cross-namespace": started("kustomize-controller", { withoutFlag: "--no-cross-namespace-refs" }),
  "kustomize-default-account": started("kustomize-controller", { withoutFlag: "--default-service-account" }),
  "git-protocols": started("kustomize-controller", { variables: { GIT_ALLOW_PROTOCOL: null } }),
  "remote-bases": started("kustomize-controller", { withoutFlag: "--no-remote-bases" }),
  "remote-files": answered("kustomize-controller", async () => () => foreignManifest),
  "plain-http": answered("source-controller", foreignCharts),
  "exec-plugins": started("kustomize-controller", { argument: "--insecure-kubeconfig-exec=true" }),
  "helm-cross-namespace": started("helm-controller", { withoutFlag: "--no-cross-namespace-refs" }),
  "helm-default-account": started("helm-controller", { withoutFlag: "--default-service-account" }),
  "notification-cross-namespace": started("notification-controller", { withoutFlag: "--no-cross-namespace-refs" }),
  "chart-size": started("source-controller", { argument: "--helm-chart-file-max-size=104857600" }),
  "controllers-without-rights": asAdmin(() => {
    const controllers = [ofFlux("kustomize-controller"), ofFlux("helm-controller")];
    return create(clusterRoleBinding({ name: "as-released" }, "cluster-admin", ...controllers));
  }),
  "own-namespace": asAdmin((place) =>
    create(clusterRoleBinding({ name: "everywhere" }, "cluster-admin", reconcilerOf(place))),
  ),
  "read-only-key": async ({ keys, place }) => {
    await keys.unregister("own", place.tenant);
    await keys.register("own", place.tenant, false);
  },
  "branch-ruleset": ({ keys, place }) => keys.removeRulesets(place.tenant),
  "platform-ruleset": ({ keys }) => keys.removeRulesets(keys.repository("platform")),
  "key-of-one-repository": async ({ keys, place }, attack) => {
    const attempt = attack.attempt(place);
    if (attempt.kind !== "git") throw new Error(`${attack.id} uses no key.`);
    const { key = "own", use } = attempt;
    for (const repository of ["tenant", "neighbour", "platform"] as const) {
      await keys.unregister(key, keys.repository(repository));
    }
    await keys.register(key, keys.repository(attempt.repository), use === "clone");
  },
  "key-registration": ({ keys, place }) => keys.register("removed", place.tenant),
};

function asAdmin(request: (place: TestFleet["place"]) => ApiRequest) {
  return async ({ admin, place }: TestFleet): Promise<void> => {
    const answer = await admin.send(request(place));
    if (!answer.ok) throw new Error(messageOf(answer));
  };
}

function withoutBinding(policy: string) {
  return asAdmin(() => remove(reference("ValidatingAdmissionPolicyBinding", { name: policy })));
}

function started(controller: string, change: StartChange) {
  return ({ environment }: TestFleet): Promise<void> => rollOut(environment, controller, change);
}

/** Starts a controller with a proxy that answers for every host. */
function answered(controller: string, answers: () => Promise<(path: string) => string | Buffer>) {
  return async (fleet: TestFleet): Promise<void> => {
    const proxy = await answering(await answers());
    await started(controller, { variables: { HTTP_PROXY: proxy } })(fleet);
  };
}

/** Binds the tenant's role to another account of its namespace. */
function tenantRoleFor(name: string, binding: string) {
  return asAdmin(({ namespace }) =>
    create(roleBinding({ name: binding, namespace }, "ClusterRole/fleet-tenant-reconciler", account(name, namespace))),
  );
}

/** A controller of Flux, as the subject of a binding. */
function ofFlux(controller: string) {
  return account(controller, "flux-system");
}
