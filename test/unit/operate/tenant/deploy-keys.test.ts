import assert from "node:assert/strict";
import { ageInDays, deployKeysIn, keysToRotate } from "../../../../operate/tenant/deploy-keys.js";

const day = 24 * 60 * 60 * 1000;
const now = Date.parse("2026-11-27T12:00:00Z");
const urn = (type: string, name: string) => `urn:pulumi:staging::fleet::${type}::${name}`;
const pairType = "tls:index/privateKey:PrivateKey";
const tenantUrn = urn("fleet:tenant:Tenant", "team-a");

/** A key of a component, with its registration. */
function key(owner: string, parent: string, daysOld: number | undefined, isFormer = false) {
  const component = urn("fleet:git:DeployKey", `${owner}-key`);
  const created = daysOld === undefined ? {} : { created: new Date(now - daysOld * day).toISOString() };
  const former = isFormer ? { delete: true } : {};
  return [
    { urn: component, type: "fleet:git:DeployKey", parent },
    { urn: urn(pairType, `${owner}-pair`), type: pairType, parent: component, ...created, ...former },
    {
      urn: urn("github:index/repositoryDeployKey:RepositoryDeployKey", `${owner}-registration`),
      type: "github:index/repositoryDeployKey:RepositoryDeployKey",
      parent: component,
      inputs: { repository: owner, title: "fleet/staging (read-only)" },
      ...former,
    },
  ];
}

const state = (...resources: readonly object[]) => ({ deployment: { resources } });
const tenant = { urn: tenantUrn, type: "fleet:tenant:Tenant" };

describe("the deploy keys of a state", () => {
  for (const [what, exported] of [
    ["text", "x"],
    ["no deployment", {}],
    ["resources that are no list", { deployment: { resources: {} } }],
  ] as const) {
    it(`are an error for ${what}`, () => {
      assert.throws(() => deployKeysIn(exported), /the export of the state has no /);
    });
  }

  it("are none of a state without resources", () => {
    assert.deepEqual(deployKeysIn({ deployment: {} }), { keys: [], unfinished: false });
  });

  it("have their tenant, their repository and their age", () => {
    const { keys, unfinished } = deployKeysIn(
      state(tenant, ...key("team-a", tenantUrn, 3), ...key("platform", "", 91)),
    );
    assert.equal(unfinished, false);
    assert.deepEqual(
      keys.map((one) => [one.tenant, one.repository, ageInDays(one, now)]),
      [
        [undefined, "platform", 91],
        ["team-a", "team-a", 3],
      ],
    );
  });

  it("leave out a former key, and tell that a rotation is unfinished", () => {
    const former = key("team-a", tenantUrn, 100, true).slice(1);
    const { keys, unfinished } = deployKeysIn(state(tenant, ...key("team-a", tenantUrn, 0), ...former));
    assert.deepEqual([keys.length, unfinished], [1, true]);
    assert.deepEqual(keysToRotate(keys, { olderThanDays: 90, now }), []);
  });
});

describe("the keys to rotate", () => {
  const found = [...key("team-a", tenantUrn, 90), ...key("platform", "", 91), ...key("team-b", tenantUrn, undefined)];
  const { keys } = deployKeysIn(state(tenant, ...found));
  const names = (args: { readonly tenant?: string; readonly olderThanDays?: number }) =>
    keysToRotate(keys, { ...args, now }).map(({ repository }) => repository);

  it("are those of the tenant, or all", () => {
    assert.deepEqual(names({}), ["platform", "team-a", "team-b"]);
    assert.deepEqual(names({ tenant: "team-a" }), ["team-a", "team-b"]);
    assert.deepEqual(names({ tenant: "team-x" }), []);
  });

  it("are older than the days, and those of unknown age", () => {
    assert.deepEqual(names({ olderThanDays: 90 }), ["platform", "team-b"]);
    assert.deepEqual(names({ olderThanDays: 91 }), ["team-b"]);
    assert.deepEqual(names({ olderThanDays: 0 }), ["platform", "team-a", "team-b"]);
  });
});
