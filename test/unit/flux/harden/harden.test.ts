import assert from "node:assert/strict";
import fc from "fast-check";
import { flagNames } from "../../../../flux/harden/arguments.js";
import { deployments } from "../../../../flux/release/deployment.js";
import { objectName } from "../../../../lib/kubernetes/object.js";
import { fluxManifest, imageDigest, releaseWith } from "../../../support/unit/flux-manifest.js";
import { all, argsOf, container, everything, find, hardened, version } from "../../../support/unit/hardened.js";
import { shuffled } from "../../../support/unit/shuffled.js";

describe("harden", () => {
  it("gives the same list, whatever the order of objects and keys", () => {
    const expected = hardened(everything);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        assert.deepEqual(hardened(everything, shuffled(fluxManifest(), seed)), expected);
      }),
      { numRuns: 20 },
    );
  });

  it("leaves its input as it was", () => {
    const objects = fluxManifest();
    hardened(everything, objects);
    assert.deepEqual(objects, fluxManifest());
  });

  it("leaves no flag on any command line twice, because the last one would win", () => {
    const objects = hardened({ ...everything, controllers: { "helm-controller": { args: ["--concurrent=8"] } } });
    for (const controller of all) {
      const names = flagNames(argsOf(objects, controller));
      assert.deepEqual(names, [...new Set(names)], controller);
      assert.equal(names.length, argsOf(objects, controller).length, controller);
    }
  });

  it("locks down exactly the controllers that know the flag; the others would not start", () => {
    const objects = hardened(everything);
    const having = (argument: string) => all.filter((controller) => argsOf(objects, controller).includes(argument));
    assert.deepEqual(having("--no-cross-namespace-refs=true"), all.slice(1));
    assert.deepEqual(having("--no-remote-bases=true"), ["kustomize-controller"]);
    assert.deepEqual(having("--custom-apply-stage-kinds=rbac.authorization.k8s.io/Role"), ["kustomize-controller"]);
    assert.deepEqual(having("--default-service-account=default"), ["kustomize-controller", "helm-controller"]);
    assert.deepEqual(having("--watch-all-namespaces=true"), all);
    assert.deepEqual(having("--enable-leader-election"), all);
  });

  it("lets a correction be looked at before the push that it corrects has timed out", () => {
    const objects = hardened(everything);
    const gate = "--feature-gates=CancelHealthCheckOnNewRevision=true";
    assert.deepEqual(
      all.filter((controller) => argsOf(objects, controller).includes(gate)),
      ["kustomize-controller", "helm-controller"],
    );
  });

  it("leaves no argument that lets a controller take what source-watcher would make", () => {
    for (const controller of all) {
      assert.ok(!argsOf(hardened(everything), controller).join().includes("ExternalArtifact"), controller);
    }
  });

  it("keeps the other feature gates when it takes one away", () => {
    const objects = releaseWith(
      "Deployment helm-controller",
      `${container}.args.5`,
      () => "--feature-gates=A=true,ExternalArtifact=true,B=false",
    );
    assert.ok(
      argsOf(hardened({}, objects), "helm-controller").includes(
        "--feature-gates=A=true,B=false,CancelHealthCheckOnNewRevision=true",
      ),
    );
  });

  it("carries the cluster domain into every address, and no other domain stays", () => {
    const objects = hardened({ ...everything, clusterDomain: "k8s.example.org" });
    for (const controller of all) {
      const text = argsOf(objects, controller).join("\n");
      assert.ok(!text.includes("cluster.local"), text);
      const sends = controller !== "notification-controller";
      assert.equal(
        text.includes("--events-addr=http://notification-controller.flux-system.svc.k8s.example.org./"),
        sends,
      );
    }
    assert.ok(
      argsOf(objects, "source-controller").includes(
        "--storage-adv-addr=source-controller.$(RUNTIME_NAMESPACE).svc.k8s.example.org.",
      ),
    );
  });

  it("sets the log level once, in its place", () => {
    assert.deepEqual(
      argsOf(hardened({ logLevel: "debug" }), "notification-controller").filter((argument) =>
        argument.startsWith("--log-level"),
      ),
      ["--log-level=debug"],
    );
  });

  it("adds a controller's arguments and changes only the quantities that are given", () => {
    const objects = hardened({
      controllers: { "helm-controller": { args: ["--concurrent=8"], resources: { limits: { memory: "2Gi" } } } },
    });
    assert.equal(argsOf(objects, "helm-controller").at(-1), "--concurrent=8");
    const resources = (name: string) =>
      deployments.parse(find(objects, `Deployment ${name}`)).spec.template.spec.containers[0]?.resources;
    assert.deepEqual(resources("helm-controller"), {
      limits: { cpu: "1000m", memory: "2Gi" },
      requests: { cpu: "100m", memory: "64Mi" },
    });
    assert.deepEqual(resources("notification-controller")?.limits, { cpu: "1000m", memory: "1Gi" });
  });

  it("joins a stack's feature gates with those of the lockdown in one flag", () => {
    const objects = hardened({ controllers: { "helm-controller": { args: ["--feature-gates=OOMWatch=true"] } } });
    assert.deepEqual(
      argsOf(objects, "helm-controller").filter((argument) => argument.startsWith("--feature-gates")),
      ["--feature-gates=CancelHealthCheckOnNewRevision=true,OOMWatch=true"],
    );
  });

  it("pins every image by digest, behind the tag that people and the flux CLI read", () => {
    for (const controller of all) {
      const [manager] = deployments.parse(find(hardened(everything), `Deployment ${controller}`)).spec.template.spec
        .containers;
      assert.match(
        manager?.image ?? "",
        new RegExp(`^registry\\.example\\.com/flux/${controller}:v1\\.0\\.\\d@${imageDigest}$`),
      );
    }
  });

  it("labels every object and every pod, so that nothing of ours is a stranger", () => {
    const expected = {
      "app.kubernetes.io/managed-by": "fleet",
      "fleet.dev/stack": "staging",
      "app.kubernetes.io/part-of": "flux",
      "app.kubernetes.io/instance": "flux-system",
      "app.kubernetes.io/version": version,
    };
    for (const object of hardened(everything)) {
      const metadata = [
        object.metadata,
        ...(object.kind === "Deployment" ? [deployments.parse(object).spec.template.metadata] : []),
      ];
      for (const { labels } of metadata) {
        for (const [key, value] of Object.entries(expected))
          assert.equal(labels?.[key], value, `${objectName(object)} ${key}`);
      }
    }
  });

  it("leaves nothing of a controller that is not installed", () => {
    const text = JSON.stringify(hardened());
    for (const trace of [
      "source-watcher",
      "image-reflector",
      "image-automation",
      "image.toolkit",
      "source.extensions",
    ]) {
      assert.ok(!text.includes(trace), trace);
    }
  });
});
