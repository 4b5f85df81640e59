import assert from "node:assert/strict";
import { judgeReviews, plannedReviews, tenantAccounts } from "../../../../operate/access/reviews.js";
import { plannedObjects } from "../../../../operate/verify/planned-objects.js";
import { planned, planOf } from "../../../support/unit/plans.js";

const resources = ["a", "b"].flatMap((tenant) => [
  planned("core/v1:Namespace", { name: tenant }, {}, { tenant }),
  planned("core/v1:Namespace", { name: `${tenant}-more` }, {}, { tenant }),
  planned("core/v1:ServiceAccount", { name: "reconciler", namespace: tenant }, {}, { tenant }),
]);
const platform = planned("core/v1:ServiceAccount", { name: "platform-reconciler", namespace: "flux-system" });
const accounts = tenantAccounts(plannedObjects(planOf([...resources, platform])));

describe("access reviews", () => {
  it("are of every account of a tenant, and of none of the platform", () => {
    assert.deepEqual(
      accounts.map(({ namespace, name }) => `${namespace}/${name}`),
      ["a-more/default", "a/default", "a/reconciler", "b-more/default", "b/default", "b/reconciler"],
    );
  });

  it("ask each account about another tenant's namespace, never about a further one of its own", () => {
    const reviews = plannedReviews(accounts, "flux-system");
    for (const { owner, right } of reviews.filter(({ expected }) => !expected)) {
      const { namespace = "" } = right;
      assert.ok(!namespace.startsWith(owner.tenant ?? "?"), `${owner.tenant} ${namespace}`);
    }
    const asked = reviews.filter(({ user }) => user === "system:serviceaccount:a:default");
    assert.deepEqual(
      asked.map(({ right: { verb, resource, namespace = "*" } }) => `${verb} ${resource} ${namespace}`),
      [
        "get secrets b-more",
        "create pods b-more",
        "get secrets flux-system",
        "list secrets *",
        "impersonate serviceaccounts *",
        "bind clusterroles *",
      ],
    );
  });

  it("have no foreign namespace where there is one tenant only", () => {
    const alone = accounts.filter(({ owner }) => owner.tenant === "a");
    const places = plannedReviews(alone, "flux-system").map(({ right }) => right.namespace);
    assert.deepEqual([...new Set(places)], ["flux-system", undefined, "a"]);
  });

  it("are a finding for a right too many, and for the own right that is missing", () => {
    const reviews = plannedReviews(accounts, "flux-system");
    const answers = reviews.map(({ user, right, expected }) => {
      if (expected) return user !== "system:serviceaccount:b:reconciler";
      return user === "system:serviceaccount:a:default" && right.verb === "list";
    });
    assert.deepEqual(
      judgeReviews(reviews, answers).map(({ object, difference }) => `${object} ${difference}`),
      [
        "account system:serviceaccount:a:default may list secrets in the whole cluster",
        "account system:serviceaccount:b:reconciler may not create deployments.apps in the namespace b",
      ],
    );
    assert.deepEqual(
      judgeReviews(
        reviews,
        reviews.map(({ expected }) => expected),
      ),
      [],
    );
  });
});
