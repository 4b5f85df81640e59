import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureToolchain } from "@fleet/sandbox/toolchain";
import { stringify } from "yaml";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { EXTRA_COMPONENTS } from "../../../config/stack/controllers.js";
import { flagNames } from "../../../flux/harden/arguments.js";
import { harden } from "../../../flux/harden/harden.js";
import { restrictedViolations } from "../../../flux/harden/pod-security.js";
import { deployments } from "../../../flux/release/deployment.js";
import { lockedVersion, readLock } from "../../../flux/release/lock.js";
import { lockEntry } from "../../../flux/release/lock-entry.js";
import { loadManifest } from "../../../flux/release/manifest.js";
import { manifestDigest } from "../../../flux/release/manifest-digest.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { fixtures } from "../../support/fixtures.js";
import { fluxVersion as version } from "../../support/flux-version.js";
import { divideGolden } from "../../support/unit/golden-files.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { stackNames, stackSpec } from "../../support/unit/stack-config.js";
import { withoutStack } from "../../support/unit/without-stack.js";

const root = join(import.meta.dirname, "../../..");

/** The manifest that is generated from the pinned modules is the release's, and the hardening fits it. */
describe(`the real manifest of Flux ${version}`, function () {
  this.timeout(90 * 60_000);
  const entry = lockedVersion(readLock(root), version);
  let objects: readonly KubernetesObject[];

  before(async () => {
    const { manifests } = await ensureToolchain();
    objects = await loadManifest({ version, entry, directory: manifests, fetch: noNetwork });
  });

  const hardened = (settings: Partial<FleetSpec["flux"]> = {}) =>
    harden(objects, { settings: { ...fleetSpec().flux, version, ...settings }, lock: entry, stack: "staging" });
  const everything = () => hardened({ extraComponents: EXTRA_COMPONENTS });
  const everyDeployment = () => deployments.of(everything());

  it("is what the lock pins, image by image, so that locking it again changes nothing", () => {
    const imageDigests = Object.fromEntries(
      Object.entries(entry.controllers).map(([name, { digest }]) => [name, digest]),
    );
    assert.deepEqual(lockEntry(entry.source, objects, imageDigests), entry);
  });

  it("is hardened for the stacks of the fixtures to what is committed; if the change is wanted, run this test with UPDATE_GOLDEN=1", () => {
    const stacks = stackNames(fixtures).map((stack) => {
      const { flux } = stackSpec(fixtures, stack);
      assert.equal(flux.version, version, `Pulumi.${stack}.yaml has another version than the sandbox builds`);
      const settled = harden(objects, { settings: flux, lock: entry, stack });
      return [stack, settled.map((object) => withoutStack(object, stack) as KubernetesObject)] as const;
    });
    const { base = [], ...own } = divideGolden(new Map(stacks));
    compareGolden("base", [`Flux ${version} as every stack of the fixtures installs it.`], base);
    for (const [stack, added] of Object.entries(own)) assert.deepEqual(added, [], `${stack} has settings of its own`);
  });

  it("is hardened with every extra component to what is committed; if wanted, run this test with UPDATE_GOLDEN=1", () => {
    const without = new Set(hardened().map((object) => JSON.stringify(object)));
    const added = everything().filter((object) => !without.has(JSON.stringify(object)));
    compareGolden(
      "extra-components",
      [`Flux ${version}: what ${EXTRA_COMPONENTS.join(" and ")} add or change.`],
      added,
    );
  });

  it("is hardened with a shard to what is committed; if the change is wanted, run this test with UPDATE_GOLDEN=1", () => {
    const without = new Set(hardened().map((object) => JSON.stringify(object)));
    const sharded = hardened({ shards: ["batch"] });
    const added = sharded.filter((object) => !without.has(JSON.stringify(object)));
    compareGolden("shard", [`Flux ${version}: what the shard batch adds or changes.`], added);
    for (const { metadata, spec } of deployments.of(sharded)) {
      assert.deepEqual(restrictedViolations(spec.template.spec), [], metadata.name);
    }
  });

  it("starts every controller with every flag once, and with images by digest", () => {
    assert.equal(everyDeployment().length, 6);
    for (const { metadata, spec } of everyDeployment()) {
      const [manager] = spec.template.spec.containers;
      const names = flagNames(manager?.args ?? []);
      assert.deepEqual(names, [...new Set(names)], metadata.name);
      assert.equal(names.length, manager?.args?.length, metadata.name);
      assert.match(manager?.image ?? "", /^ghcr\.io\/fluxcd\/[a-z-]+:v\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
    }
  });

  it("passes Pod Security restricted, controller by controller", () => {
    for (const { metadata, spec } of everyDeployment()) {
      assert.deepEqual(restrictedViolations(spec.template.spec), [], metadata.name);
    }
  });

  it("keeps everything of the release that no step is about", () => {
    const crds = (list: readonly KubernetesObject[]) =>
      list
        .filter(({ kind, metadata }) => kind === "CustomResourceDefinition" && !metadata.name.startsWith("artifactgen"))
        .map((object) => [object.metadata.name, object.spec] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(crds(everything()), crds(objects));
  });
});

/** Compares with the committed file, or writes it: UPDATE_GOLDEN=1. */
function compareGolden(name: string, header: readonly string[], objects: readonly KubernetesObject[]): void {
  const file = join(import.meta.dirname, "golden", `${name}.yaml`);
  const text = readable(header, objects);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} does not exist; run this test with UPDATE_GOLDEN=1`);
  assert.equal(text, readFileSync(file, "utf8"));
}

/** Objects for a reviewer's diff: in full, except CRDs, whose 20,000 lines of schema are shown by their digest. */
function readable(header: readonly string[], objects: readonly KubernetesObject[]): string {
  const crds = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  const digests = Object.fromEntries(crds.map((crd) => [crd.metadata.name, manifestDigest([crd])]));
  const documents = [{ customResourceDefinitions: digests }, ...objects.filter((object) => !crds.includes(object))];
  return `${header.map((line) => `# ${line}\n`).join("")}${documents
    .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n")}`;
}

/** The toolchain holds the manifest: a test that needs the network to pass would hide that it does not. */
function noNetwork(): Promise<Response> {
  return Promise.reject(new Error("the toolchain lacks the manifest"));
}
