import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { tenantScaffold } from "../../../../policies/scaffold/scaffold.js";
import type { Fields } from "../../../support/objects/object.js";
import { root } from "../../../support/unit/fleet.js";
import { fleetSpec } from "../../../support/unit/spec.js";

type Admission = ReturnType<typeof fleetSpec>["admission"];

const filesOf = (admission: Partial<Admission> = {}) =>
  tenantScaffold("kustomize", fleetSpec({ admission: { ...fleetSpec().admission, ...admission } }));
const imagesAs = (images: Partial<Admission["images"]>) =>
  filesOf({ images: { ...fleetSpec().admission.images, ...images } });
const text = (files: Readonly<Record<string, string>>, file: string): string => {
  const content = files[file];
  assert.ok(content, file);
  return content;
};
const deploymentOf = (files: Readonly<Record<string, string>>) =>
  parse(text(files, "deploy/base/deployment.yaml")) as {
    readonly kind: string;
    readonly spec: {
      readonly template: { readonly spec: { readonly containers: readonly [Fields & { image: string }] } };
    };
  };

describe("the scaffold kustomize", () => {
  const files = filesOf();

  it("has a folder for every stack, or a cluster's first sync would fail", () => {
    for (const stack of ["prod-eu", "staging"]) assert.ok(files[`deploy/${stack}/kustomization.yaml`], stack);
  });

  it("builds to something on every stack: an empty build is an error of Kustomize", () => {
    const base = parse(text(files, "deploy/base/kustomization.yaml")) as { resources: string[] };
    assert.deepEqual(base.resources, ["welcome.yaml"]);
    for (const resource of base.resources) {
      const object = parse(text(files, `deploy/base/${resource}`)) as { kind: string; metadata: { name: string } };
      assert.ok(object.kind && object.metadata.name, resource);
    }
  });

  it("applies its Deployment once the author removes the #, as README says", () => {
    const kustomization = text(files, "deploy/base/kustomization.yaml").replace(
      "# - deployment.yaml",
      "- deployment.yaml",
    );
    const { resources } = parse(kustomization) as { resources: string[] };
    assert.deepEqual(resources, ["welcome.yaml", "deployment.yaml"]);
    assert.equal(deploymentOf(files).kind, "Deployment");
    assert.match(text(files, "README.md"), /Remove the `#` before `- deployment\.yaml`/);
  });

  it("has an image as the stack demands it: from an allowed registry, by digest", () => {
    const imageOf = (all: typeof files) => deploymentOf(all).spec.template.spec.containers[0].image;
    assert.equal(imageOf(files), "ghcr.io/acme/app:1.0.0");
    assert.equal(
      imageOf(imagesAs({ registries: ["Registry.example.com:5000/team"] })),
      "registry.example.com:5000/team/app:1.0.0",
    );
    assert.match(imageOf(imagesAs({ digests: "required" })), /^ghcr\.io\/acme\/app:1\.0\.0@sha256:[0-9a-f]{64}$/);
  });

  it("has requests and probes, beside what the policies demand", () => {
    const [container] = deploymentOf(files).spec.template.spec.containers;
    for (const field of ["readinessProbe", "livenessProbe"]) assert.ok(field in container, field);
    assert.ok("requests" in (container.resources as object));
  });
});

describe("the README of a tenant's repository", () => {
  const readme = (admission: Partial<Admission> = {}) => text(filesOf(admission), "README.md");
  const ofImages = (images: Partial<Admission["images"]>) => text(imagesAs(images), "README.md");

  it("has no command for a cluster that the team may not reach", () => {
    assert.doesNotMatch(readme(), /kubectl|flux get|kubeconfig/i);
    assert.match(readme(), /access\.viewers/);
  });

  it("states the rules that the stack's settings make", () => {
    assert.match(readme(), /\| Images \| from any registry, with `imagePullPolicy: Always` \|/);
    assert.match(
      ofImages({ registries: ["ghcr.io/acme", "docker.io/library"], digests: "required", pullPolicy: "any" }),
      /from `ghcr\.io\/acme`, `docker\.io\/library` only, by digest \(`NAME@sha256:DIGEST`\) \|/,
    );
    assert.match(ofImages({ pullPolicy: "any" }), /from any registry, with a tag other than `latest`, or a digest \|/);
    assert.match(readme(), /every container declares limits/);
    assert.match(readme({ workloadResources: "defaulted" }), /limit range/);
    assert.match(readme(), /hosts of your tenant file only/);
    assert.match(readme({ hosts: "any" }), /may serve any host/);
    assert.match(readme({ serviceExposure: ["LoadBalancer"] }), /of the type ClusterIP or LoadBalancer/);
    assert.match(readme(), /`small` has 4 CPUs, 8Gi of memory, 50Gi of storage and 50 pods; `medium`/);
  });

  it("has a table whose rows are whole", () => {
    const rows = readme()
      .split("\n")
      .filter((line) => line.startsWith("|"));
    assert.ok(rows.length > 5);
    for (const row of rows) assert.equal(row.split("|").length, 4, row);
  });

  it("names every stack's folder, and no other", () => {
    const named = [...readme().matchAll(/- `deploy\/([^`]+)`:/g)].map(([, folder]) => folder);
    assert.deepEqual(named, ["base", "prod-eu", "staging"]);
  });
});

describe("docs/for-tenant-teams/repository.md", () => {
  it("shows the Deployment of the scaffold", () => {
    const page = readFileSync(join(root, "docs/for-tenant-teams/repository.md"), "utf8");
    assert.ok(page.includes(text(filesOf(), "deploy/base/deployment.yaml")));
  });
});
