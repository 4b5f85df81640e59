import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { soundSettings, soundTree } from "../../support/unit/checkout-tree.js";
import { older } from "../../support/unit/lock-checkout.js";
import { runFleet } from "../../support/unit/run-fleet.js";
import { type Tree, writeTree } from "../../support/unit/tree-files.js";

const version = "v2.9.2";
const unbuilt = "fleet/: checked without kustomize; npx fleet diff builds it\n";
const silent =
  "Flux writes no commit status for team-a: set fleet:secrets.TENANT.commit-status, or FLEET_STATUSES for all tenants (docs/tenants/notifications-and-webhook.md).\n";

describe("fleet check", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-check-"));
    write({
      ...soundTree,
      "Pulumi.staging.yaml": soundSettings(),
      "Pulumi.prod-eu.yaml": soundSettings(),
      "flux.lock.json": JSON.stringify({ [version]: older }),
    });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Tree): void {
    writeTree(root, files);
  }

  async function check(...stacks: readonly string[]): Promise<{ code: number; out: string; err: string[] }> {
    const { err, ...result } = await runFleet(root, "check", ...stacks);
    return { ...result, err: err.split("\n").slice(0, -1) };
  }

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
    process.env.PATH = root;
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
    assert.equal(out, `prod-eu: 1 tenant, Flux ${version}\n`);
    assert.equal(err.length, 1);
  });

  it("checks no stack but the named ones", async () => {
    write({ "stacks/staging/tenants/team-a.yaml": "colour: blue\n" });
    const out = `prod-eu: 1 tenant, Flux ${version}\n${unbuilt}${silent}`;
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
    rmSync(root, { recursive: true });
    mkdirSync(root);
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

  describe("about secrets", () => {
    const notification = "notifications: {chat: {type: slack, secret: slack}}\n";
    const encrypted = ["fleet:secrets:", "  team-a:", "    slack: {secure: AAAA}"];

    it("counts encrypted ones as present, whatever their value", async () => {
      write({ "stacks/staging/tenants/team-a.yaml": notification, "Pulumi.staging.yaml": soundSettings(...encrypted) });
      const { code, out, err } = await check("staging");
      assert.deepEqual([code, err], [0, []]);
      assert.equal(out, `staging: 1 tenant, Flux ${version}\n${unbuilt}${silent}`);
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
      const pull = [
        "fleet:pullSecrets:",
        "  registry: {registry: ghcr.io/acme, username: a, password: {secure: AAAA}}",
      ];
      write({ "stacks/staging/tenants/team-a.yaml": "", "Pulumi.staging.yaml": soundSettings(...common, ...pull) });
      const { code, err } = await check("staging");
      assert.equal(code, 1);
      assert.match(
        err.join("\n"),
        /^Pulumi\.staging\.yaml:9: fleet:pullSecrets\.registry\.registry: is not a registry/,
      );
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
