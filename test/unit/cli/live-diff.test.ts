import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { EnginePreview, EngineState } from "../../../review/live/preview.js";
import { EngineCheckout } from "../../support/unit/engine-checkout.js";
import { enginePreview, engineState, engineStep } from "../../support/unit/engine-preview.js";
import { runFleet } from "../../support/unit/run-fleet.js";

/** Notes its arguments, and prints the file of its command. Both streams are the test's. */
const engine = `#!/bin/sh
echo "$@" >> "$NOTES"
echo "$1 \${PULUMI_SKIP_CHECKPOINTS-unset}" >> "$NOTES.checkpoints"
cat "$NOTES.$1.json"
cat "$NOTES.stderr" >&2
exit "$EXIT_CODE"
`;

const quota = (pods: string): EngineState =>
  engineState("kubernetes:core/v1:ResourceQuota", "a-quota", {
    inputs: { metadata: { name: "tenant", namespace: "a" }, spec: { hard: { pods } } },
  });

const repository = (visibility: string): EngineState =>
  engineState("github:index/repository:Repository", "open", { inputs: { name: "open", visibility } });

describe("fleet diff --live", () => {
  let checkout: EngineCheckout;

  beforeEach(() => {
    // No clone: the command needs none.
    checkout = new EngineCheckout({ pulumi: engine, git: "#!/bin/sh\nexit 128\n" });
    checkout.write({ "notes.stderr": "" });
    prints("preview", enginePreview([engineStep("same", { before: quota("5"), after: quota("5") })]));
    prints("refresh", enginePreview([]));
  });
  afterEach(() => checkout.end());

  function prints(command: "preview" | "refresh", preview: EnginePreview): void {
    checkout.write({ [`notes.${command}.json`]: JSON.stringify(preview) });
  }

  const diff = (...args: readonly string[]) => runFleet(checkout.root, "diff", ...args);

  for (const [args, message] of [
    [["--live"], /--live needs the name of one stack: npx fleet diff --live STACK/],
    [["--live", "staging", "prod-eu"], /--live needs the name of one stack/],
    [["--live", "stagin"], /there is no stack "stagin"\. Did you mean staging\?/],
    [["--live", "staging", "--base", "origin/main"], /'--live' cannot be used with option '--base <revision>'/],
    [["--live", "staging", "--without-flux"], /'--live' cannot be used with option '--without-flux'/],
    [
      ["--live", "staging", "--comment", "acme/fleet#1"],
      /'--live' cannot be used with option '--comment <pull request>'/,
    ],
    [["--refresh", "staging"], /--refresh needs --live/],
    [["--live", "staging", "--show-secrets"], /unknown option '--show-secrets'/],
  ] as const) {
    it(`starts no engine, and ends with 2, for: diff ${args.join(" ")}`, async () => {
      const { code, out, err } = await diff(...args);
      assert.deepEqual([code, out, checkout.noted()], [2, "", []]);
      assert.match(err, message);
    });
  }

  it("starts no engine while the files of the stack have problems", async () => {
    checkout.write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits: {size: huge}\n" });
    const { code, out, err } = await diff("--live", "staging");
    assert.deepEqual([code, out, checkout.noted()], [1, "", []]);
    assert.match(err, /team-a\.yaml:2: limits\.size: must be one of small/);
  });

  it("starts no engine with further targets in the environment", async () => {
    process.env.PULUMI_OPTION_TARGET = "urn";
    try {
      const { code, out, err } = await diff("--live", "staging");
      assert.deepEqual([code, out, checkout.noted()], [1, "", []]);
      assert.match(err, /^PULUMI_OPTION_TARGET would change which resources/);
    } finally {
      delete process.env.PULUMI_OPTION_TARGET;
    }
  });

  it("says what is missing when there is no engine", async () => {
    rmSync(join(checkout.root, "bin/pulumi"));
    process.env.PATH = join(checkout.root, "bin");
    const { code, out, err } = await diff("--live", "staging");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /pulumi could not be started: it is not in PATH\.\nWhat to do: install Pulumi/);
  });

  it("previews the whole stack once, and never asks for secrets", async () => {
    const { code, out, err } = await diff("--live", "staging");
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.match(out, /^working tree compared with the state of the stack, stacks staging\.\n/);
    assert.match(out, /No stack registers anything else than before\./);
    assert.deepEqual(checkout.noted(), [
      "preview --json --non-interactive --color never --stack staging --show-sames --refresh=false",
    ]);
  });

  it("previews a refresh of everything but Secrets with --refresh", async () => {
    prints("refresh", enginePreview([engineStep("update", { before: quota("5"), after: quota("500") })]));
    const { code, out } = await diff("--live", "--refresh", "staging");
    assert.equal(code, 0);
    assert.match(out, /Loss: quota a\/tenant lowered: pods from 500 to 5, on staging\n/);
    const [, refresh, ...others] = checkout.noted();
    const options = "--preview-only --exclude **kubernetes:core/v1:Secret::**";
    assert.equal(refresh, `refresh --json --non-interactive --color never --stack staging ${options}`);
    assert.deepEqual(others, []);
  });

  it("has the engine serialize the state once in each preview", async () => {
    assert.equal((await diff("--live", "--refresh", "staging")).code, 0);
    assert.equal(readFileSync(`${checkout.notes}.checkpoints`, "utf8"), "preview true\nrefresh true\n");
  });

  it("prints what rules refuse, and ends with 1", async () => {
    const step = engineStep("update", { before: repository("private"), after: repository("public") });
    prints("preview", enginePreview([step]));
    const { code, out, err } = await diff("--live", "staging", "--output", "json");
    assert.equal(code, 1);
    const { entries } = JSON.parse(out) as { readonly entries: readonly { readonly section: string }[] };
    assert.equal(entries[0]?.section, "rules");
    assert.match(err, /^open: \[private-repositories\] the repository open is public: /);
  });

  it("shows notes of the program above, and its warnings among the entries", async () => {
    const said = [
      { severity: "info", message: "The account may not read secrets." },
      { severity: "warning", message: "warning: The ResourceQuota tenant was changed by hand." },
    ];
    prints("preview", enginePreview([], said));
    const { out } = await diff("--live", "staging");
    assert.match(out, /\nNote: The account may not read secrets\.\n/);
    assert.match(
      out,
      /\nWarnings of the preview\n {2}Warning: The ResourceQuota tenant was changed by hand, on staging\n/,
    );
  });

  it("fails with the sentences of the program when that refuses, and prints nothing else", async () => {
    const refused = "\nPulumi.staging.yaml: stack: the namespace a exists.\nenvironment: KUBECONFIG: no answer.";
    const said = [
      { severity: "warning", message: "not this" },
      { severity: "error", message: refused, urn: "urn:pulumi:staging::fleet::pulumi:pulumi:Stack::fleet-staging" },
      { severity: "error", message: "update failed", urn: quota("5").urn },
    ];
    prints("preview", enginePreview([engineStep("create", { after: quota("5") })], said));
    process.env.EXIT_CODE = "255";
    const { code, out, err } = await diff("--live", "staging");
    assert.deepEqual([code, out], [1, ""]);
    assert.deepEqual(err.trim().split("\n"), [
      "pulumi preview of the stack staging failed. Nothing was changed.",
      "  Pulumi.staging.yaml: stack: the namespace a exists.",
      "  environment: KUBECONFIG: no answer.",
      "  a-quota: update failed",
      "What to do: correct what is reported, then run the same command again.",
    ]);
  });

  it("fails with the words of an engine that does not begin, also after a preview that went well", async () => {
    const words = "error: no stack named 'staging' found\n";
    checkout.write({ "notes.preview.json": "", "notes.stderr": words });
    process.env.EXIT_CODE = "255";
    const { code, out, err } = await diff("--live", "staging");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(
      err,
      /^pulumi preview of the stack staging failed\. Nothing was changed\.\n {2}no stack named 'staging' found\n/,
    );
  });

  it("fails when the engine prints something else than JSON", async () => {
    checkout.write({ "notes.preview.json": "Previewing update (staging)" });
    const { code, out, err } = await diff("--live", "staging");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^pulumi preview of the stack staging failed/);
  });
});
