import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command, CommanderError } from "commander";
import { addPromoteCommand, type PromoteSources } from "../../../cli/commands/promote.js";
import { addStackCommands } from "../../../cli/commands/stack.js";
import { explain } from "../../../cli/explain.js";
import type { StackOutputs } from "../../../cli/stack-outputs.js";
import { fleetError } from "../../../lib/diagnostics/problem.js";
import { fluxValue, type Part } from "../../../promotion/content.js";
import { nextProof } from "../../../promotion/proof.js";
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
  "Pulumi.prod-eu.yaml": settings("v2.8.1", "  fleet:promotesFrom: staging"),
  "flux.lock.json": JSON.stringify({ "v2.9.2": older, "v2.8.1": older }),
  "fleet/clusters/prod-eu/kustomization.yaml": "resources: [two.yaml]\n",
  "fleet/clusters/prod-eu/two.yaml": `${release("4.11.2", "other")}---\n${release("4.11.3")}`,
};

/** The outputs of staging. @param values of its parts, in place of those of the checkout */
function outputs({ flux = fluxValue("v2.9.2", older), chart = "ingress-nginx 4.12.0" } = {}): StackOutputs {
  const content: readonly Part[] = [
    { kind: "flux", name: "", value: flux, ...at },
    { kind: "chart", name: "HelmRelease platform/proxy", value: chart, ...at },
  ];
  return { outputs: { proved: nextProof({ before: undefined, content, now: start }) } };
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
    const read = { outputs: async () => outputs(), revision: async () => `next@sha1:${commit}`, ...changes };
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
    const other = async () => outputs({ flux: `v2.9.2 sha256:${"0".repeat(64)}` });
    await refused(
      args,
      { outputs: other },
      1,
      /^flux\.lock\.json: v2\.9\.2: does not pin Flux v2\.9\.2 as the stack staging/,
    );
  });

  it("changes nothing when one of the edits is refused", async () => {
    const args = ["promote", "staging", "prod-eu", "--flux", "--tenant", "team-a"];
    const revision = async () => {
      throw fleetError("stacks/staging/tenants/team-a.yaml", "sync", "is not Ready on the stack staging: boom");
    };
    await refused(args, { revision }, 1, /team-a\.yaml: sync: is not Ready on the stack staging: boom/);
    await refused(
      args,
      { revision: async () => "latest" },
      1,
      /runs the revision "latest" on the stack staging, which/,
    );
    const chart = async () => outputs({ chart: "other-chart 1.0.0" });
    await refused(
      ["promote", "staging", "prod-eu"],
      { outputs: chart },
      1,
      /two\.yaml:\d+: spec\.chart\.spec\.version: has the chart ingress-nginx 4\.11\.3, and the stack staging has run other/,
    );
  });

  it("edits the version of Flux and of charts, and keeps every other line", async () => {
    const { code, out, changed } = await run(["promote", "staging", "prod-eu"]);
    assert.deepEqual([code, changed.sort()], [0, ["Pulumi.prod-eu.yaml", "fleet/clusters/prod-eu/two.yaml"]]);
    assert.equal(files()["Pulumi.prod-eu.yaml"], tree["Pulumi.prod-eu.yaml"].replace("v2.8.1", "v2.9.2"));
    const two = tree["fleet/clusters/prod-eu/two.yaml"];
    assert.equal(files()["fleet/clusters/prod-eu/two.yaml"], two.replace("4.11.3", "4.12.0"));
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
    assert.doesNotMatch(dry.out, /fluxVersion/);
    assert.deepEqual((await run(["promote", "staging", "prod-eu", "--flux"])).changed, ["Pulumi.prod-eu.yaml"]);
  });

  it("pins a tenant to the commit that is Ready, in its overlay alone", async () => {
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    const file = "stacks/prod-eu/tenants/team-a.yaml";
    const { code, changed, err } = await run(args);
    assert.deepEqual([code, changed], [0, [file]], err);
    assert.equal(files()[file], `${tree[file]}  ref:\n    commit: "${commit}"\n    branch: null\n`.replaceAll('"', ""));
    assert.match((await run(args)).out, /^Nothing to do/);
    const newer = commit.replaceAll("0", "f");
    const next = await run(args, { revision: async () => `next@sha1:${newer}` });
    assert.match(next.out, new RegExp(`-    commit: ${commit}\n\\+    commit: ${newer}`));
  });

  it("pins a tenant that follows tags to the tag", async () => {
    write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nsync:\n  ref: {semver: ~1.4}\n" });
    const { changed } = await run(["promote", "staging", "prod-eu", "--tenant", "team-a"], {
      revision: async () => `v1.4.2@sha1:${commit}`,
    });
    assert.deepEqual(changed, ["stacks/prod-eu/tenants/team-a.yaml"]);
    assert.match(files()["stacks/prod-eu/tenants/team-a.yaml"] ?? "", /ref:\n {4}tag: v1\.4\.2\n {4}semver: null\n$/);
  });

  it("takes away the other references of all files that the overlay is laid over", async () => {
    write({
      "stacks/groups/web.yaml": "sync: {ref: {branch: group}}\n",
      "stacks/base/tenants/team-a.yaml": "name: team-a\ngroup: web\nsync:\n  ref: {branch: null}\n",
      "stacks/prod-eu/defaults.yaml": "sync: {ref: {semver: ~1.4}}\n",
    });
    const { code, err } = await run(["promote", "staging", "prod-eu", "--tenant", "team-a"], {
      revision: async () => `main@sha1:${commit}`,
    });
    assert.equal(code, 0, err);
    const overlay = files()["stacks/prod-eu/tenants/team-a.yaml"] ?? "";
    assert.match(overlay, /ref:\n {4}commit: "?[0-9a-f]{40}"?\n {4}semver: null\n$/);
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
