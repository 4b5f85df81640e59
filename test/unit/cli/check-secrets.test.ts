import assert from "node:assert/strict";
import { fluxVersion, noCommitStatus, unbuilt, useCheckedCheckout } from "../../support/unit/checked-checkout.js";
import { soundSettings } from "../../support/unit/checkout-tree.js";

describe("fleet check, about secrets", () => {
  const { write, check } = useCheckedCheckout();
  const notification = "notifications: {chat: {type: slack, secret: slack}}\n";
  const encrypted = ["fleet:secrets:", "  team-a:", "    slack: {secure: AAAA}"];

  it("counts encrypted ones as present, whatever their value", async () => {
    write({ "stacks/staging/tenants/team-a.yaml": notification, "Pulumi.staging.yaml": soundSettings(...encrypted) });
    const { code, out, err } = await check("staging");
    assert.deepEqual([code, err], [0, []]);
    assert.equal(out, `staging: 1 tenant, Flux ${fluxVersion}\n${unbuilt}${noCommitStatus}`);
  });

  it("reports one that no file sets, and one that no file uses, with its line", async () => {
    write({ "stacks/staging/tenants/team-a.yaml": notification });
    assert.match((await check("staging")).err.join("\n"), /"slack" is no secret of the tenant team-a/);
    write({ "stacks/staging/tenants/team-a.yaml": "", "Pulumi.staging.yaml": soundSettings(...encrypted) });
    assert.match((await check("staging")).err.join("\n"), /^Pulumi\.staging\.yaml:8: fleet:secrets\.team-a\.slack: /);
  });

  it("reports plain ones, without their value", async () => {
    const plain = ["fleet:secrets:", "  team-a:", "    slack: https://hooks.example.com/open-sesame"];
    write({ "stacks/staging/tenants/team-a.yaml": notification, "Pulumi.staging.yaml": soundSettings(...plain) });
    const { code, err } = await check("staging");
    assert.equal(code, 1);
    assert.match(err.join("\n"), /^Pulumi\.staging\.yaml:6: fleet:secrets: is not encrypted/);
    assert.doesNotMatch(err.join("\n"), /open-sesame/);
  });

  it("checks the names, registries and user names beside encrypted passwords", async () => {
    const common = ["fleet:commonSecrets:", "  proxy: {url: {secure: AAAA}}"];
    const pull = ["fleet:pullSecrets:", "  registry: {registry: ghcr.io/acme, username: a, password: {secure: AAAA}}"];
    write({ "stacks/staging/tenants/team-a.yaml": "", "Pulumi.staging.yaml": soundSettings(...common, ...pull) });
    const { code, err } = await check("staging");
    assert.equal(code, 1);
    assert.match(err.join("\n"), /^Pulumi\.staging\.yaml:9: fleet:pullSecrets\.registry\.registry: is not a registry/);
  });

  for (const [what, more, key] of [
    [
      "a user name of a registry",
      ["fleet:pullSecrets:", "  a: {registry: ghcr.io, username: {secure: AAAA}, password: {secure: AAAA}}"],
      "fleet:pullSecrets",
    ],
    ["a list or map", ["fleet:exports:", "  secure: AAAA"], "fleet:exports"],
    ["a part of a map", ["fleet:variables:", "  region: {secure: AAAA}"], "fleet:variables"],
    ["all secrets together", ["fleet:secrets:", "  secure: AAAA"], "fleet:secrets"],
    ["a text", ["fleet:githubOwner:", "  secure: AAAA"], "fleet:githubOwner"],
  ] as const) {
    it(`names a setting that it cannot check: ${what} that is encrypted`, async () => {
      write({ "stacks/staging/tenants/team-a.yaml": notification, "Pulumi.staging.yaml": soundSettings(...more) });
      if (key !== "fleet:secrets") write({ "stacks/staging/tenants/team-a.yaml": "" });
      const { code, out, err } = await check("staging");
      assert.deepEqual([code, err], [0, []]);
      assert.match(
        out,
        new RegExp(`^staging: .*; encrypted, so not checked: ${key}\n${unbuilt}(?:Flux writes no .*\n)?$`),
      );
    });
  }
});
