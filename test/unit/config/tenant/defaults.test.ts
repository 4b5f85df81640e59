import assert from "node:assert/strict";
import { load } from "../../../support/unit/checkout-tree.js";
import { base, defaults, group, inGroup, overlay, syncOf, teamB } from "../../../support/unit/defaults-files.js";

describe("a value of a tenant comes from", () => {
  const interval = (seconds: number) => `sync: {interval: ${seconds}s}\n`;
  const all = {
    [group]: interval(11),
    [base]: `name: team-a\ngroup: web\n${interval(22)}`,
    [defaults]: interval(33),
    [overlay]: interval(44),
  };

  it("the built-in default, the group, the base file, the stack's defaults and the overlay; the last one counts", () => {
    assert.equal(syncOf({})?.interval, "1m");
    assert.equal(syncOf({ ...inGroup, [group]: all[group] })?.interval, "11s");
    assert.equal(syncOf({ [group]: all[group], [base]: all[base] })?.interval, "22s");
    assert.equal(syncOf({ [group]: all[group], [base]: all[base], [defaults]: all[defaults] })?.interval, "33s");
    assert.equal(syncOf(all)?.interval, "44s");
  });

  it("the defaults of its own stack only", () => {
    assert.equal(syncOf({ [defaults]: interval(33) }, "prod-eu")?.interval, "1m");
  });

  it("its own group only, which is no part of the tenant itself", () => {
    const spec = load({ files: { ...inGroup, [group]: interval(11), ...teamB } });
    assert.deepEqual(
      spec.tenants.map(({ syncs: [{ interval: own }] }) => own),
      ["11s", "1m"],
    );
    assert.ok(!Object.hasOwn(spec.tenants[0] ?? {}, "group"));
  });

  it("the group also for what exists once: the repository, of tenants on other stacks as well", () => {
    const protectedBranch = "repository: {protection: {pullRequest: true, reviews: 2}}\n";
    const files = { ...inGroup, [group]: protectedBranch, [overlay]: undefined, ...teamB };
    const spec = load({ files });
    assert.deepEqual(
      spec.tenantsElsewhere.map(({ name, repositories: [{ protection }] }) => [name, protection.reviews]),
      [["team-a", 2]],
    );
  });

  it("several files where they are maps, and one where they are lists", () => {
    const [tenant] = load({
      files: {
        [group]:
          "namespace: {labels: {a: group, b: group, c: group}}\nnetwork: {egress: [{cidr: 198.51.100.0/24, ports: [1]}]}\n",
        [base]: "name: team-a\ngroup: web\nnamespace: {labels: {b: base, c: base}}\n",
        [defaults]: "namespace: {labels: {c: stack}}\nnetwork: {egress: [{cidr: 203.0.113.0/24, ports: [2]}]}\n",
      },
    }).tenants;
    assert.deepEqual(tenant?.namespaces[0].labels, { a: "group", b: "base", c: "stack" });
    assert.deepEqual(tenant?.network.egress, [{ cidr: "203.0.113.0/24", ports: [2] }]);
  });

  it("the built-in default after null, in a base file, a stack's defaults and an overlay", () => {
    const withNull = "sync: {interval: null}\n";
    assert.equal(syncOf({ [group]: all[group], [base]: `name: team-a\ngroup: web\n${withNull}` })?.interval, "1m");
    assert.equal(syncOf({ [group]: all[group], [base]: all[base], [defaults]: withNull })?.interval, "1m");
    assert.equal(syncOf({ ...all, [overlay]: withNull })?.interval, "1m");
    assert.equal(syncOf({ ...all, [overlay]: "sync: null\n" })?.interval, "1m");
  });

  it("files that complete each other's entries of maps", () => {
    const [tenant] = load({
      files: {
        ...inGroup,
        [group]: "notifications: {alerts: {type: slack}}\n",
        [defaults]: "notifications: {alerts: {secret: slack}}\n",
      },
      config: { secrets: '{"team-a":{"slack":"https://hooks.example.com/x"}}' },
    }).tenants;
    assert.deepEqual(tenant?.notifications.alerts, { events: "error", type: "slack", secret: "slack", syncs: [] });
  });

  it("no empty file: it changes nothing", () => {
    const files = { [base]: `name: team-a\ngroup: web\n${interval(22)}` };
    const without = load({ files: { [base]: `name: team-a\n${interval(22)}` } });
    for (const text of ["", "{}\n", "# Nothing yet.\n"]) {
      assert.deepEqual(load({ files: { ...files, [group]: text, [defaults]: text } }), without);
    }
  });
});
