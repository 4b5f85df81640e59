import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../../cli/checkout.js";
import { readRecorded } from "../../../../cli/diff/read-recorded.js";
import type { RecordedRevision, RecordRequest } from "../../../../cli/diff/recorded-revision.js";
import { bundleRecorder, RECORDER_ENTRY } from "../../../../cli/diff/recorder-bundle.js";
import { runRecorder } from "../../../../cli/diff/run-recorder.js";
import { readStackFile } from "../../../../config/stack/stack-file.js";
import { canonicalJson } from "../../../../flux/release/manifest-digest.js";
import { findFluxManifests } from "../../../support/unit/kustomize.js";
import { stackNames } from "../../../support/unit/stack-config.js";

const recorder = join(checkout, "test", "support", "unit", "sdk-recorder.mjs");

/** The speed-ups leave out work of Pulumi's SDK, and nothing that it registers. */
describe("the record of the checkout's stacks", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-recorder-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it("is that of Pulumi's own SDK, for fleet diff and with the preload of the program", async () => {
    const bundle = await bundleRecorder(checkout, { workingTree: checkout, isPrivate: false });
    const { root } = bundle;
    const code = join(folder, "code");
    await writeFile(code, bundle.code);
    const request = await requestFor(root);
    const bySdk = async (kind: "plain" | "preload") => {
      const out = join(folder, kind);
      const input = JSON.stringify({ root, entry: RECORDER_ENTRY, code, out, request });
      await execa(process.execPath, [recorder, kind], { cwd: root, input });
      return readRecorded(out);
    };
    const [plain, ...others] = await Promise.all([bySdk("plain"), bySdk("preload"), runRecorder(bundle, request)]);
    const expected = linesOf(plain);
    assert.ok(expected.length > 50, `${expected.length} resources`);
    for (const found of others) assert.deepEqual(linesOf(found), expected);
  }).timeout(180_000);
});

/** All stacks, with Flux's own objects where this machine has the manifests of all. */
async function requestFor(root: string): Promise<RecordRequest> {
  const versions = stackNames(root).map((stack) => readStackFile(root, stack).config.fluxVersion ?? "");
  const found = await Promise.all(versions.map(findFluxManifests));
  const [manifests, ...others] = new Set(found);
  const isWhole = manifests !== undefined && others.length === 0;
  return { secretKey: "key", ...(isWhole ? { manifests, withoutFlux: false } : { withoutFlux: true }) };
}

/** Each resource, and the rest of each plan, as one text. Protobuf's own Structs sort their keys. */
function linesOf({ recorded }: RecordedRevision): string[] {
  return recorded.flatMap((one) => {
    if (!("plan" in one)) return [canonicalJson(one)];
    const { resources, ...plan } = one.plan;
    return [...resources, { stack: one.stack, plan }].map(canonicalJson);
  });
}
