import assert from "node:assert/strict";
import type { StackPlan } from "../../../../review/planned-resource.js";
import { FakeCluster } from "../../../support/unit/fake-cluster.js";
import { findingTexts, onFixture, planOfTenants, verified } from "../../../support/unit/verified-stack.js";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1" } as const;

describe("fleet verify of a cluster that does not answer as it should", () => {
  let plan: StackPlan;
  let cluster: FakeCluster;
  onFixture((fixture) => {
    ({ plan, cluster } = fixture);
  });

  it("could not look at another cluster, without a right, and at one that refuses reviews", async () => {
    const refusal = { status: 403, body: { message: "no" } };
    const failure = async (path: string) => {
      const refusing = new FakeCluster(plan);
      refusing.faults.set(path, refusal);
      return await verified(plan, refusing).then(
        () => "it looked",
        (error: Error) => `${error.constructor.name}: ${error.message}`,
      );
    };
    assert.match(await failure("/api/v1/secrets"), /^CouldNotLookError: .*may not list secrets --all-namespaces/);
    assert.match(await failure("/api/v1/namespaces/flux-system"), /may not get namespaces\/flux-system/);
    assert.match(await failure("/apis/authorization.k8s.io"), /may not create subjectaccessreviews/);
    await assert.rejects(
      verified(plan, cluster, { stack: "prod-eu" }),
      /belongs to staging, and not to the cluster of prod-eu/,
    );
    await assert.rejects(verified(plan, cluster, { withoutGitHub: false }), /GITHUB_TOKEN: is not set/);
  });

  for (const [title, path, answer, text] of [
    [
      "reviews fail",
      "/apis/authorization.k8s.io",
      { status: 500, body: { message: "overloaded\nx" } },
      /did not review the access of an account: it answered 500: overloaded\. Look again/,
    ],
    [
      "an authorizer of a review fails",
      "/apis/authorization.k8s.io",
      { status: 201, body: { status: { allowed: false, evaluationError: "webhook: no answer" } } },
      /did not review the access of an account: it answered 201: an authorizer failed: webhook: no answer/,
    ],
    ["a review has no answer", "/apis/authorization.k8s.io", { status: 201, body: { status: {} } }, /it answered 201/],
    [
      "dry runs fail",
      "/apis/apps/v1/namespaces",
      { status: 503, body: {} },
      /did not judge a dry run: it answered 503/,
    ],
    [
      "there are no bindings",
      "/apis/rbac.authorization.k8s.io/v1/rolebindings",
      { status: 404, body: { message: "404 page not found" } },
      /did not list rolebindings\.rbac\.authorization\.k8s\.io .*: it answered 404/,
    ],
    [
      "a list expires",
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
      { status: 410, body: { message: "expired" } },
      /answered 410: expired/,
    ],
    [
      "a list has no end",
      "/api/v1/configmaps",
      { status: 200, body: { metadata: { continue: "x" }, items: [] } },
      /the pages have no end/,
    ],
    [
      "a list has another form",
      "/api/v1/configmaps",
      { status: 200, body: { kind: "Status" } },
      /not that of a Kubernetes API server/,
    ],
    ["the identity fails", "/api/v1/namespaces/flux-system", { status: 502, body: undefined }, /it answered 502/],
  ] as const) {
    it(`could not look when ${title}`, async () => {
      cluster.faults.set(path, answer);
      await assert.rejects(verified(plan, cluster), (error: Error) => {
        assert.equal(error.constructor.name, "CouldNotLookError");
        assert.match(error.message, text);
        return true;
      });
    });
  }
});

describe("fleet verify of a long list", () => {
  it("pages through it, and reads it again once its pages have expired", async () => {
    const plan = planOfTenants(2);
    const cluster = new FakeCluster(plan);
    for (let index = 0; index < 700; index += 1) {
      cluster.put({ ...rbac, kind: "ClusterRole" }, { metadata: { name: `role-${index}`, labels: {} } });
    }
    // The last of them is on the second page.
    const subjects = [{ kind: "ServiceAccount", name: "reconciler", namespace: "team-0" }];
    const roleRef = { kind: "ClusterRole", name: "role-699" };
    cluster.put(
      { ...rbac, kind: "ClusterRole" },
      {
        metadata: { name: "role-699", labels: {} },
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
      },
    );
    cluster.put(
      { ...rbac, kind: "ClusterRoleBinding" },
      { metadata: { name: "rogue", labels: {} }, roleRef, subjects },
    );
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const queries = () => cluster.sent.splice(0).filter((one) => one.path.startsWith(`${path}?`) || one.path === path);
    for (const pages of [
      ["limit=500", "limit=500&continue=500"],
      ["limit=500", "limit=500&continue=500", ""],
    ]) {
      assert.match(findingTexts(await verified(plan, cluster)).join(), /binding-foreign ClusterRoleBinding rogue/);
      assert.deepEqual(
        queries().map((one) => one.path.split("?")[1] ?? ""),
        pages,
      );
      cluster.expired.add(path);
    }
  });
});

describe("the requests of fleet verify", () => {
  const requestsFor = async (tenants: number) => {
    const plan = planOfTenants(tenants);
    const cluster = new FakeCluster(plan);
    const { holds, requests } = await verified(plan, cluster);
    assert.equal(holds, true);
    return requests.cluster;
  };

  it("grow with the namespaces, by the same number for each, from 2 to 20 and to 200 tenants", async () => {
    const [two, twenty, many] = [await requestsFor(2), await requestsFor(20), await requestsFor(200)];
    const perNamespace = (twenty - two) / 18;
    assert.equal(perNamespace, 13);
    assert.equal((many - twenty) / 180, perNamespace);
  });
});
