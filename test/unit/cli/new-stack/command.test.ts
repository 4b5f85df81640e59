import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAll } from "../../../../cli/new-stack/write-files.js";
import { recordStack } from "../../../../review/record/record-stack.js";
import { findingLine, isBlocking, judge } from "../../../../review/rules/judge.js";
import { fixtures } from "../../../support/fixtures.js";
import { root as checkout } from "../../../support/unit/fleet.js";
import { runFleet } from "../../../support/unit/run-fleet.js";
import { stackConfig, stackSpec } from "../../../support/unit/stack-config.js";
import { readTree, type Tree, writeTree } from "../../../support/unit/tree-files.js";

describe("fleet stack new", () => {
  const { TMPDIR } = process.env;
  let root: string;
  let temporary: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-new-stack-test-"));
    // Other tests, and other runs on this machine, try out stacks as well.
    temporary = mkdtempSync(join(tmpdir(), "fleet-temporary-test-"));
    process.env.TMPDIR = temporary;
    copyData(fixtures);
    write({ CODEOWNERS: "*  @acme/platform\n/stacks/staging/  @acme/staging # first\n/fleet/  @acme/security\n" });
  });
  afterEach(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    for (const folder of [root, temporary]) rmSync(folder, { recursive: true, force: true });
  });

  /** The stacks of a folder, in place of those of the checkout. */
  function copyData(folder: string): void {
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    const data = readdirSync(folder).filter((name) => /^(stacks|fleet|Pulumi\..+\.yaml)$/.test(name));
    for (const name of data) cpSync(join(folder, name), join(root, name), { recursive: true });
    cpSync(join(checkout, "flux.lock.json"), join(root, "flux.lock.json"));
  }

  function write(files: Tree): void {
    writeTree(root, files);
  }

  const read = (file: string) => readFileSync(join(root, file), "utf8");
  const extend = (file: string, text: string) => write({ [file]: `${read(file)}${text}` });

  const tree = () => readTree(root);
  const fleet = (...args: readonly string[]) => runFleet(root, ...args);
  const create = (...args: readonly string[]) => fleet("stack", "new", ...args);

  /** The output of a check that finds no problem. */
  function soundCheck(summary: string, silent: string): RegExp {
    const lines = [`${summary}, Flux v2\\.9\\.2`, "fleet/: checked without kustomize; .*", `.* for ${silent}: set .*`];
    return new RegExp(`^${lines.join("\n")}\n$`);
  }

  /** Expects a refusal that changes nothing, and leaves nothing in the folder of temporary files. */
  async function refused(args: readonly string[], code: number, message: RegExp): Promise<void> {
    const before = tree();
    const result = await create(...args);
    assert.deepEqual([result.code, result.out], [code, ""], result.err);
    assert.match(result.err, message);
    assert.deepEqual(tree(), before);
    assert.deepEqual(readdirSync(temporary), []);
  }

  for (const [what, args, message] of [
    ["no source", ["prod-us"], /required option '--from <stack>' not specified/],
    ["a source that does not exist", ["prod-us", "--from", "stagin"], /no stack "stagin"\. Did you mean staging\?/],
    ["base as the source", ["prod-us", "--from", "base"], /there is no stack "base"/],
    ["a name in capitals", ["Prod-US", "--from", "staging"], /'Prod-US' is invalid .* It is not a DNS label/],
    ["a name that leads elsewhere", ["../prod-us", "--from", "staging"], /It is not a DNS label/],
    ["an empty name", ["", "--from", "staging"], /It is empty/],
    ["the reserved name", ["base", "--from", "staging"], /It is reserved: stacks\/base holds/],
    ["the name of the source", ["staging", "--from", "staging"], /there is a stack staging already/],
    [
      "a name that is taken",
      ["prod-eu", "--from", "staging"],
      /there is a stack prod-eu already\. The stacks are prod-eu, st/,
    ],
    [
      "an unknown tenant",
      ["prod-us", "--from", "staging", "--tenants", "team-serch"],
      /the stack staging has no tenant "team-serch"\. Did you mean team-search\?/,
    ],
    ["an empty list of tenants", ["prod-us", "--from", "staging", "--tenants", ""], /has no tenant ""/],
  ] as const) {
    it(`refuses ${what}`, () => refused(args, 2, message));
  }

  it("refuses a source with problems, and one whose settings are encrypted", async () => {
    const settings = read("Pulumi.staging.yaml");
    write({ "Pulumi.staging.yaml": `${settings}  fleet:logLevel: loud\n` });
    await refused(["prod-us", "--from", "staging"], 1, /^Pulumi\.staging\.yaml:\d+: fleet:logLevel: must be one of/);
    write({ "Pulumi.staging.yaml": `${settings}  fleet:githubOwner: {secure: v1:a:b}\n` });
    await refused(["prod-us", "--from", "staging"], 1, /is encrypted, so nothing can be derived .*: fleet:githubOwner/);
    rmSync(join(root, "Pulumi.staging.yaml"));
    await refused(["prod-us", "--from", "staging"], 1, /^Pulumi\.staging\.yaml: does not exist/);
  });

  it("refuses to write over a file, a folder or a link, and names each", async () => {
    write({ "fleet/clusters/prod-us/kustomization.yaml": "resources: []\n" });
    symlinkSync("nowhere", join(root, "stacks/prod-us"));
    await refused(
      ["prod-us", "--from", "staging"],
      1,
      /^fleet\/clusters\/prod-us: exists already.*\nfleet\/clusters\/prod-us\/kustomization\.yaml: exists already.*\nstacks\/prod-us: exists already.*\n$/,
    );
  });

  it("refuses a stack that would not load, with its problems", async () => {
    write({
      "stacks/base/tenants/team-a.yaml":
        "name: team-a\nexports: {api: {service: api, port: 80, to: [team-b], pods: {app: api}}}\n",
      "stacks/base/tenants/team-b.yaml": "name: team-b\nimports: {api: {tenant: team-a, export: api}}\n",
      "stacks/staging/tenants/team-a.yaml": "{}\n",
      "stacks/staging/tenants/team-b.yaml": "{}\n",
    });
    const { err } = await fleet("check", "staging");
    assert.equal(err, "");
    await refused(
      ["prod-us", "--from", "staging", "--tenants", "team-b"],
      1,
      /^The stack prod-us would have these problems, so nothing was written:\nstacks\/base\/tenants\/team-b\.yaml:\d+: imports\.api/,
    );
  });

  it("takes back what it wrote when a file cannot be written", () => {
    const before = tree();
    const files = {
      "Pulumi.a.yaml": "a",
      "stacks/a/tenants/t.yaml": "t",
      "stacks/staging/tenants/team-search.yaml": "",
    };
    assert.throws(() => writeAll(root, files, []), /EEXIST/);
    assert.deepEqual(tree(), before);
    const edit = { file: "CODEOWNERS", before: read("CODEOWNERS"), after: "new\n" };
    assert.throws(() => writeAll(root, { "new/a": "a" }, [edit, { ...edit, file: "nowhere/CODEOWNERS" }]), /ENOENT/);
    assert.deepEqual(tree(), before);
  });

  it("prints the files only with --dry-run", async () => {
    const before = tree();
    const { code, out, err } = await create("prod-us", "--from", "staging", "--dry-run");
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(tree(), before);
    assert.match(out, /^--- Pulumi\.prod-us\.yaml\n\+\+\+ Pulumi\.prod-us\.yaml\n\+config:\n/);
    assert.match(out, /\n\+ {2}fleet:promotesFrom: staging\n/);
    assert.match(out, /\n\+ {2}path: \.\/fleet\/infrastructure\/prod-us\n/);
    assert.match(out, /\n\+\/stacks\/prod-us\/ {2}@acme\/staging # first\n/);
  });

  for (const from of ["staging", "prod-eu"]) {
    it(`makes a stack of ${from} that loads, is recorded, and breaks no rule`, async () => {
      const { code, out, err } = await create("prod-us", "--from", from);
      assert.deepEqual([code, err], [0, ""]);
      const checked = await fleet("check", "prod-us");
      assert.deepEqual([checked.code, checked.err], [0, ""]);
      assert.match(checked.out, soundCheck("prod-us: 2 tenants", "team-payments, team-search"));
      for (const file of out.match(/^ {2}\S+\.yaml$/gm) ?? []) assert.ok(existsSync(join(root, file.trim())), file);

      // The matrix of the workflows follows from the files.
      const matrix = (await fleet("workflow", "stacks")).out;
      assert.match(matrix, /^stacks=\[.*"prod-us".*\]$/m);
      assert.ok(matrix.includes(`{"from":"${from}","to":"prod-us"}`), matrix);

      const spec = stackSpec(root, "prod-us");
      assert.equal(spec.github.ownsRepositories, false);
      assert.equal(spec.promotion.from, from);
      const plan = await recordStack({ root, spec, config: stackConfig(root, "prod-us") });
      assert.deepEqual([...plan.tenants].sort(), ["team-payments", "team-search"]);
      const today = "2026-11-27";
      assert.deepEqual(judge({ plan }, { waivers: [], today }).filter(isBlocking).map(findingLine), []);
    });
  }

  it("makes a stack of a fork: shared infrastructure, encrypted secrets, image automation, another organisation", async () => {
    copyData(join(fixtures, "fork"));
    const { code, out, err } = await create("try-out", "--from", "dev");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      /^ {2}Pulumi\.dev\.yaml: encryptionsalt\n {2}stacks\/dev\/tenants\/warehouse\.yaml: imageAutomation$/m,
    );
    assert.match(out, /^ {2}2\. pulumi config set --stack try-out --path --secret fleet:secrets\.warehouse\.chat$/m);
    assert.match(
      out,
      /pulumi up --stack live-us, after the merge\n.*pulumi up --stack dev, after the merge\n.*npx fleet wait dev, .*\n.*npx fleet promote dev try-out /,
    );
    assert.doesNotMatch(read("Pulumi.try-out.yaml"), /salt|secure/);
    assert.match(read("fleet/clusters/try-out/kustomization.yaml"), /- \.\.\/\.\.\/infrastructure\n/);
    extend("Pulumi.try-out.yaml", "  fleet:secrets:\n    warehouse:\n      chat: {secure: v1:aNonce:new}\n");
    assert.match((await fleet("check", "try-out")).out, soundCheck("try-out: 1 tenant", "warehouse"));
  });

  it("keeps the chain of other stacks, and can begin the next stack from the new one", async () => {
    assert.equal((await create("qa", "--from", "staging", "--tenants", "team-search")).code, 0);
    assert.equal((await create("prod-us", "--from", "qa")).code, 0);
    const checked = await fleet("check");
    assert.deepEqual([checked.code, checked.err], [0, ""]);
    assert.equal(stackSpec(root, "prod-us").promotion.from, "qa");
    assert.equal(read("CODEOWNERS").match(/@acme\/staging/g)?.length, 3);
  });

  it("copies the defaults of all tenants, with the folder of the new stack, and without a suspension", async () => {
    write({ "stacks/staging/defaults.yaml": "# Of all.\nlimits: {pods: 20}\nsync:\n  suspend: true\n  timeout: 4m\n" });
    const { code, out, err } = await create("prod-us", "--from", "staging");
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(read("stacks/prod-us/defaults.yaml"), "# Of all.\nlimits: {pods: 20}\nsync:\n  timeout: 4m\n");
    assert.match(out, /\n {2}stacks\/staging\/defaults\.yaml: sync\.suspend\n/);
  });

  it("makes a stack without tenants", async () => {
    const { code, err } = await create("prod-us", "--from", "staging", "--tenants", "none");
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(readdirSync(join(root, "stacks/prod-us/tenants")), [".gitkeep"]);
    assert.match((await fleet("check", "prod-us")).out, /^prod-us: 0 tenants/);
  });

  it("lists what it did not copy, waivers of the source too, and values to correct", async () => {
    // A waiver holds for a year at most.
    const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const waiver = { rule: "read-only-keys", tenant: "team-search", reason: "r", owner: "@a", expires };
    const waivers = [{ ...waiver, stack: "staging" }, waiver];
    write({ "stacks/waivers.yaml": JSON.stringify({ waivers }) });
    extend("Pulumi.staging.yaml", "  fleet:cluster: eu-1\nencryptionsalt: v1:salt\n");
    const { out, err } = await create("prod-us", "--from", "staging");
    assert.equal(err, "");
    const section = (title: string) => new RegExp(`^${title}\\n((?: {2}.*\\n)+)`, "m").exec(out)?.[1] ?? "";
    assert.equal(
      section("Not copied, because it belongs to staging:"),
      "  Pulumi.staging.yaml: encryptionsalt, fleet:cluster\n  stacks/waivers.yaml: waiver of read-only-keys\n",
    );
    assert.match(
      section("Copied from staging; .*:"),
      /^ {2}Pulumi\.prod-us\.yaml: fleet:variables: environment, region, /,
    );
    assert.match(section("Copied from staging; .*:"), /\n {2}Pulumi\.prod-us\.yaml:\d+: environment: staging\n/);
    assert.doesNotMatch(section("Copied from staging; .*:"), /# (Nothing|With a branch)/);
    assert.equal(section("Changed:"), "  CODEOWNERS\n");
    assert.match(section("Next steps:"), /^ {2}1\. pulumi stack init prod-us, and commit/);
    assert.match(
      section("Next steps:"),
      /folder \.\/deploy\/prod-us in the repositories .*: team-payments, team-search\n/,
    );
  });

  it("prints the secrets to set, and lets check name each that is missing", async () => {
    extend(
      "Pulumi.staging.yaml",
      "  fleet:secrets:\n    team-search:\n      chat:\n        secure: v1:aNonce:hidden\n",
    );
    extend("stacks/base/tenants/team-search.yaml", "notifications:\n  chat: {type: slack, secret: chat}\n");
    extend("Pulumi.prod-eu.yaml", "  fleet:secrets:\n    team-search:\n      chat: {secure: v1:aNonce:other}\n");
    const { code, out, err } = await create("prod-us", "--from", "staging");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, / pulumi config set --stack prod-us --path --secret fleet:secrets\.team-search\.chat\n/);
    assert.match(out, / npx fleet check prod-us \(until the values above are set, it lists 1\)\n/);
    assert.doesNotMatch(read("Pulumi.prod-us.yaml"), /secure|hidden|fleet:secrets/);
    const checked = await fleet("check", "prod-us");
    assert.equal(checked.code, 1);
    assert.match(checked.err, /^\S+: \S+: "chat" is no secret of the tenant team-search .*Set it: pulumi config set/);
    extend("Pulumi.prod-us.yaml", "  fleet:secrets:\n    team-search:\n      chat: {secure: v1:aNonce:new}\n");
    assert.equal((await fleet("check", "prod-us")).code, 0);
  });
});
