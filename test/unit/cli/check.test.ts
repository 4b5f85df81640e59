import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { fluxVersion, noCommitStatus, unbuilt, useCheckedCheckout } from "../../support/unit/checked-checkout.js";
import { soundSettings } from "../../support/unit/checkout-tree.js";

describe("fleet check", () => {
  const { root, write, check } = useCheckedCheckout();

  it("checks settings without the project's name too, which Pulumi takes for the project's", async () => {
    write({ "Pulumi.staging.yaml": soundSettings("logLevel: loud", "secrets: {team-z: {a: {secure: x}}}") });
    const { err } = await check("staging");
    assert.deepEqual(
      err.map((line) => line.split(": ").slice(0, 2).join(": ")),
      ["Pulumi.staging.yaml:6: fleet:logLevel", "Pulumi.staging.yaml:7: fleet:secrets.team-z.a"],
    );
  });

  it("lists the problems of all kinds of files and of all stacks at once, each with its line where it has one", async () => {
    write({
      "stacks/base/tenants/team-a.yaml": "name: team-a\nowner: me\n",
      "stacks/staging/tenants/team-a.yaml": "\ncolour: blue\n",
      "Pulumi.staging.yaml": soundSettings("fleet:logLevel: loud", "fleet:platformRepository:", "  nam: platform"),
      "Pulumi.prod-eu.yaml": "config:\n  fleet:repositoryOwner: production\n  fleet:fluxVersion: v2.999.0\n",
      "fleet/clusters/staging/kustomization.yaml": "namePrefix: \u0024{region}-\n",
    });
    const { code, out, err } = await check();
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.deepEqual(
      err.map((line) => line.split(": ").slice(0, 2).join(": ")),
      [
        "Pulumi.prod-eu.yaml:1: pulumi:disable-default-providers",
        "Pulumi.prod-eu.yaml:2: fleet:repositoryOwner",
        "Pulumi.staging.yaml:6: fleet:logLevel",
        "Pulumi.staging.yaml:8: fleet:platformRepository.nam",
        "fleet/clusters/staging/kustomization.yaml:1: namePrefix",
        "flux.lock.json: v2.999.0",
        "stacks/base/tenants/team-a.yaml:2: owner",
        "stacks/staging/tenants/team-a.yaml:2: colour",
      ],
    );
  });

  it("lists the problems of defaults of all stacks and groups at once, those that stacks share once", async () => {
    write({
      "stacks/base/tenants/team-a.yaml": "name: team-a\ngroup: wep\n",
      "stacks/groups/web.yaml": "hosts: [a.example.com]\nlimits: {size: huge}\n",
      "stacks/staging/defaults.yaml": "sync:\n  intervall: 1m\n",
      "stacks/prod-eu/defaults.yaml": "repository: {visibility: internal}\n",
      "stacks/prod/defaults.yaml": "",
    });
    const { code, out, err } = await check();
    assert.deepEqual([code, out], [1, ""]);
    assert.deepEqual(
      err.map((line) => line.split(": ").slice(0, 2).join(": ")),
      [
        "stacks/base/tenants/team-a.yaml:2: group",
        "stacks/groups/web.yaml: has no effect",
        "stacks/groups/web.yaml:1: hosts",
        "stacks/groups/web.yaml:2: limits.size",
        "stacks/prod-eu/defaults.yaml:1: repository",
        "stacks/prod/defaults.yaml: is for the stack prod, which does not exist",
        "stacks/staging/defaults.yaml:2: sync.intervall",
      ],
    );
  });

  it("finds broken kustomizations of fleet/, with their lines, once for all stacks, and needs no kustomize", async () => {
    write({
      "fleet/a/kustomization.yaml": "resource: [a.yaml]\n",
      "fleet/b/kustomization.yaml": "- a.yaml\n",
      "fleet/c/kustomization.yaml": "resources:\n  - ../c\n",
      "fleet/d/kustomization.yaml": "resources:\n  - ../../stacks/base\n",
      "fleet/e/kustomization.yaml": "resources:\n  - e.yaml\n  - ./e.yaml\n",
      "fleet/e/e.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: e}\n",
    });
    const path = process.env.PATH;
    process.env.PATH = root();
    try {
      const { code, err } = await check();
      assert.equal(code, 1);
      assert.deepEqual(
        err.map((line) => line.split(": ").slice(0, 2).join(": ")),
        [
          "fleet/a/kustomization.yaml:1: resource",
          "fleet/b/kustomization.yaml:1: is a list where a map with apiVersion and kind belongs. Write one map for each object, with --- between them.",
          "fleet/c/kustomization.yaml:2: resources[0]",
          "fleet/d/kustomization.yaml:2: resources[0]",
          "fleet/e/kustomization.yaml:3: resources[1]",
        ],
      );
    } finally {
      process.env.PATH = path;
    }
  });

  it("says once which tenants get no commit status of Flux, and which setting gives them one", async () => {
    write({ "stacks/base/tenants/team-b.yaml": "name: team-b\n", "stacks/staging/tenants/team-b.yaml": "" });
    const secret = ["fleet:secrets:", "  team-a:", "    commit-status: {secure: AAAA}"];
    for (const stack of ["staging", "prod-eu"]) write({ [`Pulumi.${stack}.yaml`]: soundSettings(...secret) });
    const { code, out } = await check();
    assert.equal(code, 0);
    assert.deepEqual(out.match(/^Flux writes no commit status for .*?:/gm), [
      "Flux writes no commit status for team-b:",
    ]);
    write({ "stacks/staging/tenants/team-b.yaml": "notifications: {own: {type: github, secret: own}}\n" });
    write({ "Pulumi.staging.yaml": soundSettings(...secret, "  team-b:", "    own: {secure: AAAA}") });
    assert.doesNotMatch((await check("staging")).out, /commit status/);
  });

  it("prints a line for each stack without problems, beside the problems of another", async () => {
    write({ "stacks/staging/tenants/team-a.yaml": "colour: blue\n" });
    const { code, out, err } = await check();
    assert.equal(code, 1);
    assert.equal(out, `prod-eu: 1 tenant, Flux ${fluxVersion}\n`);
    assert.equal(err.length, 1);
  });

  it("checks no stack but the named ones", async () => {
    write({ "stacks/staging/tenants/team-a.yaml": "colour: blue\n" });
    const out = `prod-eu: 1 tenant, Flux ${fluxVersion}\n${unbuilt}${noCommitStatus}`;
    assert.deepEqual(await check("prod-eu"), { code: 0, out, err: [] });
  });

  for (const [what, files, expected] of [
    ["a stack with an overlay folder alone", { "stacks/new/tenants/.gitkeep": "" }, "Pulumi.new.yaml: does not exist"],
    [
      "a stack with a Pulumi.STACK.yaml alone",
      { "Pulumi.new.yaml": soundSettings() },
      "stacks/new/tenants: does not exist",
    ],
  ] as const) {
    it(`finds ${what}`, async () => {
      write({ ...files, "fleet/clusters/new/kustomization.yaml": "resources: []\n" });
      const { code, err } = await check();
      assert.equal(code, 1);
      assert.equal(err.length, 1);
      assert.ok(err[0]?.startsWith(expected), err[0]);
    });
  }

  it("reports a chart of fleet/ that is not pinned, and one without a digest where the stack demands it", async () => {
    const chart = "fleet/clusters/staging/chart.yaml";
    const text = (ref: string) =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: shop}\nspec:\n  url: oci://ghcr.io/acme/shop\n  ref: {${ref}}\n`;
    const files = { "fleet/clusters/staging/kustomization.yaml": "resources: [chart.yaml]\n" };
    write({ ...files, [chart]: text("semver: 1.x") });
    const range = await check("staging");
    assert.equal(range.code, 1);
    assert.match(
      range.err.join("\n"),
      /^fleet\/clusters\/staging\/chart\.yaml:6: spec\.ref\.semver: OCIRepository shop follows/,
    );
    write({ [chart]: text("tag: 1.2.3") });
    assert.equal((await check("staging")).code, 0);
    write({ "Pulumi.staging.yaml": soundSettings("fleet:chartDigests: required") });
    assert.match(
      (await check("staging")).err.join("\n"),
      /chart\.yaml:6: spec\.ref\.digest: .* fleet:chartDigests demands one/,
    );
  });

  for (const [what, text, expected] of [
    ["is not YAML", "config: [", /^Pulumi\.staging\.yaml:1: is not YAML/],
    ["has no map of settings", "config: staging\n", /^Pulumi\.staging\.yaml:1: config: is not a map/],
  ] as const) {
    it(`reports a Pulumi.STACK.yaml that ${what} once, not each setting that it lacks`, async () => {
      write({ "Pulumi.staging.yaml": text });
      const { err } = await check("staging");
      assert.deepEqual(
        err.filter((line) => !expected.test(line)),
        [],
      );
      assert.ok(err.length > 0);
    });
  }

  it("reports a missing setting, which an empty file lacks", async () => {
    write({ "Pulumi.staging.yaml": "" });
    const { err } = await check("staging");
    assert.ok(
      err.some((line) => /^Pulumi\.staging\.yaml: fleet:fluxVersion: is missing/.test(line)),
      err.join("\n"),
    );
  });

  it("reports that there is no stack at all", async () => {
    rmSync(root(), { recursive: true });
    mkdirSync(root());
    const { code, err } = await check();
    assert.equal(code, 1);
    assert.match(err.join("\n"), /^stacks: has no stack, .*Create stacks\/STACK\/tenants/);
  });

  for (const name of ["../base", "base", "Staging"]) {
    it(`refuses ${name}, which no stack can be called`, async () => {
      const { code, out, err } = await check("staging", name);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err.join("\n"), /is invalid for argument 'stack'\. It is (?:not a DNS label|reserved)/);
    });
  }

  it("needs no environment: neither a token nor a kubeconfig nor an owner", async () => {
    const names = ["GITHUB_TOKEN", "GITHUB_OWNER", "GITHUB_BASE_URL", "KUBECONFIG"];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    try {
      assert.equal((await check()).code, 0);
      process.env.GITHUB_BASE_URL = "http://github.example.com/";
      assert.equal((await check()).code, 0);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
