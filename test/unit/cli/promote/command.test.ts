import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  commit,
  first,
  hour,
  look,
  looked,
  outputs,
  own,
  PromoteCheckout,
  platform,
  proof,
  ref,
  second,
  start,
  tree,
} from "../../../support/unit/promote-checkout.js";

describe("fleet promote", () => {
  let checkout: PromoteCheckout;
  beforeEach(() => {
    checkout = new PromoteCheckout();
  });
  afterEach(() => checkout.end());

  it("refuses stacks and tenants that do not exist, with the one that was meant", async () => {
    await checkout.refused(
      ["promote", "stagin", "prod-eu"],
      {},
      2,
      /there is no stack "stagin"\. Did you mean staging\?/,
    );
    await checkout.refused(
      ["promote", "staging", "prodeu"],
      {},
      2,
      /there is no stack "prodeu"\. Did you mean prod-eu\?/,
    );
    const tenant = ["promote", "staging", "prod-eu", "--tenant", "team-aa"];
    await checkout.refused(tenant, {}, 2, /the stack staging has no tenant "team-aa"\. Did you mean team-a\?/);
  });

  it("refuses a stack that does not follow the other", async () => {
    await checkout.refused(
      ["promote", "prod-eu", "staging"],
      {},
      1,
      /^Pulumi\.staging\.yaml: fleet:promotesFrom: is not set, so staging follows no stack\. Promote from that stack, or set it: pulumi/,
    );
  });

  it("refuses a source that cannot be read, has run nothing, or has run another Flux of that version", async () => {
    const args = ["promote", "staging", "prod-eu"];
    const reason = async () => ({ reason: "no stack named 'staging' found" });
    await checkout.refused(
      args,
      { outputs: reason },
      1,
      /outputs of the stack staging could not be read: no stack named/,
    );
    await checkout.refused(
      args,
      { outputs: async () => ({ outputs: {} }) },
      1,
      /has no output that says what it has run/,
    );
    const other = async () => outputs(proof({ flux: `v2.9.2 sha256:${"0".repeat(64)}` }));
    await checkout.refused(
      args,
      { outputs: other },
      1,
      /^flux\.lock\.json: v2\.9\.2: does not pin Flux v2\.9\.2 as the stack staging/,
    );
  });

  it("refuses overlays that do not merge, of either stack, with file and line, and edits none", async () => {
    const others = { "stacks/staging/tenants/team-a.yaml": "", [own]: tree[own] };
    for (const [file, text, message] of [
      [own, "sync: [timeout]\n", /^stacks\/prod-eu\/tenants\/team-a\.yaml:1: sync: /],
      [own, "- sync\n", /^stacks\/prod-eu\/tenants\/team-a\.yaml:1: /],
      [own, "sync: {\n", /^stacks\/prod-eu\/tenants\/team-a\.yaml:\d: /],
      ["stacks/staging/tenants/team-a.yaml", "sync: 5\n", /^stacks\/staging\/tenants\/team-a\.yaml:1: sync: /],
    ] as const) {
      checkout.write({ ...others, [file]: text });
      await checkout.refused(["promote", "staging", "prod-eu"], {}, 1, message);
    }
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
    for (const [args, message] of cases) await checkout.refused([...both, ...args], {}, 2, message);
  });

  it("changes nothing when one of the edits is refused", async () => {
    const args = ["promote", "staging", "prod-eu", "--flux", "--platform", "--tenant", "team-a"];
    const waiting = async () => looked(look(first), look(commit, { "team-a/team-a": "boom" }));
    await checkout.refused(
      args,
      { outputs: waiting },
      1,
      /^stacks\/prod-eu\/tenants\/team-a\.yaml: sync\.ref: team-a: was not Ready on the stack staging when npx fleet wait looked: boom\. Correct it there/,
    );
    await checkout.refused(
      args,
      { outputs: async () => outputs() },
      1,
      /platformRevision: platform: was never Ready on the stack staging\. Run npx fleet wait staging first/,
    );
    const unnamed = async () => looked(look(first, {}, "latest"));
    await checkout.refused(
      args,
      { outputs: unnamed },
      1,
      /sync\.ref: the stack staging runs the revision "latest", which names no/,
    );
    const chart = async () => outputs(proof({ chart: "other-chart 1.0.0" }));
    await checkout.refused(
      ["promote", "staging", "prod-eu"],
      { outputs: chart },
      1,
      /two\.yaml:\d+: spec\.chart\.spec\.version: has the chart ingress-nginx 4\.11\.3, and the stack staging has run other/,
    );
  });

  it("names a chart in a List, which it cannot edit", async () => {
    const file = "fleet/clusters/prod-eu/two.yaml";
    const items = tree[file].split("---\n").map((text) => `  - ${text.trim().replaceAll("\n", "\n    ")}\n`);
    checkout.write({ [file]: `apiVersion: v1\nkind: List\nitems:\n${items.join("")}` });
    const message =
      /two\.yaml:\d+: items\[1\]\.spec\.chart\.spec\.version: has the chart ingress-nginx 4\.11\.3.*by hand/;
    await checkout.refused(["promote", "staging", "prod-eu"], {}, 1, message);
  });

  it("takes back what it wrote when a file cannot be written", async () => {
    const now = () => {
      rmSync(join(checkout.root, "stacks/prod-eu/tenants"), { recursive: true });
      return start;
    };
    const { code, err } = await checkout.run(["promote", "staging", "prod-eu", "--platform", "--tenant", "team-a"], {
      now,
    });
    assert.equal(code, 1, err);
    assert.equal(checkout.files()["Pulumi.prod-eu.yaml"], tree["Pulumi.prod-eu.yaml"]);
  });

  const chartFile = "fleet/clusters/prod-eu/two.yaml";

  it("edits everything that the other runs, and keeps every other line", async () => {
    const { code, out, err, changed } = await checkout.run(["promote", "staging", "prod-eu"]);
    assert.deepEqual([code, err, changed.sort()], [0, "", ["Pulumi.prod-eu.yaml", chartFile, own]]);
    const settings = tree["Pulumi.prod-eu.yaml"];
    assert.equal(checkout.files()["Pulumi.prod-eu.yaml"], `${settings.replace("v2.8.1", "v2.9.2")}${platform(commit)}`);
    assert.equal(checkout.files()[chartFile], tree[chartFile].replace("4.11.3", "4.12.0"));
    assert.equal(checkout.files()[own], `${tree[own]}${ref(commit)}`);
    assert.match(out, /^--- Pulumi\.prod-eu\.yaml$/m);
    assert.match(out, /^- {2}fleet:fluxVersion: v2\.8\.1 # tested\n\+ {2}fleet:fluxVersion: v2\.9\.2 # tested$/m);
    const again = await checkout.run(["promote", "staging", "prod-eu"]);
    assert.deepEqual([again.code, again.changed], [0, []]);
    assert.equal(again.out, "Nothing to do: the files of prod-eu name what staging runs.\n");
  });

  it("edits only what its flags name, and nothing with --dry-run", async () => {
    const dry = await checkout.run(["promote", "staging", "prod-eu", "--charts", "--dry-run"]);
    assert.deepEqual([dry.code, dry.changed], [0, []]);
    assert.match(dry.out, /^\+ {6}version: 4\.12\.0$/m);
    assert.doesNotMatch(dry.out, /fluxVersion|commit/);
    assert.deepEqual((await checkout.run(["promote", "staging", "prod-eu", "--flux"])).changed, [
      "Pulumi.prod-eu.yaml",
    ]);
    const { out, changed } = await checkout.run(["promote", "staging", "prod-eu", "--platform"]);
    assert.deepEqual(changed, ["Pulumi.prod-eu.yaml"], out);
    assert.ok(checkout.files()["Pulumi.prod-eu.yaml"]?.endsWith(platform(commit)));
  });

  it("leaves behind by name the versions that the source has not run for fleet:soak", async () => {
    checkout.write({
      "Pulumi.prod-eu.yaml": tree["Pulumi.prod-eu.yaml"].replace("# first", "# first\n  fleet:soak: 24h"),
    });
    const args = ["promote", "staging", "prod-eu"];
    const runAfter = (hours: number) => checkout.run(args, { now: () => start + hours * hour });
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
    checkout.write({ "Pulumi.prod-eu.yaml": soak });
    const args = ["promote", "staging", "prod-eu"];
    const broken = async () => looked(look(first), look(commit, { "team-a/team-a": "quota exceeded" }));
    const { code, err, changed } = await checkout.run(args, { outputs: broken });
    assert.deepEqual([code, changed.sort()], [0, ["Pulumi.prod-eu.yaml", chartFile]]);
    assert.match(
      err,
      /^stays behind: stacks\/prod-eu\/.*team-a: was not Ready on the stack staging .*: quota exceeded\..*\n$/,
    );
    const young = await checkout.run(args, { outputs: async () => looked(look(second)), now: () => start + 3 * hour });
    assert.deepEqual([young.code, young.out, young.changed], [0, "", []]);
    assert.equal(
      young.err,
      "stays behind: platform is Ready for 3h, and fleet:soak is 24h\nstays behind: team-a is Ready for 3h, and fleet:soak is 24h\n",
    );
    const never = await checkout.run(args, { outputs: async () => outputs() });
    assert.match(never.err, /team-a: was never Ready on the stack staging\. Run npx fleet wait staging first\.\n$/);
  });

  it("moves nothing by itself that follows a branch on purpose, and pins it when it is named", async () => {
    const follows = {
      "Pulumi.prod-eu.yaml": `${tree["Pulumi.prod-eu.yaml"].replace("v2.8.1", "v2.9.2")}  fleet:platformRevision: {branch: main}\n`,
      [own]: "# Yes.\nsync:\n  ref:\n    branch: main\n",
      [chartFile]: tree[chartFile].replace("4.11.3", "4.12.0"),
    };
    checkout.write(follows);
    const all = await checkout.run(["promote", "staging", "prod-eu"]);
    assert.deepEqual(
      [all.out, all.changed],
      ["Nothing to do: the files of prod-eu name what staging runs.\n", []],
      all.err,
    );
    const named = await checkout.run(["promote", "staging", "prod-eu", "--tenant", "team-a"]);
    assert.deepEqual(named.changed, [own], named.err);
    assert.equal(checkout.files()[own], `# Yes.\nsync:\n${ref(commit)}`);
  });
});
