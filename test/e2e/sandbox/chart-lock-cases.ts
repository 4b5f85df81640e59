import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chartUrl, publishChart } from "../../support/e2e/published-chart.js";

/** The parts of a running `npm start` that the cases need. */
export interface ChartLockArgs {
  /** The checkout, whose charts were locked before its first update. */
  readonly checkout: string;
  readonly stateDirectory: string;
  /** Runs commands of a shell in the checkout, with the variables of the environment. @returns the output */
  readonly shell: (commands: readonly string[]) => Promise<string>;
  /** `fleet lock charts`, beside the registries of the sandbox, as a command of that shell. */
  readonly lock: string;
}

const file = "fleet/infrastructure/charts/moved.yaml";
const text = `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: moved
  namespace: flux-system
spec:
  url: ${chartUrl("moved")}
  ref:
    tag: 1.0.0
  interval: 12h
`;

/** The digests that a file has. */
async function digestsIn(path: string): Promise<readonly string[]> {
  return [...(await readFile(path, "utf8")).matchAll(/^ {4}digest: (sha256:[0-9a-f]{64})$/gm)].map(
    ([, one = ""]) => one,
  );
}

/** Prints the revision of each OCIRepository of the platform, one on a line: `NAME=REVISION`. */
const revisions =
  "kubectl --namespace flux-system get ocirepositories --output jsonpath='{range .items[*]}{.metadata.name}={.status.artifact.revision}{\"\\n\"}{end}'";

/** The revision of an OCIRepository in an output that has {@link revisions}. */
function revisionIn(output: string, name: string): string {
  return new RegExp(`^${name}=(.*)$`, "m").exec(output)?.[1] ?? "";
}

const waitUntil = (condition: string, object: string) =>
  `kubectl --namespace flux-system wait --for=condition=${condition} --timeout=60s ${object}`;
const fetchNow = (name: string) => `flux reconcile source oci ${name} --namespace flux-system`;

/** Charts by digest: `fleet lock charts`, the update that applies what it wrote, and a registry that moves a tag. */
export function chartLockCases(args: () => ChartLockArgs): void {
  it("has fetched the charts by the digests that fleet lock charts wrote, and their releases are Ready", async () => {
    const { checkout, shell } = args();
    const names = ["cert-manager", "flagger"];
    const said = await shell([revisions, ...names.map((name) => waitUntil("Ready", `helmrelease/${name}`))]);
    for (const name of names) {
      const [digest, ...others] = await digestsIn(join(checkout, `fleet/infrastructure/charts/${name}.yaml`));
      assert.ok(digest !== undefined && others.length === 0, name);
      // Without the tag: Flux has asked for the digest.
      assert.equal(revisionIn(said, name), digest);
    }
  }).timeout(120_000);

  it("keeps the bytes of the lock when a registry moves a tag, which --check names; a chart by its tag alone follows", async () => {
    const { checkout, stateDirectory, shell, lock } = args();
    await publishChart({ stateDirectory }, "moved", "1.0.0");
    await writeFile(join(checkout, file), text);
    const byTag = join(checkout, "by-tag.yaml");
    await writeFile(byTag, text.replace("name: moved", "name: by-tag"));
    const both = `--filename ${file} --filename '${byTag}'`;
    const ready = ["moved", "by-tag"].map((name) => waitUntil("Ready", `ocirepository/${name}`));
    const before = await shell([lock, `kubectl apply ${both}`, ...ready, revisions]);
    const [digest = ""] = await digestsIn(join(checkout, file));
    assert.deepEqual([revisionIn(before, "moved"), revisionIn(before, "by-tag")], [digest, `1.0.0@${digest}`]);

    await publishChart({ stateDirectory }, "moved", "1.0.0", { tty: true });
    const check = `${lock} --check || echo "exit code $?"`;
    const after = await shell([fetchNow("moved"), fetchNow("by-tag"), revisions, check]);
    assert.equal(revisionIn(after, "moved"), digest);
    const moved = revisionIn(after, "by-tag").replace("1.0.0@", "");
    assert.notEqual(moved, digest);
    assert.match(after, /^exit code 1$/m);
    assert.ok(after.includes(`${file}:9: spec.ref.tag: OCIRepository moved names ${digest}`), after);
    assert.ok(after.includes(`The registry has ${moved} now`), after);
    assert.equal(after.match(/^fleet\//gm)?.length, 1, after);

    // This registry has forgotten the former bytes. So a cluster that never had them gets none, and reads why.
    const reason = await shell([
      `kubectl delete --filename ${file}`,
      `kubectl apply --filename ${file}`,
      waitUntil("Ready=False", "ocirepository/moved"),
      "kubectl --namespace flux-system get ocirepository moved --output jsonpath='{.status.conditions[*].message}'",
      `kubectl delete ${both}`,
    ]);
    assert.ok(reason.includes(`The sandbox has 1.0.0 (${moved}) of acme/charts/moved, and no ${digest}`), reason);
    assert.match(reason, /docs\/infrastructure\.md/);
    for (const path of [join(checkout, file), byTag]) await rm(path);
  }).timeout(300_000);
}
