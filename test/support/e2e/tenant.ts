import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type FluxObject, FluxObjects, type FluxReference, isReady } from "./flux-objects.js";
import type { GitClone } from "./git-clone.js";
import type { TestEnvironment, TestSandbox } from "./sandbox.js";

/** A tenant as a test plays it: someone who can push to the tenant's repository, and nothing else. */
export class Tenant {
  readonly #base: string;

  private constructor(
    readonly name: string,
    readonly namespace: string,
    /** Name of its repository. */
    readonly repository: string,
    /** `ssh://` URL that Flux clones from. */
    readonly cloneUrl: string,
    readonly clone: GitClone,
    readonly flux: FluxObjects,
    private readonly folder: string,
    base: string,
  ) {
    this.#base = base;
  }

  /**
   * The tenant of a stack that is up; what the cluster and the repository say is what counts.
   * @param given a clone of its repository to work in. @default - a new one, over HTTP with the organisation's token
   */
  static async of(sandbox: TestSandbox, environment: TestEnvironment, name: string, given?: GitClone): Promise<Tenant> {
    const flux = new FluxObjects(environment.kubernetes);
    const sources = await flux.list("GitRepository", `fleet.dev/tenant=${name}`);
    const source = sources.find(({ metadata }) => metadata.name === name);
    assert.ok(source?.spec.url, `the cluster has no source of the tenant ${name}`);
    const url = source.spec.url;
    const repository = url.replace(/^.*\//, "").replace(/\.git$/, "");
    const clone = given ?? (await sandbox.clone(repository));
    const base = await clone.git("rev-parse", "HEAD");
    const folder = `deploy/${environment.stack}`;
    return new Tenant(name, source.metadata.namespace, repository, url, clone, flux, folder, base);
  }

  /** Its GitRepository. */
  get source(): FluxReference {
    return { kind: "GitRepository", namespace: this.namespace, name: this.name };
  }

  /** Its Kustomization. */
  get sync(): FluxReference {
    return { kind: "Kustomization", namespace: this.namespace, name: this.name };
  }

  /** An object of Flux's in its namespace. */
  own(kind: FluxReference["kind"], name: string): FluxReference {
    return { kind, namespace: this.namespace, name };
  }

  /**
   * Commits manifests to the folder of this stack, each to a file of its own, in place of those of an earlier call, and
   * pushes them.
   * @returns the commit's id
   */
  async push(...manifests: readonly KubernetesObject[]): Promise<string> {
    const commit = await this.commit(...manifests);
    await this.clone.push();
    await this.syncNow();
    return commit;
  }

  /** The same as push(), without the push. */
  async commit(...manifests: readonly KubernetesObject[]): Promise<string> {
    const { folder } = this;
    const wanted = Object.fromEntries(
      manifests.map((manifest, index) => [`${folder}/${index}-${manifest.kind.toLowerCase()}.yaml`, manifest]),
    );
    const there = await readdir(join(this.clone.directory, folder));
    const stale = there.filter((file) => /^\d+-/.test(file)).map((file) => [`${folder}/${file}`, undefined] as const);
    const kustomization = parse(
      await readFile(join(this.clone.directory, folder, "kustomization.yaml"), "utf8"),
    ) as object;
    const resources = ["../base", ...Object.keys(wanted).map((path) => path.slice(folder.length + 1))];
    return this.clone.commit(manifests.map(({ kind }) => kind).join(", ") || "Nothing of our own", {
      ...Object.fromEntries(stale),
      ...Object.fromEntries(Object.entries(wanted).map(([path, manifest]) => [path, stringify(manifest)])),
      [`${folder}/kustomization.yaml`]: stringify({ ...kustomization, resources }),
    });
  }

  /** Has Flux look at the repository now. */
  syncNow(): Promise<void> {
    return this.flux.reconcileNow(this.source);
  }

  /** Waits until Flux has applied a commit, and all that it applied is Ready. */
  applied(commit: string): Promise<FluxObject> {
    // Longer than the longest of the tenants' own timeouts: a sync may first have to give up on what came before.
    return this.flux.waitFor(
      this.sync,
      (object) => isReady(object) && object.status?.lastAppliedRevision?.endsWith(commit) === true,
      400_000,
    );
  }

  /** Waits until Flux has begun with a commit, whether it succeeds or not. */
  attempted(commit: string): Promise<FluxObject> {
    return this.flux.waitFor(
      this.sync,
      ({ status }) => status?.lastAttemptedRevision?.endsWith(commit) === true,
      400_000,
    );
  }

  /** Brings the repository's content back to what it was, by a commit, and waits until Flux has applied it. */
  async restore(): Promise<void> {
    const { clone } = this;
    await clone.git("fetch", "--quiet", "origin");
    await clone.git("reset", "--quiet", "--hard", "@{upstream}");
    await clone.git("rm", "-r", "--quiet", ".");
    await clone.git("checkout", this.#base, "--", ".");
    if ((await clone.git("status", "--porcelain")) !== "") {
      await clone.commit("As it was");
      await clone.push();
    }
    await this.syncNow();
    await this.applied(await clone.git("rev-parse", "HEAD"));
  }
}
