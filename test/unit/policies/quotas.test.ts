import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { SIZE_NAMES, SIZES } from "../../../config/tenant/limits/sizes.js";
import { quantityAmount } from "../../../lib/kubernetes/quantity.js";
import { fluxQuotaHard, limitRanges, QUOTA_RESERVE, quotaHard } from "../../../policies/quotas.js";
import { tenantRules } from "../../../policies/rbac/reconciler.js";

const nothingMore = { serviceExposure: [], extendedResources: {} } as const;

/** Resources of containers, and the limits that they come from. */
const ofContainers = { cpu: "cpu", memory: "memory", "ephemeral-storage": "ephemeralStorage" } as const;

/** Kinds that controllers create in a tenant's namespace, and their bound in place of the quota. */
const boundedOtherwise: ReadonlySet<string> = new Set([
  // The API server forgets them after an hour, and each component sends few about one object.
  "events",
  // One for each Service, and as many of the other as its pods fill.
  "endpoints",
  "endpointslices.discovery.k8s.io",
  // No objects.
  "pods/log",
  // The platform makes them, of what a tenant's file says.
  "imagerepositories.image.toolkit.fluxcd.io",
  "imagepolicies.image.toolkit.fluxcd.io",
  "imageupdateautomations.image.toolkit.fluxcd.io",
]);

describe("a tenant's quota", () => {
  const limits = { size: "small", ...SIZES.small } as const;
  const hard = quotaHard(limits, nothingMore);
  const flux = fluxQuotaHard(limits);

  it("forgets no kind that the tenant may create, or it could flood the cluster with that one", () => {
    const counted = new Set([...Object.keys(hard), ...Object.keys(flux)]);
    for (const { apiGroups, resources, verbs } of tenantRules) {
      if (!verbs.includes("create")) continue;
      for (const resource of resources) {
        const name = apiGroups[0] === "" ? resource : `${resource}.${apiGroups[0]}`;
        assert.ok(counted.has(`count/${name}`), name);
      }
    }
  });

  it("forgets no kind that others make of what the tenant creates, or a loop of changes would flood the cluster", () => {
    const read = tenantRules.filter(({ verbs }) => !verbs.includes("create"));
    const names = read.flatMap(({ apiGroups: [group = ""], resources }) =>
      resources.map((resource) => (group === "" ? resource : `${resource}.${group}`)),
    );
    assert.ok(names.includes("replicasets.apps"));
    assert.deepEqual(
      names.filter((name) => !boundedOtherwise.has(name) && hard[`count/${name}`] === undefined),
      [],
    );
  });

  it("leaves room for the history that every workload keeps by itself, while all of them are rolled out", () => {
    for (const size of SIZE_NAMES) {
      const all = quotaHard({ size, ...SIZES[size] }, nothingMore);
      const count = (kind: string) => Number(all[`count/${kind}`]);
      assert.ok(count("replicasets.apps") >= count("deployments.apps") * 12, size);
      const withRevisions = count("statefulsets.apps") + count("daemonsets.apps");
      assert.ok(count("controllerrevisions.apps") >= withRevisions * 12, size);
    }
  });

  it("has room beyond the tenant's limit for the kinds that the platform creates, and for no other", () => {
    assert.equal(hard["count/secrets"], String(SIZES.small.secrets + QUOTA_RESERVE));
    assert.equal(flux["count/kustomizations.kustomize.toolkit.fluxcd.io"], String(20 + QUOTA_RESERVE));
    assert.equal(hard["count/configmaps"], String(SIZES.small.configMaps));
    assert.equal(flux["count/helmreleases.helm.toolkit.fluxcd.io"], "20");
  });

  it("caps limits as well as requests, or a pod that requests little could take the whole node", () => {
    for (const [resource, field] of Object.entries(ofContainers)) {
      assert.equal(hard[`requests.${resource}`], limits[field]);
      assert.equal(hard[`limits.${resource}`], limits[field]);
    }
  });

  describe("of Services that are reached from outside", () => {
    const ports = (serviceExposure: FleetSpec["admission"]["serviceExposure"]) => {
      const all = quotaHard(limits, { ...nothingMore, serviceExposure });
      return [all["services.nodeports"], all["services.loadbalancers"]];
    };

    it("opens no port of the nodes and orders no load balancer", () => {
      assert.deepEqual(ports([]), ["0", "0"]);
      assert.deepEqual(ports(["externalIPs", "ExternalName"]), ["0", "0"]);
    });

    it("bounds by the Services what a stack allows, or the policy would allow what the quota refuses", () => {
      assert.deepEqual(ports(["NodePort"]), ["25", "0"]);
      assert.deepEqual(ports(["NodePort", "LoadBalancer"]), ["25", "25"]);
    });

    it("opens ports for load balancers, each of which takes some", () => {
      assert.deepEqual(ports(["LoadBalancer"]), ["25", "25"]);
    });
  });

  it("bounds whatever else of a node a stack lets containers ask for", () => {
    const extendedResources = { "nvidia.com/gpu": "2", "hugepages-2Mi": "512Mi" };
    const all = quotaHard(limits, { ...nothingMore, extendedResources });
    assert.equal(all["requests.nvidia.com/gpu"], "2");
    assert.equal(all["requests.hugepages-2Mi"], "512Mi");
  });

  it("counts finished pods too, which are objects in etcd", () => {
    assert.equal(hard.pods, "50");
    assert.equal(hard["count/pods"], "200");
  });

  it("keeps Flux's kinds apart, which cannot be counted yet when the tenant's own sync is made", () => {
    assert.deepEqual(
      Object.keys(hard).filter((name) => name.includes("fluxcd")),
      [],
    );
    assert.equal(flux["count/buckets.source.toolkit.fluxcd.io"], "20");
    assert.deepEqual(
      Object.keys(flux).filter((name) => !name.endsWith(".toolkit.fluxcd.io")),
      [],
    );
  });
});

describe("a tenant's limit range", () => {
  for (const size of SIZE_NAMES) {
    it(`of ${size} lets no container be larger than the quota, and its defaults be valid`, () => {
      const [container, claim] = limitRanges({ size, ...SIZES[size] });
      const hard = quotaHard({ size, ...SIZES[size] }, nothingMore);
      const max: Readonly<Record<string, string>> = { ...container?.max };
      for (const resource of ["cpu", "memory", "ephemeral-storage"] as const) {
        assert.equal(max[resource], hard[`limits.${resource}`]);
        const [request, limit, most] = [
          container?.defaultRequest?.[resource],
          container?.default?.[resource],
          max[resource],
        ];
        assert.ok(quantityAmount(request ?? "") <= quantityAmount(limit ?? ""));
        assert.ok(quantityAmount(limit ?? "") <= quantityAmount(most ?? ""));
      }
      assert.deepEqual(claim, { type: "PersistentVolumeClaim", max: { storage: SIZES[size].storage } });
    });
  }
});
