import assert from "node:assert/strict";
import { accountsIn } from "../../../../components/tenant/namespace/declared-objects.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const annotations = { "iam.gke.io/gcp-service-account": "web@example.iam.gserviceaccount.com" };
const serviceAccounts = { web: { annotations, namespace: "team-a", automountToken: false } };

describe("a tenant's service accounts", () => {
  it("are in the namespace that the file says and in no other", () => {
    assert.deepEqual(accountsIn("team-a", { serviceAccounts }), serviceAccounts);
    assert.deepEqual(accountsIn("team-a-jobs", { serviceAccounts }), {});
  });

  it("are registered as the platform's own, with the identity, and without a token in every pod", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { serviceAccounts })] }));
    const account = fleet.find("kubernetes:core/v1:ServiceAccount", "team-a.team-a.web-account");
    const { metadata, automountServiceAccountToken } = account.inputs as {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
      automountServiceAccountToken: boolean;
    };
    assert.equal(automountServiceAccountToken, false);
    assert.equal(metadata.labels["app.kubernetes.io/managed-by"], "fleet");
    assert.equal(metadata.annotations["iam.gke.io/gcp-service-account"], "web@example.iam.gserviceaccount.com");
    assert.ok(fleet.waitsFor(account, fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota")));
  });
});
