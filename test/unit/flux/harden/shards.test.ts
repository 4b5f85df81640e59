import assert from "node:assert/strict";
import { z } from "zod";
import { flagNames } from "../../../../flux/harden/arguments.js";
import { deployments } from "../../../../flux/release/deployment.js";
import { type KubernetesObject, objectName } from "../../../../lib/kubernetes/object.js";
import { fluxManifest, releaseWith, releaseWithout } from "../../../support/unit/flux-manifest.js";
import { argsOf, container, everything, find, hardened } from "../../../support/unit/hardened.js";
import { shuffled } from "../../../support/unit/shuffled.js";

const key = "sharding.fluxcd.io/key";
const sharded = ["source-controller", "kustomize-controller", "helm-controller"];
const two = { ...everything, shards: ["untrusted", "batch"] };

const deployment = (objects: readonly KubernetesObject[], name: string) =>
  deployments.parse(find(objects, `Deployment ${name}`));
const manager = (objects: readonly KubernetesObject[], name: string) =>
  deployment(objects, name).spec.template.spec.containers[0];
const variable = (objects: readonly KubernetesObject[], name: string, of: string) =>
  manager(objects, of)?.env?.find((one) => one.name === name)?.value;

describe("the shards of Flux", () => {
  const plain = hardened(everything);
  const objects = hardened(two);
  const names = (list: readonly KubernetesObject[]) => list.map(objectName);

  it("are refused where the release is not as the step expects it", () => {
    const refuses = (release: readonly KubernetesObject[], message: RegExp) =>
      assert.throws(() => hardened(two, [...release]), message);
    refuses(
      releaseWith("Deployment helm-controller", `${container}.args.1`, () => "--watch-label-selector=a=b"),
      /hardening step shards: .*--watch-label-selector/,
    );
    refuses(
      releaseWith("Deployment helm-controller", "spec.selector.matchLabels", () => ({ run: "helm" })),
      /hardening step shards: expected to select pods by the label app=helm-controller/,
    );
    refuses(
      releaseWith("Deployment source-controller", `${container}.args.6`, () => "--storage-adv-addr=artifacts.example"),
      /hardening step shards: expected the Service source-controller in --storage-adv-addr/,
    );
    refuses(releaseWithout("Service source-controller"), /hardening step shards: expected to select pods by app=/);
  });

  it("change nothing on a stack without shards", () => {
    assert.deepEqual(hardened({ ...everything, shards: [] }), plain);
    assert.ok(!JSON.stringify(plain).includes(key));
  });

  it("have three controllers each, a Service of artifacts and the way to it, and no right, account or kind of their own", () => {
    const added = names(objects).filter((name) => !names(plain).includes(name));
    const expected = ["untrusted", "batch"].flatMap((shard) => [
      ...sharded.map((name) => `Deployment flux-system/${name}-${shard}`),
      `Service flux-system/source-controller-${shard}`,
      `NetworkPolicy flux-system/fetch-artifacts-${shard}`,
      `NetworkPolicy flux-system/serve-artifacts-${shard}`,
    ]);
    assert.deepEqual([...added].sort(), [...expected].sort());
    assert.equal(objects.length, plain.length + expected.length);
  });

  it("have exactly the objects with their label, and the main controllers those without any", () => {
    const selectors = (suffix: string) =>
      sharded.map((name) => argsOf(objects, `${name}${suffix}`).filter((arg) => arg.startsWith("--watch-label-")));
    const of = (selector: string) => sharded.map(() => [`--watch-label-selector=${selector}`]);
    assert.deepEqual(selectors(""), of(`!${key}`));
    assert.deepEqual(selectors("-untrusted"), of(`${key}=untrusted`));
    assert.deepEqual(selectors("-batch"), of(`${key}=batch`));
    for (const name of ["notification-controller", "image-reflector-controller", "image-automation-controller"]) {
      assert.deepEqual(find(objects, `Deployment ${name}`), find(plain, `Deployment ${name}`));
    }
  });

  it("are hardened as the main controllers: the same pod but for the name, the selector and the addresses", () => {
    for (const name of sharded) {
      const asMain = JSON.parse(
        JSON.stringify(deployment(objects, `${name}-batch`))
          .replaceAll(`${key}=batch`, `!${key}`)
          .replaceAll("-controller-batch", "-controller"),
        (field, value) => (field === key ? undefined : value),
      );
      assert.deepEqual(asMain, deployment(objects, name), name);
      const args = argsOf(objects, `${name}-batch`);
      assert.deepEqual(flagNames(args), [...new Set(flagNames(args))], name);
      assert.equal(deployment(objects, `${name}-batch`).spec.template.spec.serviceAccountName, name);
      assert.equal(variable(objects, "GOMEMLIMIT", `${name}-batch`), "1932735283");
    }
  });

  it("follow a stack's settings of the main controllers", () => {
    const settings = { args: ["--concurrent=8"], resources: { limits: { memory: "4Gi" } }, volumeSize: "9Gi" };
    const set = hardened({ shards: ["batch"], controllers: { "helm-controller": settings } });
    assert.ok(argsOf(set, "helm-controller-batch").includes("--concurrent=8"));
    assert.equal(manager(set, "helm-controller-batch")?.resources?.limits?.memory, "4Gi");
    assert.match(JSON.stringify(find(set, "Deployment helm-controller-batch")), /"sizeLimit":"9Gi"/);
  });

  it("serve their artifacts under an address of their own, which no Service but theirs leads to", () => {
    assert.ok(
      argsOf(objects, "source-controller-batch").includes(
        "--storage-adv-addr=source-controller-batch.$(RUNTIME_NAMESPACE).svc.cluster.local.",
      ),
    );
    const selector = (name: string) =>
      z.looseObject({ selector: z.record(z.string(), z.string()) }).parse(find(objects, `Service ${name}`).spec)
        .selector;
    for (const shard of ["", "-batch", "-untrusted"]) {
      const name = `source-controller${shard}`;
      assert.deepEqual(selector(name), { app: name });
      assert.equal(deployment(objects, name).spec.template.metadata.labels.app, name);
      assert.deepEqual(deployment(objects, name).spec.selector, { matchLabels: { app: name } });
    }
  });

  it("let kustomize reach the artifacts of their own shard only, by the proxy's settings and by the network", () => {
    const reached = (name: string) => (variable(objects, "NO_PROXY", name) ?? "").split(",");
    const ofMain = "source-controller.flux-system.svc.cluster.local";
    const ofBatch = "source-controller-batch.flux-system.svc.cluster.local";
    assert.ok(reached("kustomize-controller-batch").includes(ofBatch));
    assert.ok(!reached("kustomize-controller-batch").includes(ofMain));
    assert.ok(reached("kustomize-controller").includes(ofMain));
    assert.ok(!reached("kustomize-controller").includes(ofBatch));

    const pods = (...apps: string[]) => ({ matchExpressions: [{ key: "app", operator: "In", values: apps }] });
    const [fetching, serving] = [
      pods("helm-controller-batch", "kustomize-controller-batch"),
      pods("source-controller-batch"),
    ];
    const ports = [{ protocol: "TCP", port: 9090 }];
    assert.deepEqual(find(objects, "NetworkPolicy fetch-artifacts-batch").spec, {
      podSelector: fetching,
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: serving }], ports }],
    });
    assert.deepEqual(find(objects, "NetworkPolicy serve-artifacts-batch").spec, {
      podSelector: serving,
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: fetching }], ports }],
    });
    for (const name of ["fetch-artifacts", "serve-artifacts"]) {
      assert.deepEqual(find(objects, `NetworkPolicy ${name}`), find(plain, `NetworkPolicy ${name}`));
    }
    assert.match(JSON.stringify(find(objects, "NetworkPolicy allow-git-ssh")), /"source-controller-batch"/);
    assert.match(JSON.stringify(find(objects, "NetworkPolicy receive-events")), /"helm-controller-untrusted"/);
  });

  it("do not depend on the order of the release's objects and keys", () => {
    assert.deepEqual(hardened(two, shuffled(fluxManifest(), 7)), objects);
  });
});
