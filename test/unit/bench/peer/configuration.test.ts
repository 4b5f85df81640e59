import assert from "node:assert/strict";
import { openTofuConfiguration } from "../../../bench/peer/configuration.js";
import type { RecordedResource } from "../../../bench/state.js";
import { githubProvider, keyPair, privateKey, resource } from "./resources.js";

const configure = (...resources: readonly RecordedResource[]) => openTofuConfiguration([githubProvider, ...resources]);

const repository = resource("github:index/repository:Repository", "search", {
  __defaults: [],
  archiveOnDestroy: true,
  name: "search",
  template: { __defaults: [], includeAllBranches: false, owner: "acme", repository: "tenant-template" },
  topics: ["managed-by-fleet"],
});

const sync = (annotations: Readonly<Record<string, string>>) =>
  resource("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", "sync", {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "platform", namespace: "flux-system", annotations },
  });

describe("OpenTofu's configuration of a stack", () => {
  it("is not made without the settings of the GitHub provider, which would then be slower than the program's", () => {
    assert.throws(() => openTofuConfiguration([repository]), /no provider for GitHub/);
  });

  it("is not made with a private key of the program", () => {
    const secret = resource("kubernetes:core/v1:Secret", "git", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "git", namespace: "search" },
      stringData: { identity: `${privateKey}more` },
    });
    assert.throws(() => configure(keyPair(), secret), /cannot replace/);
  });

  it("has arguments under the provider's names, without the notes of Pulumi", () => {
    assert.deepEqual(configure(repository).resource.github_repository, {
      search: {
        archive_on_destroy: true,
        name: "search",
        template: { include_all_branches: false, owner: "acme", repository: "tenant-template" },
        topics: ["managed-by-fleet"],
      },
    });
    const ruleset = resource("github:index/repositoryRuleset:RepositoryRuleset", "rules", {
      conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
      rules: { __defaults: ["updateAllowsFetchAndMerge"], nonFastForward: true, updateAllowsFetchAndMerge: false },
    });
    assert.deepEqual(configure(ruleset).resource.github_repository_ruleset?.rules, {
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: { non_fast_forward: true },
    });
  });

  it("limits requests to GitHub as the program does, and names no credential", () => {
    const { provider } = configure();
    assert.deepEqual(provider, {
      github: { owner: "acme", parallel_requests: "true", write_delay_ms: "0" },
      kubectl: {},
    });
  });

  it("sends the same objects, by server-side apply", () => {
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "vars", namespace: "flux-system" },
      data: { text: `\${cluster_name}` },
    };
    const block = configure(resource("kubernetes:core/v1:ConfigMap", "vars", object)).resource.kubectl_manifest?.vars;
    assert.deepEqual(block, {
      yaml_body: JSON.stringify({ ...object, data: { text: `$\${cluster_name}` } }),
      server_side_apply: true,
      force_conflicts: true,
    });
  });

  it("leaves an object that the program only patches when the patch goes", () => {
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "flux-system" },
    };
    const { resource: blocks } = configure(
      resource("kubernetes:core/v1:ServiceAccountPatch", "patch", account),
      resource("kubernetes:core/v1:ServiceAccount", "own", account),
    );
    assert.equal(blocks.kubectl_manifest?.patch?.apply_only, true);
    assert.equal(blocks.kubectl_manifest?.own?.apply_only, undefined);
  });

  it("waits for what the program waits for, before everything that needs it", () => {
    const first = sync({ "pulumi.com/waitFor": "condition=Ready" });
    const tenant = resource("github:index/repository:Repository", "tenant", {}, { dependencies: [first.urn] });
    const { resource: blocks } = configure(first, tenant);
    assert.deepEqual(blocks.github_repository?.tenant?.depends_on, ["terraform_data.sync"]);
    const wait = blocks.terraform_data?.sync;
    assert.deepEqual(wait?.depends_on, ["kubectl_manifest.sync"]);
    const command =
      "kubectl wait --for=condition=Ready --timeout=6m --namespace=flux-system Kustomization.v1.kustomize.toolkit.fluxcd.io/platform";
    assert.deepEqual(wait?.provisioner, [{ "local-exec": { command, quiet: true } }]);
  });

  it("waits for nothing else, but sees Flux's objects go while their controllers run", () => {
    const { resource: blocks } = configure(sync({}));
    assert.equal(blocks.terraform_data, undefined);
    assert.equal(blocks.kubectl_manifest?.sync?.wait, true);
  });

  it("keeps what the program keeps at its end", () => {
    const file = resource("github:index/repositoryFile:RepositoryFile", "seed", {}, { retainOnDelete: true });
    assert.deepEqual(configure(file).resource.github_repository_file?.seed, { lifecycle: { destroy: false } });
  });
});
