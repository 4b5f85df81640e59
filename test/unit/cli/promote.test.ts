import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command, CommanderError } from "commander";
import { addPromoteCommand, type PromoteSources } from "../../../cli/commands/promote.js";
import { addStackCommands } from "../../../cli/commands/stack.js";
import { explain } from "../../../cli/explain.js";
import type { StackOutputs } from "../../../cli/stack-outputs.js";
import { fluxValue, type Part } from "../../../promotion/content.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import { type ReadyLook, withLook } from "../../../promotion/ready.js";
import { clusterFolders, soundTree } from "../../support/unit/checkout-tree.js";
import { older } from "../../support/unit/lock-checkout.js";

const commit = "0123456789abcdef0123456789abcdef01234567";
const start = Date.UTC(2026, 0, 1);
const at = { file: "", path: "" };
const release = (version: string, name = "proxy") => `# The ingress.
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ${name}, namespace: platform}
spec:
  chart:
    spec: # pinned
      chart: ingress-nginx
      version: ${version}
`;

/** The settings of a stack. @param lines more of them */
function settings(fluxVersion: string, ...lines: readonly string[]): string {
  const start = ["config:", '  pulumi:disable-default-providers: ["*"]', "  # Not the newest."];
  return `${[...start, `  fleet:fluxVersion: ${fluxVersion} # tested`, "  fleet:repositoryOwner: staging", ...lines].join("\n")}\n`;
}

const tree = {
  ...soundTree,
  ...clusterFolders("staging"),
  "stacks/base/tenants/team-a.yaml": "name: team-a\nsync:\n  ref: {branch: next}\n",
  "stacks/prod-eu/tenants/team-a.yaml": "# Production.\nsync:\n  # Slow.\n  timeout: 10m\n",
  "Pulumi.staging.yaml": settings("v2.9.2"),
  "Pulumi.prod-eu.yaml": settings("v2.8.1", "  fleet:promotesFrom: staging # first", "  fleet:platformInterval: 5m"),
  "flux.lock.json": JSON.stringify({ "v2.9.2": older, "v2.8.1": older }),
  "fleet/clusters/prod-eu/kustomization.yaml": "resources: [two.yaml]\n",
  "fleet/clusters/prod-eu/two.yaml": `${release("4.11.2", "other")}---\n${release("4.11.3")}`,
};

const [first, second] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const hour = 3_600_000;

/** A proof of staging. @param values of its parts, in place of those of the checkout */
function proof({ flux = fluxValue("v2.9.2", older), chart = "ingress-nginx 4.12.0" } = {}): Proof {
  const content: readonly Part[] = [
    { kind: "flux", name: "", value: flux, ...at },
    { kind: "chart", name: "HelmRelease platform/proxy", value: chart, ...at },
  ];
  return nextProof({ before: undefined, content, now: start });
}

/** The outputs of a stack with a proof. */
function outputs(proved = proof()): StackOutputs {
  return { outputs: { proved } };
}

/** A look at staging, where the platform and team-a run a commit. */
function look(revision: string, waiting: ReadyLook["waiting"] = {}, tenant = `next@sha1:${revision}`): ReadyLook {
  const revisions = { platform: `main@sha1:${revision}`, "team-a/team-a": tenant };
  return {
    revisions: Object.fromEntries(Object.entries(revisions).filter(([name]) => !Object.hasOwn(waiting, name))),
    waiting,
  };
}

/** The outputs of staging after looks, an hour apart. */
function looked(...looks: readonly ReadyLook[]): StackOutputs {
  return outputs(looks.reduce((proved, one, index) => withLook(proved, one, start + index * hour), proof()));
}

describe("fleet promote", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-promote-"));
    write(tree);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
  }

  /** Every file of the checkout. */
  function files(): Readonly<Record<string, string>> {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(paths.map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]));
  }

  async function run(args: readonly string[], changes: Partial<PromoteSources> = {}) {
    let [out, err] = ["", ""];
    const streams = {
      out: (text: string) => {
        out += text;
      },
      err: (text: string) => {
        err += text;
      },
    };
    const read = { outputs: async () => looked(look(commit)), now: () => start + 48 * hour, ...changes };
    const program = new Command("fleet")
      .exitOverride()
      .configureOutput({ writeOut: streams.out, writeErr: streams.err });
    addPromoteCommand(program, streams, root, read);
    addStackCommands(program, streams, root, read.outputs, () => start);
    const before = files();
    const code = await program.parseAsync(args, { from: "user" }).then(
      () => 0,
      (error: unknown) => {
        if (error instanceof CommanderError) return 2;
        err += explain(error);
        return 1;
      },
    );
    const after = files();
    const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
    return { code, out, err, changed };
  }

  const refused = async (args: readonly string[], changes: Partial<PromoteSources>, code: number, message: RegExp) => {
    const result = await run(args, changes);
    assert.deepEqual([result.code, result.out, result.changed], [code, "", []], result.err);
    assert.match(result.err, message);
  };

  it("refuses stacks and tenants that do not exist, with the one that was meant", async () => {
    await refused(["promote", "stagin", "prod-eu"], {}, 2, /there is no stack "stagin"\. Did you mean staging\?/);
    await refused(["promote", "staging", "prodeu"], {}, 2, /there is no stack "prodeu"\. Did you mean prod-eu\?/);
    const tenant = ["promote", "staging", "prod-eu", "--tenant", "team-aa"];
    await refused(tenant, {}, 2, /the stack staging has no tenant "team-aa"\. Did you mean team-a\?/);
  });

  it("refuses a stack that does not follow the other", async () => {
    await refused(
      ["promote", "prod-eu", "staging"],
      {},
      1,
      /^Pulumi\.staging\.yaml: fleet:promotesFrom: is not set, so staging follows no stack\. Promote from that stack, or set it: pulumi/,
    );
  });

  it("refuses a source that cannot be read, has run nothing, or has run another Flux of that version", async () => {
    const args = ["promote", "staging", "prod-eu"];
    const reason = async () => ({ reason: "no stack named 'staging' found" });
    await refused(args, { outputs: reason }, 1, /outputs of the stack staging could not be read: no stack named/);
    await refused(args, { outputs: async () => ({ outputs: {} }) }, 1, /has no output that says what it has run/);
    const other = async () => outputs(proof({ flux: `v2.9.2 sha256:${"0".repeat(64)}` }));
    await refused(
      args,
      { outputs: other },
      1,
      /^flux\.lock\.json: v2\.9\.2: does not pin Flux v2\.9\.2 as the stack staging/,
    );
  });

  it("refuses options that exclude each other, or that nothing is named for", async () => {
    const both = ["promote", "staging", "prod-eu"];
    const tenant = ["--tenant", "team-a"];
    const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
      [[...tenant, "--back", "--revision", commit], /--back and --revision exclude each other/],
      [["--back"], /--back needs --platform or --tenant/],
      [["--revision", commit], /--revision needs --platform or --tenant/],
      [[...tenant, "--flux", "--back"], /--back is for revisions/],
      [[...tenant, "--platform", "--revision", commit], /--revision is of one repository, so it needs either/],
    ];
    for (const [args, message] of cases) await refused([...both, ...args], {}, 2, message);
  });

  it("changes nothing when one of the edits is refused", async () => {
    const args = ["promote", "staging", "prod-eu", "--flux", "--platform", "--tenant", "team-a"];
    const waiting = async () => looked(look(first), look(commit, { "team-a/team-a": "boom" }));
    await refused(
      args,
      { outputs: waiting },
      1,
      /^stacks\/prod-eu\/tenants\/team-a\.yaml: sync\.ref: team-a: was not Ready on the stack staging when npx fleet wait looked: boom\. Correct it there/,
    );
    await refused(
      args,
      { outputs: async () => outputs() },
      1,
      /platformRevision: platform: was never Ready on the stack staging\. Run npx fleet wait staging first/,
    );
    const unnamed = async () => looked(look(first, {}, "latest"));
    await refused(
      args,
      { outputs: unnamed },
      1,
      /sync\.ref: the stack staging runs the revision "latest", which names no/,
    );
    const chart = async () => outputs(proof({ chart: "other-chart 1.0.0" }));
    await refused(
      ["promote", "staging", "prod-eu"],
      { outputs: chart },
      1,
      /two\.yaml:\d+: spec\.chart\.spec\.version: has the chart ingress-nginx 4\.11\.3, and the stack staging has run other/,
    );
  });

  it("takes back what it wrote when a file cannot be written", async () => {
    const now = () => {
      rmSync(join(root, "stacks/prod-eu/tenants"), { recursive: true });
      return start;
    };
    const { code, err } = await run(["promote", "staging", "prod-eu", "--platform", "--tenant", "team-a"], { now });
    assert.equal(code, 1, err);
    assert.equal(files()["Pulumi.prod-eu.yaml"], tree["Pulumi.prod-eu.yaml"]);
  });

  const own = "stacks/prod-eu/tenants/team-a.yaml";
  const chartFile = "fleet/clusters/prod-eu/two.yaml";
  const platform = (revision: string) => `  fleet:platformRevision:\n    commit: ${revision}\n`;
  const ref = (revision: string) => `  ref:\n    commit: ${revision}\n    branch: next\n`;

  it("edits everything that the other runs, and keeps every other line", async () => {
    const { code, out, err, changed } = await run(["promote", "staging", "prod-eu"]);
    assert.deepEqual([code, err, changed.sort()], [0, "", ["Pulumi.prod-eu.yaml", chartFile, own]]);
    const settings = tree["Pulumi.prod-eu.yaml"];
    assert.equal(files()["Pulumi.prod-eu.yaml"], `${settings.replace("v2.8.1", "v2.9.2")}${platform(commit)}`);
    assert.equal(files()[chartFile], tree[chartFile].replace("4.11.3", "4.12.0"));
    assert.equal(files()[own], `${tree[own]}${ref(commit)}`);
    assert.match(out, /^--- Pulumi\.prod-eu\.yaml$/m);
    assert.match(out, /^- {2}fleet:fluxVersion: v2\.8\.1 # tested\n\+ {2}fleet:fluxVersion: v2\.9\.2 # tested$/m);
    const again = await run(["promote", "staging", "prod-eu"]);
    assert.deepEqual([again.code, again.changed], [0, []]);
    assert.equal(again.out, "Nothing to do: the files of prod-eu name what staging runs.\n");
  });

  it("edits only what its flags name, and nothing with --dry-run", async () => {
    const dry = await run(["promote", "staging", "prod-eu", "--charts", "--dry-run"]);
    assert.deepEqual([dry.code, dry.changed], [0, []]);
    assert.match(dry.out, /^\+ {6}version: 4\.12\.0$/m);
    assert.doesNotMatch(dry.out, /fluxVersion|commit/);
    assert.deepEqual((await run(["promote", "staging", "prod-eu", "--flux"])).changed, ["Pulumi.prod-eu.yaml"]);
    const { out, changed } = await run(["promote", "staging", "prod-eu", "--platform"]);
    assert.deepEqual(changed, ["Pulumi.prod-eu.yaml"], out);
    assert.ok(files()["Pulumi.prod-eu.yaml"]?.endsWith(platform(commit)));
  });

  it("leaves behind by name the versions that the source has not run for fleet:soak", async () => {
    write({ "Pulumi.prod-eu.yaml": tree["Pulumi.prod-eu.yaml"].replace("# first", "# first\n  fleet:soak: 24h") });
    const args = ["promote", "staging", "prod-eu"];
    const runAfter = (hours: number) => run(args, { now: () => start + hours * hour });
    const early = await runAfter(23);
    assert.deepEqual([early.code, early.changed], [0, []], early.err);
    assert.match(early.err, /^stays behind: Flux v2\.9\.2 runs on staging for 23h, and fleet:soak is 24h$/m);
    assert.match(
      early.err,
      /^stays behind: the chart of HelmRelease platform\/proxy runs on staging for 23h, and fleet:soak is 24h$/m,
    );
    assert.deepEqual((await runAfter(24)).changed.sort(), ["Pulumi.prod-eu.yaml", chartFile, own]);
  });

  it("leaves behind by name what is not Ready, or not for long enough, and moves the others", async () => {
    const soak = tree["Pulumi.prod-eu.yaml"].replace("# first", "# first\n  fleet:soak: 24h");
    write({ "Pulumi.prod-eu.yaml": soak });
    const args = ["promote", "staging", "prod-eu"];
    const broken = async () => looked(look(first), look(commit, { "team-a/team-a": "quota exceeded" }));
    const { code, err, changed } = await run(args, { outputs: broken });
    assert.deepEqual([code, changed.sort()], [0, ["Pulumi.prod-eu.yaml", chartFile]]);
    assert.match(
      err,
      /^stays behind: stacks\/prod-eu\/.*team-a: was not Ready on the stack staging .*: quota exceeded\..*\n$/,
    );
    const young = await run(args, { outputs: async () => looked(look(second)), now: () => start + 3 * hour });
    assert.deepEqual([young.code, young.out, young.changed], [0, "", []]);
    assert.equal(
      young.err,
      "stays behind: platform is Ready for 3h, and fleet:soak is 24h\nstays behind: team-a is Ready for 3h, and fleet:soak is 24h\n",
    );
    const never = await run(args, { outputs: async () => outputs() });
    assert.match(never.err, /team-a: was never Ready on the stack staging\. Run npx fleet wait staging first\.\n$/);
  });

  it("moves nothing by itself that follows a branch on purpose, and pins it when it is named", async () => {
    const follows = {
      "Pulumi.prod-eu.yaml": `${tree["Pulumi.prod-eu.yaml"].replace("v2.8.1", "v2.9.2")}  fleet:platformRevision: {branch: main}\n`,
      [own]: "# Yes.\nsync:\n  ref:\n    branch: main\n",
      [chartFile]: tree[chartFile].replace("4.11.3", "4.12.0"),
    };
    write(follows);
    const all = await run(["promote", "staging", "prod-eu"]);
    assert.deepEqual(
      [all.out, all.changed],
      ["Nothing to do: the files of prod-eu name what staging runs.\n", []],
      all.err,
    );
    const named = await run(["promote", "staging", "prod-eu", "--tenant", "team-a"]);
    assert.deepEqual(named.changed, [own], named.err);
    assert.equal(files()[own], `# Yes.\nsync:\n${ref(commit)}`);
  });

  it("pins a tenant to the commit that was Ready, with its branch, in its overlay alone, and moves it on", async () => {
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    const { code, changed, err } = await run(args);
    assert.deepEqual([code, changed], [0, [own]], err);
    assert.equal(files()[own], `${tree[own]}${ref(commit)}`);
    assert.match((await run(args)).out, /^Nothing to do/);
    const next = await run(args, { outputs: async () => looked(look(commit), look(first)) });
    assert.match(next.out, new RegExp(`-    commit: ${commit}\n\\+    commit: ${first}`));
  });

  it("rolls back to a revision of the record, by name or to the one before, also while the tenant is broken", async () => {
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    const record = async () => looked(look(first), look(second), look(commit, { "team-a/team-a": "boom" }));
    const at = { outputs: record };
    await refused(
      [...args, "--back"],
      at,
      1,
      /names no commit or tag, so there is none before it\. Those that were, the newest first: next@sha1:b+, next@sha1:a+\.$/,
    );
    await run([...args, "--revision", second.slice(0, 7)], at);
    assert.equal(files()[own], `${tree[own]}${ref(second)}`);
    await run([...args, "--back"], at);
    assert.equal(files()[own], `${tree[own]}${ref(first)}`);
    await refused([...args, "--back"], at, 1, /is a+, the first in the record of the stack staging\./);
    for (const unknown of [commit, "aaa", "main", "v1"]) {
      await refused(
        [...args, "--revision", unknown],
        at,
        1,
        /team-a: "\w+" is no revision that was Ready on the stack staging\. Those/,
      );
    }
    const platformBack = ["promote", "staging", "prod-eu", "--platform"];
    await run([...platformBack, "--revision", commit], at);
    await run([...platformBack, "--back"], at);
    assert.ok(files()["Pulumi.prod-eu.yaml"]?.endsWith(platform(second)));
  });

  it("rolls back to the branch on which the other has applied the revision, and not to that of now", async () => {
    const record = async () => looked(look(first, {}, `old@sha1:${first}`), look(second));
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    await run([...args, "--revision", second], { outputs: record });
    assert.equal(files()[own], `${tree[own]}${ref(second)}`);
    await run([...args, "--back"], { outputs: record });
    assert.equal(files()[own], `${tree[own]}${ref(first).replace("next", "old")}`);
  });

  it("pins a tenant that follows tags to the tag", async () => {
    write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nsync:\n  ref: {semver: ~1.4}\n" });
    const { changed } = await run(["promote", "staging", "prod-eu", "--tenant", "team-a"], {
      outputs: async () => looked(look(commit, {}, `refs/tags/v1.4.2@sha1:${commit}`)),
    });
    assert.deepEqual(changed, [own]);
    assert.match(files()[own] ?? "", /ref:\n {4}tag: v1\.4\.2\n {4}semver: null\n$/);
    const before = async () =>
      looked(look(first, {}, `main@sha1:${first}`), look(commit, {}, `refs/tags/v1.4.2@sha1:${commit}`));
    await run(["promote", "staging", "prod-eu", "--tenant", "team-a", "--back"], { outputs: before });
    assert.match(files()[own] ?? "", /ref:\n {4}commit: a{40}\n {4}semver: null\n$/);
  });

  it("pins each sync of a tenant at its place, and none of them when one is not Ready", async () => {
    write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nsyncs:\n  jobs: {path: ./jobs}\n" });
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    const two = (waiting: ReadyLook["waiting"]) => async () => {
      const one = look(commit, {}, `main@sha1:${commit}`);
      const revisions =
        Object.keys(waiting).length > 0 ? one.revisions : { ...one.revisions, "team-a/jobs": `main@sha1:${first}` };
      return looked({ revisions, waiting });
    };
    await refused(
      args,
      { outputs: two({ "team-a/jobs": "boom" }) },
      1,
      /syncs\.jobs\.ref: team-a\/jobs: was never Ready/,
    );
    await run(args, { outputs: two({}) });
    assert.equal(
      files()[own],
      `${tree[own]}  ref:\n    commit: ${commit}\nsyncs:\n  jobs:\n    ref:\n      commit: ${first}\n`,
    );
  });

  it("takes away the other references of all files that the overlay is laid over", async () => {
    write({
      "stacks/groups/web.yaml": "sync: {ref: {branch: group}}\n",
      "stacks/base/tenants/team-a.yaml": "name: team-a\ngroup: web\nsync:\n  ref: {branch: null}\n",
      "stacks/prod-eu/defaults.yaml": "sync: {ref: {semver: ~1.4}}\n",
    });
    const { code, err } = await run(["promote", "staging", "prod-eu", "--tenant", "team-a"], {
      outputs: async () => looked(look(commit)),
    });
    assert.equal(code, 0, err);
    const overlay = files()["stacks/prod-eu/tenants/team-a.yaml"] ?? "";
    assert.match(overlay, /ref:\n {4}commit: "?[0-9a-f]{40}"?\n {4}branch: next\n {4}semver: null\n$/);
  });

  describe("fleet stack list", () => {
    it("prints the chain, with stacks that cannot be read", async () => {
      const read = async (_root: string, stack: string) =>
        stack === "staging" ? outputs() : { reason: "not logged in" };
      const { code, out } = await run(["stack", "list"], { outputs: read });
      assert.equal(code, 0);
      assert.match(out, /^staging\n {2}Flux: v2\.9\.2 [0-9a-f]{8} since 2026-01-01T00:00:00Z\n/);
      assert.match(out, /\n\nprod-eu, promotes from staging\n {2}outputs could not be read: not logged in\n$/);
    });
  });
});
