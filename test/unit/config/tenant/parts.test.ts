import assert from "node:assert/strict";
import fc from "fast-check";
import { gitSecretName, resourcesOf } from "../../../../config/tenant/parts.js";
import { type Sections, tenantSpec } from "../../../support/unit/spec.js";

const additional = (name: string, fields: NonNullable<Sections["syncs"]>[string] = {}) => ({
  [name]: { path: `./${name}`, ...fields },
});

describe("resourcesOf", () => {
  it("of a tenant without settings are one of each", () => {
    const parts = resourcesOf(tenantSpec("team-a"));
    for (const list of Object.values(parts)) assert.equal(list.length, 1);
    const { credentials, ...others } = parts;
    for (const [first] of Object.values(others)) assert.equal(first?.resourceName, "team-a.team-a");
    assert.equal(credentials[0]?.resourceName, "team-a.team-a.tenant-git");
    assert.equal(parts.credentials[0]?.name, "tenant-git");
    assert.deepEqual(parts.sources[0]?.ref, { branch: "main" });
  });

  it("keep their names when a part moves between the first place and the further ones", () => {
    const [before, after] = [
      { namespace: { name: "web" }, namespaces: { jobs: {} } },
      { namespace: { name: "jobs" }, namespaces: { web: {} } },
    ].map((sections) => {
      const { namespaces } = resourcesOf(tenantSpec("team-a", sections));
      return new Map(namespaces.map(({ resourceName, namespace }) => [namespace.name, resourceName]));
    });
    assert.deepEqual(Object.fromEntries(before ?? []), Object.fromEntries(after ?? []));
  });

  it("keep their names when a repository's name changes between upper and lower case", () => {
    const [one] = resourcesOf(tenantSpec("team-a", { repository: { name: "Web" } })).repositories;
    const [other] = resourcesOf(tenantSpec("team-a", { repository: { name: "web" } })).repositories;
    assert.equal(one?.resourceName, other?.resourceName);
  });

  it("let syncs of one reference share its source, with the shortest of their intervals", () => {
    const { sources, syncs, credentials } = resourcesOf(
      tenantSpec("team-a", {
        sync: { suspend: true },
        syncs: { ...additional("apps", { interval: "30s" }), ...additional("rare", { interval: "1h" }) },
      }),
    );
    assert.equal(credentials.length, 1);
    assert.equal(sources.length, 1);
    assert.equal(sources[0]?.interval, "30s");
    assert.equal(sources[0]?.suspend, false);
    assert.deepEqual(
      syncs.map(({ name, source }) => [name, source]),
      [
        ["team-a", "team-a"],
        ["apps", "team-a"],
        ["rare", "team-a"],
      ],
    );
  });

  it("stop fetching only when all of their syncs are suspended", () => {
    const suspended = { suspend: true };
    const { sources } = resourcesOf(tenantSpec("team-a", { sync: suspended, syncs: additional("apps", suspended) }));
    assert.equal(sources[0]?.suspend, true);
  });

  it("stop fetching while their syncs are frozen", () => {
    const freeze = { until: "2027-01-31", reason: "Migration" };
    const { sources } = resourcesOf(
      tenantSpec("team-a", { sync: { freeze }, syncs: additional("apps", { freeze, suspend: true }) }),
    );
    assert.deepEqual(
      sources.map(({ suspend, freeze: found }) => [suspend, found]),
      [[true, freeze]],
    );
  });

  it("give another reference, and another namespace, a source of its own", () => {
    const { sources, credentials } = resourcesOf(
      tenantSpec("team-a", {
        namespaces: { jobs: {} },
        syncs: { ...additional("tagged", { ref: { semver: "~1.4" } }), ...additional("jobs", { namespace: "jobs" }) },
      }),
    );
    assert.deepEqual(
      sources.map(({ name, namespace, ref }) => ({ name, namespace, ref })),
      [
        { name: "team-a", namespace: "team-a", ref: { branch: "main" } },
        { name: "tagged", namespace: "team-a", ref: { semver: "~1.4" } },
        { name: "jobs", namespace: "jobs", ref: { branch: "main" } },
      ],
    );
    assert.deepEqual(
      credentials.map(({ name, namespace }) => `${namespace}/${name}`),
      ["team-a/tenant-git", "jobs/tenant-git"],
    );
  });

  it("look for a commit on the default branch of its repository", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const { sources } = resourcesOf(
      tenantSpec("team-a", {
        repositories: { charts: { defaultBranch: "trunk" } },
        syncs: additional("pinned", { repository: "charts", ref: { commit } }),
      }),
    );
    assert.deepEqual(sources[1]?.ref, { branch: "trunk", commit });
  });

  it("never have two resources of one kind with one name, for any names of tenants", () => {
    const label = fc.stringMatching(/^[a-z](-?[a-z]){0,3}$/);
    const tenant = fc.record({
      name: label,
      namespaces: fc.uniqueArray(label, { maxLength: 3 }),
      repositories: fc.uniqueArray(fc.stringMatching(/^[a-z]([._-]?[a-z]){0,3}$/), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(tenant, { selector: ({ name }) => name, maxLength: 4 }), (tenants) => {
        const names = tenants.flatMap(({ name, ...additional }) => {
          // The loader refuses two parts of one name.
          const namespaces = additional.namespaces.filter((one) => one !== name);
          const repositories = additional.repositories.filter((one) => one !== name);
          const parts = resourcesOf(
            tenantSpec(name, {
              namespaces: Object.fromEntries(namespaces.map((one) => [one, {}])),
              repositories: Object.fromEntries(repositories.map((one) => [one, {}])),
              syncs: Object.fromEntries(
                namespaces.map((namespace, index) => [
                  `${namespace}-sync`,
                  { namespace, repository: repositories[index] ?? name, path: `./${namespace}` },
                ]),
              ),
            }),
          );
          return [
            ...parts.namespaces.flatMap(({ resourceName }) => [
              `ResourceQuota ${resourceName}-quota`,
              `ResourceQuota ${resourceName}-quota-flux`,
              `Namespace ${resourceName}-namespace`,
            ]),
            ...parts.repositories.map(({ resourceName }) => `Repository ${resourceName}`),
            ...parts.credentials.map(({ resourceName }) => `Secret ${resourceName}-git`),
            ...parts.syncs.map(({ resourceName }) => `Kustomization ${resourceName}-sync`),
          ];
        });
        assert.equal(new Set(names).size, names.length, names.sort().join("\n"));
      }),
    );
  });
});

describe("gitSecretName", () => {
  it("is a name that Kubernetes takes, and another one for another repository", () => {
    const repository = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/);
    fc.assert(
      fc.property(repository, repository, (one, other) => {
        for (const name of [gitSecretName(one), gitSecretName(other)]) {
          assert.match(name, /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
          assert.notEqual(name, gitSecretName());
        }
        if (one !== other) assert.notEqual(gitSecretName(one), gitSecretName(other));
      }),
    );
  });
});
