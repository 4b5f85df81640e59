import assert from "node:assert/strict";
import { CoreV1Api } from "@kubernetes/client-node";
import type { Emulator } from "../../support/e2e/emulator.js";
import { FluxObjects, isReady } from "../../support/e2e/flux-objects.js";
import { keyTitles } from "../../support/e2e/github-view.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { tenantsReady } from "./ready.js";

const name = "team-search";
const login = "acme-flux";
const key = "fleet/staging (read-only)";
const owners = { platform: "platform", [name]: name };
const platform = { kind: "GitRepository", namespace: "flux-system", name: "platform" } as const;

/** Clones by HTTPS, with the real Flux and the real Git: a tenant and the platform go from keys to tokens and back. */
describe("A token in the place of a deploy key", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let github: Emulator;
  let flux: FluxObjects;
  let core: CoreV1Api;
  let cwd: string;
  let tenant: Tenant;

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    await environment.engine.ensureUp();
    await tenantsReady(environment.kubernetes);
    cwd = await copyProgram(await sandbox.scratch("program"));
    flux = new FluxObjects(environment.kubernetes);
    core = environment.kubernetes.client(CoreV1Api);
    tenant = await Tenant.of(sandbox, environment, name);
    const { status } = await github.api("POST", "admin/users", { login });
    assert.equal(status, 201);
    for (const owner of Object.keys(owners)) {
      const place = `fleet:gitTokens.${owner}.read`;
      await environment.engine.succeed(["config", "set", "--path", "--secret", place, tokenOf(owner)], { cwd });
    }
  });
  after(() => github.removeAccessTokens());

  const tokenOf = (owner: string) => `github_pat_of_${owner.replaceAll("-", "_")}`;
  const makeTokens = async (more: { readonly expiresAt?: string; readonly alsoReads?: string } = {}) => {
    const { alsoReads, ...rest } = more;
    for (const [owner, repository] of Object.entries(owners)) {
      const repositories = [repository, ...(alsoReads === undefined ? [] : [alsoReads])];
      await github.makeAccessToken({ token: tokenOf(owner), login, repositories, ...rest });
    }
  };
  const secretNames = async (namespace: string) => {
    const { items } = await core.listNamespacedSecret({ namespace });
    return items.flatMap(({ metadata }) => metadata?.name ?? []).filter((one) => /-git(-|$)/.test(one));
  };
  /** Warnings of Flux about the source and the sync of the tenant, and about the platform's. */
  const warnings = async () => {
    const lists = ["flux-system", name].map((namespace) =>
      core.listNamespacedEvent({ namespace, fieldSelector: "type=Warning" }),
    );
    const events = (await Promise.all(lists)).flatMap(({ items }) => items);
    return events
      .filter(({ involvedObject: { kind = "" } }) => ["GitRepository", "Kustomization"].includes(kind))
      .map(({ metadata, message, count }) => `${metadata.name} ${count}: ${message}`);
  };
  const isFetchedBy = (scheme: string) => async (reference: typeof platform | Tenant["source"]) => {
    const { spec } = await flux.waitFor(reference, isReady);
    assert.ok(spec.url?.startsWith(scheme), spec.url);
  };
  const fetches = async () => (await github.requests()).counts["POST /:owner/:repo/git-upload-pack"] ?? 0;
  /** A push that Flux fetches now, in the way that it has now. */
  const pushed = async (text: string) => {
    const commit = await tenant.push(configMap({ name: "clone", namespace: tenant.namespace }, { by: text }));
    await tenant.applied(commit);
  };

  it("is refused as long as it reads another tenant's repository, and nothing changes", async () => {
    await makeTokens({ alsoReads: "team-payments" });
    const all = await environment.engine.upFails({ cwd });
    for (const owner of Object.keys(owners)) {
      const words = `fleet:gitTokens.${owner}.read: of ${login} reads acme/team-payments as well`;
      assert.ok(all.includes(words), all);
      assert.ok(!all.includes(tokenOf(owner)), "the message repeats the token");
    }
    assert.ok((await keyTitles(github, name)).includes(key));
  });

  /** The number of keys with the cluster's title, by repository. */
  async function ownKeys(): Promise<Readonly<Record<string, number>>> {
    const counts = Object.values(owners).map(async (repository) => {
      const titles = await keyTitles(github, repository);
      return [repository, titles.filter((title) => title === key).length] as const;
    });
    return Object.fromEntries(await Promise.all(counts));
  }

  it("is taken without a gap: the platform and the tenant stay Ready, and the keys go last", async () => {
    await makeTokens({ expiresAt: "2099-01-31T12:00:00Z" });
    const before = await warnings();
    const keys = await ownKeys();
    const { all } = await environment.engine.up({ cwd });
    assert.match(
      all,
      /Flux clones by HTTPS with the tokens of platform\.read \(acme-flux, until 2099-01-31 12:00:00 UTC\), team-search\.read/,
    );
    await isFetchedBy("http://")(platform);
    await isFetchedBy("http://")(tenant.source);
    assert.deepEqual(await warnings(), before);
    assert.deepEqual(await secretNames("flux-system"), ["platform-git--token"]);
    assert.deepEqual(await secretNames(tenant.namespace), ["tenant-git--token"]);
    // A state that was lost before may have left further keys of the title.
    const fewer = Object.entries(keys).map(([repository, count]) => [repository, count - 1]);
    assert.deepEqual(await ownKeys(), Object.fromEntries(fewer));
    const types = (await environment.engine.resources()).filter(
      ({ type }) => type === "tls:index/privateKey:PrivateKey",
    );
    assert.deepEqual(
      types.map(({ urn }) => urn.split("::").at(-1)),
      ["team-payments.team-payments-key-pair"],
    );
  });

  it("fetches the tenant's next push by HTTPS", async () => {
    const before = await fetches();
    await pushed("a token");
    assert.ok((await fetches()) > before, "Flux fetched nothing by HTTPS");
  });

  it("leaves nothing to do, is named in words before its end, and after it keeps no one else from updates", async () => {
    const soon = new Date(Date.now() + 3 * 24 * 60 * 60_000);
    await makeTokens({ expiresAt: soon.toISOString() });
    const { all } = await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
    assert.match(
      all,
      /warning: The token fleet:gitTokens\.team-search\.read of acme-flux expires on \S+ \S+ UTC, in 2 days\./,
    );
    await github.removeAccessTokens();
    const after = await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
    assert.match(
      after.all,
      /warning: The token fleet:gitTokens\.platform\.read is refused by GitHub: it expired or was revoked/,
    );
    await makeTokens();
  });

  it("gives way to a key without a gap", async () => {
    const before = await warnings();
    await environment.engine.up();
    await isFetchedBy("ssh://")(platform);
    await isFetchedBy("ssh://")(tenant.source);
    assert.deepEqual(await warnings(), before);
    assert.deepEqual(await secretNames("flux-system"), ["platform-git"]);
    assert.deepEqual(await secretNames(tenant.namespace), ["tenant-git"]);
    for (const repository of Object.values(owners)) assert.ok((await keyTitles(github, repository)).includes(key));
    await pushed("a key");
    await environment.engine.succeed(["preview", "--expect-no-changes"]);
    await tenant.restore();
  });
});
