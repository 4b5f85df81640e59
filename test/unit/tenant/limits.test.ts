import assert from "node:assert/strict";
import { tenantRules } from "../../../components/tenant/identity.js";
import { fluxQuotaHard, limitRanges, quotaHard } from "../../../components/tenant/limits.js";
import { quantityAmount } from "../../../stacks/quantity.js";
import { SIZE_NAMES, SIZES } from "../../../stacks/sizes.js";

describe("a tenant's quota", () => {
  const limits = { size: "small", ...SIZES.small } as const;
  const hard = quotaHard(limits);
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

  it("caps limits as well as requests, or a pod that requests little could take the whole node", () => {
    for (const resource of ["cpu", "memory"] as const) {
      assert.equal(hard[`requests.${resource}`], limits[resource]);
      assert.equal(hard[`limits.${resource}`], limits[resource]);
    }
  });

  it("opens no port of the nodes and orders no load balancer", () => {
    assert.equal(hard["services.nodeports"], "0");
    assert.equal(hard["services.loadbalancers"], "0");
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
    assert.equal(flux["count/kustomizations.kustomize.toolkit.fluxcd.io"], "20");
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
      const hard = quotaHard({ size, ...SIZES[size] });
      const max: Readonly<Record<string, string>> = { ...container?.max };
      for (const resource of ["cpu", "memory"] as const) {
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
