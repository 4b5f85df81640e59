import assert from "node:assert/strict";
import { httpsUrl } from "../../../components/github/https-url.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { RESERVED_NAMES } from "../../../policies/admission/reserved-names.js";
import type { Recording } from "../../../review/record/recorder.js";
import { ownRepository, recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const secretType = "kubernetes:core/v1:Secret";
const sourceType = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
const keyType = "github:index/repositoryDeployKey:RepositoryDeployKey";
const author = { name: "Robot", email: "robot@example.com" };
const images = { shop: { image: "ghcr.io/acme/shop", range: "^1" } };
const automation = { imageAutomation: { author, path: "./deploy", images } };
const other = tenantSpec("team-b");

/** A stack whose platform and tenant have tokens, and another tenant without. */
function byToken(github: Partial<FleetSpec["github"]> = {}): FleetSpec {
  const spec = fleetSpec();
  const flux = { ...spec.flux, ingressNamespaces: ["ingress-nginx"], webhookUrl: "https://hook.example.com" };
  const gitTokens = { platform: { write: false }, "team-a": { write: true } };
  const tenant = tenantSpec("team-a", {
    ...automation,
    webhook: true,
    repositories: { charts: {} },
    syncs: { charts: { repository: "charts" } },
  });
  return fleetSpec({ flux, github: { ...spec.github, gitTokens, ...github }, tenants: [tenant, other] });
}

const gitTokens = { platform: { read: "token of the platform" }, "team-a": { read: "reads", write: "pushes" } };

const decoded = (fleet: Recording, name: string) => {
  const { inputs, secretInputs } = fleet.find(secretType, name);
  assert.ok(secretInputs.includes("data"), `${name} is readable in the state`);
  const data = Object.entries(inputs.data as Readonly<Record<string, string>>);
  return Object.fromEntries(data.map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
};
const specOf = (fleet: Recording, name: string) => {
  const { url, secretRef } = fleet.find(sourceType, name).inputs.spec as { url: string; secretRef: { name: string } };
  return { url, secret: secretRef.name };
};

describe("A repository with a token", () => {
  let fleet: Recording;
  before(async () => {
    fleet = await recordFleet(byToken(), { gitTokens });
  });

  it("is cloned by HTTPS with the token of its tenant, each from a Secret of its own", () => {
    assert.deepEqual(specOf(fleet, "fleet-platform-sync-source"), {
      url: "https://github.com/acme/platform.git",
      secret: "platform-git--token",
    });
    assert.deepEqual(specOf(fleet, "team-a.team-a-source"), {
      url: "https://github.com/acme/team-a.git",
      secret: "tenant-git--token",
    });
    assert.deepEqual(specOf(fleet, "team-a.charts-source"), {
      url: "https://github.com/acme/charts.git",
      secret: "tenant-git-charts--token",
    });
    assert.deepEqual(decoded(fleet, "fleet-platform-sync-git"), { username: "git", password: "token of the platform" });
    const read = { username: "git", password: "reads" };
    for (const name of ["tenant-git", "tenant-git-charts"])
      assert.deepEqual(decoded(fleet, `team-a.team-a.${name}-git`), read);
  });

  it("has no deploy key, no key pair and no host keys", () => {
    const keys = [...fleet.ofType(keyType), ...fleet.ofType("tls:index/privateKey:PrivateKey")].map(({ name }) => name);
    assert.deepEqual(keys.sort(), ["team-b.team-b-key-pair", "team-b.team-b-key-registration"]);
    const secrets = fleet.ofType(secretType).map(({ inputs }) => Object.keys(inputs.data as object));
    assert.equal(secrets.filter((names) => names.includes("known_hosts")).length, 1, "only team-b clones by SSH");
  });

  it("has Secrets whose names no tenant can take first", () => {
    const names = fleet.ofType(secretType).map(({ inputs }) => inputs.metadata as { name: string; namespace?: string });
    const ofTenant = names
      .filter((one) => one.namespace === "team-a" && one.name.includes("git"))
      .map((one) => one.name);
    assert.equal(ofTenant.length, 3);
    for (const one of ofTenant) assert.match(one, new RegExp(`^(${RESERVED_NAMES.secrets})$`));
  });

  it("leaves a tenant without a token as it was", async () => {
    const without = await recordFleet(fleetSpec({ tenants: [other] }));
    const ofOther = (one: Recording) =>
      one.registrations
        .filter(({ name }) => name.startsWith("team-b"))
        .map(({ type, name, inputs }) => ({ type, name, inputs }));
    assert.deepEqual(ofOther(fleet), ofOther(without));
  });

  it("is pushed to by image automation with the second token alone", () => {
    assert.deepEqual(specOf(fleet, "team-a-image-updates-source"), {
      url: "https://github.com/acme/team-a.git",
      secret: "tenant-git-write--token",
    });
    assert.equal(decoded(fleet, "team-a-image-updates-git").password, "pushes");
  });

  it("has its webhook signed by a secret that does not show the token, under the name that it had with a key", () => {
    const { token } = decoded(fleet, "team-a.team-a.tenant-git-webhook-token");
    assert.match(String(token), /^[0-9a-f]{64}$/);
    const hook = fleet.find(
      "kubernetes:notification.toolkit.fluxcd.io/v1:Receiver",
      "team-a.team-a.tenant-git-webhook-receiver",
    );
    assert.equal((hook.inputs.metadata as { name: string }).name, "tenant-webhook");
  });

  it("waits for its Secret, and the quota on its kind for it", () => {
    const source = fleet.find(sourceType, "team-a.team-a-source");
    assert.ok(fleet.waitsFor(source, fleet.find(secretType, "team-a.team-a.tenant-git-git")));
    const platform = fleet.find(sourceType, "fleet-platform-sync-source");
    assert.ok(
      fleet.waitsFor(platform, fleet.find("github:index/repository:Repository", "fleet-platform-repository-github")),
    );
  });

  it("is verified by the certificates of a private authority, if the stack has them", async () => {
    const own = await recordFleet(byToken({ gitCertificates: "PEM" }), { gitTokens });
    for (const name of ["fleet-platform-sync-git", "team-a.team-a.tenant-git-git", "team-a-image-updates-git"]) {
      assert.equal(decoded(own, name)["ca.crt"], "PEM", name);
    }
  });

  it("is cloned from the server that lists it, on a stack that does not create it", async () => {
    const [key, listed] = ownRepository("team-a");
    const page = "https://github.example.com:8443/acme/team-a";
    const repositories = new Map([
      ownRepository("platform"),
      ownRepository("charts"),
      ownRepository("team-b"),
      [key, { ...listed, htmlUrl: page }],
    ]);
    const elsewhere = await recordFleet(byToken({ repositoryOwner: "prod-eu", ownsRepositories: false }), {
      gitTokens,
      repositories,
    });
    assert.equal(specOf(elsewhere, "team-a.team-a-source").url, `${page}.git`);
  });

  it("needs no host keys of GitHub where no repository is cloned by SSH", async () => {
    const spec = byToken();
    const all = await recordFleet({ ...spec, tenants: spec.tenants.slice(0, 1) }, { gitTokens });
    const data = all.ofType(secretType).map(({ inputs }) => Object.keys(inputs.data as object));
    assert.ok(data.flat().includes("password") && !data.flat().includes("known_hosts"));
  });

  it("gets no token over a connection without TLS, except on the machine itself", () => {
    assert.throws(() => httpsUrl("http://github.example.com/acme/shop"), /has no https address/);
    assert.equal(httpsUrl("https://acme.ghe.com/acme/shop"), "https://acme.ghe.com/acme/shop.git");
    assert.equal(httpsUrl("http://127.0.0.1:3000/acme/shop"), "http://127.0.0.1:3000/acme/shop.git");
  });
});
