import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { RetrofitOutput } from "../../../../cli/retrofit/output.js";
import { plannedObjects } from "../../../../operate/verify/planned-objects.js";
import type { FakeApiServer } from "../../../support/unit/fake-api-server.js";
import { planned, planOf } from "../../../support/unit/plans.js";
import {
  fluxObject,
  ordinaryTenantObjects,
  retrofitCluster,
  retrofitPlan,
} from "../../../support/unit/retrofit-cluster.js";
import { retrofit, retrofitWith } from "../../../support/unit/run-retrofit.js";
import { refusal, type StoredObject } from "../../../support/unit/stored-objects.js";

const place = { namespace: "payments", name: "web" };
const stored = { namespace: "payments", name: "sh.helm.release.v1.web.v3" };
const namespace: StoredObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "payments" } };

/** A HelmRelease without an inventory, as older controllers have it, and this content of Helm's Secret. */
function releaseWith(release?: string): FakeApiServer {
  const made = fluxObject("HelmRelease", place, {});
  const history = [{ name: "web", version: 3, namespace: "payments" }];
  const one = { ...made, status: { ...(made.status as object), history } };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: stored, data: { release: release ?? "" } };
  return retrofitCluster([namespace, one, ...(release === undefined ? [] : [secret])]);
}

function packed(content: string): string {
  return Buffer.from(gzipSync(content).toString("base64")).toString("base64");
}

const ofManifest = (manifest: string) => packed(JSON.stringify({ manifest }));

async function obstacles(server: FakeApiServer): Promise<string[]> {
  const { out, err } = await retrofit(server, ["payments"], "--output", "json");
  assert.match(out, /^\{/, err);
  const { steps } = JSON.parse(out) as RetrofitOutput;
  const found = steps.find(({ id }) => id === "proof")?.obstacles ?? [];
  return found.map(({ object, message }) => `${object}: ${message}`);
}

describe("the proof of fleet retrofit", () => {
  const may = "payments/reconciler may not get, create, patch, delete namespaces in the whole cluster";

  it("reads the content of a HelmRelease from Helm's Secret, and asks for the rights on it", async () => {
    const other = { apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } };
    const server = releaseWith(ofManifest(`---\n# a comment alone\n---\n${stringify(other)}`));
    assert.deepEqual(await obstacles(server), [`HelmRelease payments/web: ${may}: Namespace payments/other`]);
    server.refuse = ({ path }) => (path.includes("sh.helm.release") ? refusal(403, "no") : undefined);
    const { code, err } = await retrofit(server, ["payments"]);
    assert.equal(code, 3);
    assert.match(err, /get secrets\/sh\.helm\.release\.v1\.web\.v3 --namespace payments/);
  });

  it("reads the objects of a list in it", async () => {
    const items = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "listed" } }];
    const server = releaseWith(ofManifest(stringify({ apiVersion: "v1", kind: "List", items })));
    assert.deepEqual(await obstacles(server), [`HelmRelease payments/web: ${may}: Namespace payments/listed`]);
  });

  it("names objects in a version that the cluster serves no more, as no right on them can be asked for", async () => {
    const old = (name: string) => {
      return stringify({ apiVersion: "rbac.authorization.k8s.io/v1beta1", kind: "ClusterRole", metadata: { name } });
    };
    const server = releaseWith(ofManifest(["web", "web-more"].map(old).join("---\n")));
    const reason = "the cluster does not serve ClusterRole in rbac.authorization.k8s.io/v1beta1";
    assert.deepEqual(await obstacles(server), [
      `HelmRelease payments/web: ${reason}, so rights on it are not proven: ClusterRole payments/web, and 1 more`,
    ]);
  });

  /** YAML with lists that name the one before them four times each. */
  const alias = (depth: number) => {
    const lists = Array.from({ length: depth }, (_, index) => {
      return `a${index + 1}: &a${index + 1} [${Array(4).fill(`*a${index}`).join(", ")}]`;
    });
    return ["a0: &a0 [x]", ...lists].join("\n");
  };
  const unreadable: readonly (readonly [string, string])[] = [
    ["no base64", "%%"],
    ["no gzip", Buffer.from("abc").toString("base64")],
    ["no JSON", packed("secret-value: {")],
    ["no manifest", packed("{}")],
    ["no YAML", ofManifest("secret-value: [")],
    ["an object without a name", ofManifest(stringify({ apiVersion: "v1", kind: "ConfigMap" }))],
    ["aliases that multiply", ofManifest(alias(12))],
    ["more than 32 MiB", ofManifest("#".repeat(33 * 1024 * 1024))],
  ];
  for (const [title, content] of unreadable) {
    it(`names a release whose Secret has ${title}, and repeats nothing of it`, async () => {
      const server = releaseWith(content);
      const reason = "Helm's Secret payments/sh.helm.release.v1.web.v3 has another form than Helm writes";
      assert.deepEqual(await obstacles(server), [
        `HelmRelease payments/web: ${reason}, so the objects of the release are not known`,
      ]);
      const { out, err } = await retrofit(server, ["payments"]);
      assert.doesNotMatch(`${out}${err}`, /secret-value/);
    });
  }

  it("names a release whose Secret is gone", async () => {
    const reason = "Helm's Secret payments/sh.helm.release.v1.web.v3 does not exist";
    assert.deepEqual(await obstacles(releaseWith()), [
      `HelmRelease payments/web: ${reason}, so the objects of the release are not known`,
    ]);
  });

  it("names a sync that is not Ready: its inventory is of other content", async () => {
    const conditions = [{ type: "Ready", status: "False", message: "build failed", observedGeneration: 1 }];
    const more = fluxObject("Kustomization", { namespace: "payments", name: "more" }, {}, []);
    const server = retrofitCluster([
      ...ordinaryTenantObjects("payments"),
      { ...more, status: { ...(more.status as object), conditions } },
    ]);
    const words = "is not Ready: build failed, so its inventory may lack objects of its files";
    assert.deepEqual(await obstacles(server), [`Kustomization payments/more: ${words}`]);
    await retrofit(server, ["payments"], "--apply", "accounts", "--yes");
    const count = server.writes.length;
    const { code, err } = await retrofit(server, ["payments"], "--apply", "syncs", "--yes");
    assert.equal(code, 1);
    assert.match(err, /Kustomization payments\/more: is not Ready: build failed/);
    assert.equal(server.writes.length, count);
    server.put({ ...more, spec: { suspend: true }, status: { conditions } });
    assert.deepEqual(await obstacles(server), []);
  });

  it("names it too where a condition has no form that Kubernetes knows", async () => {
    const conditions = [null, { type: "Ready", status: "False", message: "build failed" }];
    const odd = fluxObject("Kustomization", { namespace: "payments", name: "odd" }, {}, []);
    const status = { ...(odd.status as object), conditions };
    const server = retrofitCluster([...ordinaryTenantObjects("payments"), { ...odd, status }]);
    const words = "is not Ready: build failed, so its inventory may lack objects of its files";
    assert.deepEqual(await obstacles(server), [`Kustomization payments/odd: ${words}`]);
  });

  it("ends with 3 for an inventory of another form, before and after a step", async () => {
    const server = retrofitCluster(ordinaryTenantObjects("payments"));
    server.put(fluxObject("Kustomization", { namespace: "payments", name: "odd" }, {}, ["odd"]));
    const { code, err } = await retrofit(server, ["payments"]);
    assert.equal(code, 3);
    assert.match(err, /an object has a form that this version does not know: inventory\.entries\.0\.id/);
  });

  it("names what the program's policies warn of while fleet:admission is audit, and no other policy", async () => {
    const policy = planned("admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", { name: "fleet-images" }, {});
    const plan = async () => [...retrofitPlan("payments"), ...plannedObjects(planOf([policy], { tenants: [] }))];
    const server = retrofitCluster(ordinaryTenantObjects("payments"));
    assert.equal((await retrofitWith(server, { plan }, "--apply", "accounts", "--yes")).code, 0);
    const warnings = (name: string) => [
      '299 - "unknown field"',
      `299 - "Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${name}': pin the image"`,
    ];
    const look = async (name: string) => {
      server.refuse = ({ user, isDryRun }) => {
        return user !== undefined && isDryRun ? { status: 200, body: {}, warnings: warnings(name) } : undefined;
      };
      const { out } = await retrofitWith(server, { plan }, "--output", "json");
      const { steps } = JSON.parse(out) as RetrofitOutput;
      return steps.find(({ id }) => id === "proof")?.obstacles.map(({ message }) => message);
    };
    assert.deepEqual(await look("of-another"), []);
    assert.deepEqual(await look("fleet-images"), [
      "Deployment payments/web: the policy fleet-images warns, and refuses it with fleet:admission: enforce: pin the image",
    ]);
  });
});
