import assert from "node:assert/strict";
import { budgetsOf, type Counted, isKept } from "../../bench/budgets.js";
import { repositoryOf, requestsByTenant, resourcesByTenant, worst } from "../../bench/costs.js";
import type { RecordedResource } from "../../bench/state.js";

const get = (url: string) => ({ method: "GET", url: `/api/v3/${url}`, status: 200 });
const generation = { method: "POST", url: "/api/v3/repos/acme/tenant-template/generate", status: 201 };

function resource(path: string, parent?: string): RecordedResource {
  const type = path.includes("/") ? "fleet:git:Repository" : "fleet:tenant:Tenant";
  return { urn: `urn::${path}`, type, custom: false, inputs: {}, ...(parent ? { parent: `urn::${parent}` } : {}) };
}

describe("the cost of a tenant", () => {
  it("does not count a request about a repository whose name only begins like a tenant's", () => {
    const counts = requestsByTenant([get("repos/acme/search-ui"), get("repos/acme/search-ui/keys")], ["search"]);
    assert.deepEqual([...counts], [["search", 0]]);
  });

  it("does not count requests about the organisation, the platform or the template", () => {
    const shared = [
      get("orgs/acme/repos?type=all"),
      get("meta"),
      get("repos/acme/platform"),
      get("repos/acme/tenant-template"),
    ];
    assert.equal(worst(requestsByTenant(shared, ["search"])), 0);
  });

  it("counts the creation from a template, whose path names no tenant, and a repeated one too", () => {
    const requests = [generation, generation, generation, get("repos/acme/a/keys/1?x=y"), get("repos/acme/b")];
    assert.deepEqual(
      [...requestsByTenant(requests, ["a", "b"])],
      [
        ["a", 2.5],
        ["b", 2.5],
      ],
    );
  });

  it("reads the repository of a path with and without a suffix", () => {
    assert.equal(repositoryOf("/api/v3/repos/acme/search"), "search");
    assert.equal(repositoryOf("/api/v3/repos/acme/search?x"), "search");
    assert.equal(repositoryOf("/api/v3/repos/acme/search/contents/a/b"), "search");
    assert.equal(repositoryOf("/api/v3/orgs/acme/repos"), undefined);
  });

  it("counts components and their children, and nothing of other tenants", () => {
    const resources = [
      { ...resource("fleet/x"), urn: "urn::fleet" },
      resource("search", "fleet"),
      resource("search/repository", "search"),
      resource("search/repository/github", "search/repository"),
      resource("payments", "fleet"),
      resource("platform/repository", "fleet"),
    ];
    assert.deepEqual(
      [...resourcesByTenant(resources)],
      [
        ["search", 3],
        ["payments", 1],
      ],
    );
  });

  it("takes the dearest tenant for a budget, and none for nothing", () => {
    assert.equal(
      worst(
        new Map([
          ["a", 3],
          ["b", 9],
        ]),
      ),
      9,
    );
    assert.equal(worst(new Map()), 0);
  });
});

describe("budgets", () => {
  it("are broken by one too many, and kept by exactly as many", () => {
    const limits: Counted = {
      resources: 25,
      creationRequests: 16,
      previewRequests: 0,
      previewOnGitHub: 5,
      previewOnKubernetes: 26,
      changeOnGitHub: 10,
      changeOnKubernetes: 76,
    };
    assert.deepEqual(
      budgetsOf(limits).filter((budget) => !isKept(budget)),
      [],
    );
    for (const [count, limit] of Object.entries(limits)) {
      const over = budgetsOf({ ...limits, [count]: limit + 1 }).filter((budget) => !isKept(budget));
      assert.deepEqual(
        over.map(({ counted, atMost }) => [counted, atMost]),
        [[limit + 1, limit]],
        count,
      );
    }
  });
});
