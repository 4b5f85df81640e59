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

/** Charts by digest: `fleet lock charts`, the update that applies what it wrote, and a registry that moves a tag. */
export function chartLockCases(args: () => ChartLockArgs): void {
  const revision = (name: string) =>
    args().shell([
      `kubectl --namespace flux-system get ocirepository ${name} --output jsonpath='{.status.artifact.revision}'`,
    ]);
  const look = (name: string) => `flux reconcile source oci ${name} --namespace flux-system`;
  const isReady = (name: string) =>
    `kubectl --namespace flux-system wait --for=condition=Ready --timeout=60s ocirepository/${name}`;

  it("has fetched the charts by the digests that fleet lock charts wrote, and their releases are Ready", async () => {
    const { checkout, shell } = args();
    for (const name of ["cert-manager", "flagger"]) {
      const [digest, ...others] = await digestsIn(join(checkout, `fleet/infrastructure/charts/${name}.yaml`));
      assert.ok(digest !== undefined && others.length === 0, name);
      // Without the tag: Flux has asked for the digest.
      assert.equal(await revision(name), digest);
      await shell([`kubectl --namespace flux-system wait --for=condition=Ready --timeout=60s helmrelease/${name}`]);
    }
  }).timeout(120_000);

  it("keeps the bytes of the lock when a registry moves a tag, which --check names; a chart by its tag alone follows", async () => {
    const { checkout, stateDirectory, shell, lock } = args();
    await publishChart({ stateDirectory }, "moved", "1.0.0");
    await writeFile(join(checkout, file), text);
    await shell([lock]);
    const [digest = ""] = await digestsIn(join(checkout, file));
    const byTag = join(checkout, "by-tag.yaml");
    await writeFile(byTag, text.replace("name: moved", "name: by-tag"));
    await shell([`kubectl apply --filename ${file} --filename '${byTag}'`, isReady("moved"), isReady("by-tag")]);
    assert.deepEqual([await revision("moved"), await revision("by-tag")], [digest, `1.0.0@${digest}`]);

    await publishChart({ stateDirectory }, "moved", "1.0.0", { tty: true });
    await shell([look("moved"), look("by-tag")]);
    assert.equal(await revision("moved"), digest);
    const moved = (await revision("by-tag")).replace("1.0.0@", "");
    assert.notEqual(moved, digest);
    const said = await shell([`${lock} --check || echo "exit code $?"`]);
    assert.match(said, /^exit code 1$/m);
    assert.ok(said.includes(`${file}:9: spec.ref.tag: OCIRepository moved names ${digest}`), said);
    assert.ok(said.includes(`The registry has ${moved} now`), said);
    assert.equal(said.match(/^fleet\//gm)?.length, 1, said);

    // This registry has forgotten the former bytes. So a cluster that never had them gets none, and reads why.
    await shell([`kubectl delete --filename ${file}`, `kubectl apply --filename ${file}`]);
    const reason = await shell([
      "kubectl --namespace flux-system wait --for=condition=Ready=False --timeout=60s ocirepository/moved",
      "kubectl --namespace flux-system get ocirepository moved --output jsonpath='{.status.conditions[*].message}'",
    ]);
    assert.ok(reason.includes(`The sandbox has 1.0.0 (${moved}) of acme/charts/moved, and no ${digest}`), reason);
    assert.match(reason, /docs\/infrastructure\.md/);
    await shell([`kubectl delete --filename ${file} --filename '${byTag}'`]);
    for (const path of [join(checkout, file), byTag]) await rm(path);
  }).timeout(300_000);
}
