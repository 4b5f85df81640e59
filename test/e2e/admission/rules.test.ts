import assert from "node:assert/strict";
import { certManager } from "../../../config/addons/known/cert-manager.js";
import { flagger } from "../../../config/addons/known/flagger.js";
import { gatewayApi } from "../../../config/addons/known/gateway-api.js";
import { fixedPolicies, sourcePolicy } from "../../../policies/admission/policies.js";
import { addonRules } from "../../../policies/rbac/addons.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { flaggerKinds, gatewayKinds } from "../../support/objects/custom-kinds.js";
import { clusterRole, reconcilerOf, roleBinding } from "../../support/objects/rbac.js";
import { kustomization } from "../../support/objects/syncs.js";
import { allAddons } from "../../support/unit/addons.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { identityCases } from "./account-cases.js";
import { apply, type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";
import { canaryCases } from "./canary-cases.js";
import type { Case, Place } from "./cases.js";
import { configurationAnnotationCases } from "./configuration-annotation-cases.js";
import { gitHubAppCases } from "./github-app-cases.js";
import { hostCases, ofHosts } from "./host-cases.js";
import { imageAutomationCases } from "./image-automation-cases.js";
import { pullCases, registries, registryCases } from "./image-cases.js";
import { allowedAnnotations, ingressReachCases } from "./ingress-reach-cases.js";
import { labelCases, listedLabels } from "./label-cases.js";
import { networkPolicyCases } from "./network-policy-cases.js";
import { listedAnnotations, listedProfiles, nodeAgentCases } from "./node-agent-cases.js";
import { listedSchedulers, listedTaints, nodeCases } from "./node-cases.js";
import { notificationCases } from "./notification-cases.js";
import { notificationSecretCases } from "./notification-secret-cases.js";
import { ownerReferenceCases } from "./owner-reference-cases.js";
import { pathCases } from "./path-cases.js";
import { remainsCases } from "./remains-cases.js";
import { reservedNameCases } from "./reserved-name-cases.js";
import { ownRole, roleBindingCases } from "./role-binding-cases.js";
import { roleCases } from "./role-cases.js";
import { sourceCases } from "./source-cases.js";
import { syncCases } from "./sync-cases.js";
import { volumeCases } from "./volume-cases.js";
import {
  accountCases,
  finalizerCases,
  hostPortCases,
  priorityCases,
  resourceCases,
  serviceCases,
} from "./workload-cases.js";

const place: Place = { namespace: "team-a", organisation: "ssh://git@git.example.org:2222/acme" };

/** The roles of the add-ons that the tenant has, and its bindings. Their own policies are in addons.test.ts. */
const mayUseAddons = [certManager, flagger, gatewayApi].flatMap((addon) => [
  clusterRole({ name: addon.role }, ...addonRules(addon)),
  roleBinding({ ...place, name: addon.name }, `ClusterRole/${addon.role}`, reconcilerOf(place)),
]);

/**
 * Every rule against a real API server, as a tenant's reconciler with its own token. There are no controllers of Flux
 * here: what comes of it for a tenant that pushes is in test/attacks.
 */
describe("Admission policies, on a bare cluster", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let tenant: DryRun;
  let admin: DryRun;

  before(async () => {
    cluster = await bareCluster();
    const { clients } = cluster;
    await prepare(cluster, place.namespace, ofHosts);
    await apply(cluster, [...flaggerKinds, ...gatewayKinds, ...mayUseAddons, ownRole(place)]);
    admin = new DryRun(clients.admin);
    tenant = new DryRun(await clients.serviceAccount(place.namespace, "reconciler"));
  });
  after(() => cluster && clear(cluster));

  const { github, admission, platform } = fleetSpec();
  const spec = fleetSpec({
    github: { ...github, host: "git.example.org" },
    platform: { ...platform, addons: allAddons().filter(({ name }) => ["cert-manager", "flagger"].includes(name)) },
    admission: {
      ...admission,
      images: { ...admission.images, registries },
      identityAnnotations: ["cloud.example.com/identity"],
      annotations: allowedAnnotations,
      tolerations: listedTaints,
      runtimeClasses: ["gvisor"],
      podAnnotations: listedAnnotations,
      labels: listedLabels,
      localhostProfiles: listedProfiles,
      schedulers: listedSchedulers,
      csiDrivers: ["secrets-store.csi.k8s.io"],
    },
    tenants: [tenantSpec("team-b", { repository: { defaultBranch: "trunk" } })],
  });
  const policies = [...fixedPolicies(spec), sourcePolicy(spec, "git.example.org:2222")];
  const groups: Readonly<Record<string, readonly Case[]>> = {
    "fleet-flux-sync": syncCases(place),
    "fleet-flux-source": sourceCases(place),
    "fleet-host-ports": hostPortCases(place),
    "fleet-exposed-services": serviceCases(place),
    "fleet-hosts": hostCases(place),
    "fleet-ingress-reach": ingressReachCases(place),
    "fleet-paths": pathCases(place),
    "fleet-workload-resources": resourceCases(place),
    "fleet-images": [...pullCases(place), ...registryCases(place)],
    "fleet-platform-accounts": accountCases(place),
    "fleet-priorities": priorityCases(place),
    "fleet-github-apps": gitHubAppCases(place),
    "fleet-finalizers": finalizerCases(place),
    "fleet-labels": labelCases(place),
    "fleet-owner-references": ownerReferenceCases(place),
    "fleet-remains": remainsCases(place),
    "fleet-nodes": nodeCases(place),
    "fleet-node-agents": nodeAgentCases(place),
    "fleet-volumes": volumeCases(place),
    "fleet-roles": roleCases(place),
    "fleet-role-bindings": roleBindingCases(place),
    "fleet-network-policies": networkPolicyCases(place),
    "fleet-notifications": notificationCases(place),
    "fleet-notification-secrets": notificationSecretCases(place),
    "fleet-configuration-annotations": configurationAnnotationCases(place),
    "fleet-image-automation": imageAutomationCases(place),
    "fleet-identities": identityCases(place),
    "fleet-reserved-names": reservedNameCases(place),
    "fleet-canaries": canaryCases(place),
  };

  it("are not what refuses anything before they are there", async () => {
    for (const { title, object } of Object.values(groups).flat()) {
      assert.equal(await tenant.create(object), undefined, title);
    }
  });

  describe("in force", () => {
    before(async () => {
      await enforce(cluster, objectsOf(policies));
      for (const [name, cases] of Object.entries(groups)) {
        const attack = cases.find(({ refused }) => refused !== undefined);
        assert.ok(attack);
        await waitFor(async () => (await tenant.create(attack.object)) !== undefined, {
          describe: () => `${name} does not refuse ${attack.title}`,
        });
      }
    });

    it("fleet-flux-sync lets what the platform makes of tenants' files wait for half an hour, and no longer", async () => {
      const waiting = (timeout: string) => kustomization(place, { interval: "1h", wait: true, timeout });
      const long = /fleet-flux-sync/;
      assert.match((await tenant.create(waiting("30m"))) ?? "", long);
      assert.equal(await admin.create(waiting("30m")), undefined);
      assert.match((await admin.create(waiting("31m"))) ?? "", long);
    });

    for (const [name, cases] of Object.entries(groups)) {
      for (const { title, object, refused } of cases) {
        it(`${name} ${refused ? "refuses" : "allows"} ${title}`, async () => {
          const said = await tenant.create(object);
          if (refused === undefined) return assert.equal(said, undefined);
          assert.match(said ?? "", refused);
          assert.ok(said?.includes(`ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request`), said);
        });
      }
    }
  });
});
