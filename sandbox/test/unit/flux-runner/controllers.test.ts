import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controllerOfImage, runnable } from "../../../flux-runner/controllers.js";
import { UnsupportedPod } from "../../../flux-runner/unsupported-pod.js";
import { container, pod } from "../../support/pods.js";

const digest = `sha256:${"0".repeat(64)}`;

describe("the controller of an image", () => {
  it("is none for images of other projects, with any name", () => {
    for (const image of [
      "kustomize-controller:v1",
      "registry.example/other/kustomize-controller:v1",
      "registry.example/deeper/fluxcd/kustomize-controller:v1",
      "registry.example/fluxcd/../sh",
      "registry.example/fluxcd/kustomize-controller@sha256:short",
      "",
    ]) {
      assert.equal(controllerOfImage(image), undefined, image);
    }
  });

  it("is cert-manager's and Flagger's as well", () => {
    assert.equal(controllerOfImage("quay.example/jetstack/cert-manager-webhook:v1.21.2"), "cert-manager-webhook");
    assert.equal(controllerOfImage("ghcr.example/fluxcd/flagger:1.36.1"), "flagger");
  });

  it("is found by tag, by digest, by both, and on a mirror with a port", () => {
    for (const suffix of ["", ":v1.9.3", `@${digest}`, `:v1.9.3@${digest}`]) {
      assert.equal(
        controllerOfImage(`registry.example:5000/fluxcd/helm-controller${suffix}`),
        "helm-controller",
        suffix,
      );
    }
  });
});

describe("the executable of a pod", () => {
  const bin = mkdtempSync(join(tmpdir(), "fleet-test-"));
  writeFileSync(join(bin, "kustomize-controller"), "");
  after(() => rmSync(bin, { recursive: true }));

  const refusal = (reason: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UnsupportedPod);
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
    return true;
  };

  it("is none for an image without one, and the status names the image", () => {
    const image = "registry.example/fluxcd/source-watcher:v2.2.2";
    assert.throws(
      () => runnable(pod(container({ image })), bin),
      refusal("ImagePullBackOff", /source-watcher:v2.2.2": the sandbox's toolchain has no source-watcher/),
    );
  });

  it("is that of the image's tag, where the toolchain has it, and the one of the release otherwise", () => {
    const ofTag = join(bin, "kustomize-controller-v1.9.4");
    writeFileSync(ofTag, "");
    const executable = (image: string) => runnable(pod(container({ image })), bin).executable;
    assert.equal(executable(`registry.example/fluxcd/kustomize-controller:v1.9.4@${digest}`), ofTag);
    assert.equal(executable("registry.example/fluxcd/kustomize-controller:v1.9.4"), ofTag);
    for (const suffix of ["", ":v1.9.3", `:v1.9.5@${digest}`, `@${digest}`]) {
      const image = `registry.example/fluxcd/kustomize-controller${suffix}`;
      assert.equal(executable(image), join(bin, "kustomize-controller"), suffix);
    }
  });

  it("is none for an image of another project", () => {
    assert.throws(
      () => runnable(pod(container({ image: "nginx" })), bin),
      refusal("ImagePullBackOff", /"nginx": the sandbox runs only controllers that it has in this namespace/),
    );
  });

  it("is none with an init container or a second container: half a pod would look healthy", () => {
    const other = { name: "side", image: "side:v1" };
    assert.throws(
      () => runnable(pod(container(), { initContainers: [other] }), bin),
      refusal("ImagePullBackOff", /side:v1/),
    );
    assert.throws(
      () => runnable(pod(container(), { containers: [container(), other] }), bin),
      refusal("ImagePullBackOff", /side:v1/),
    );
  });

  it("is none when the container has its own command", () => {
    assert.throws(
      () => runnable(pod(container({ command: ["/bin/sh"] })), bin),
      refusal("CreateContainerConfigError", /cannot honour the command/),
    );
  });

  it("takes the arguments after the command that the controller's Deployment names, and no other command", () => {
    writeFileSync(join(bin, "flagger"), "");
    const flagger = (command: string[]) => {
      const { executable, container: one } = runnable(
        pod(container({ image: "ghcr.example/fluxcd/flagger:1", command, args: [] })),
        bin,
      );
      return { executable, args: one.args };
    };
    assert.deepEqual(flagger(["./flagger", "-log-level=info", "--port=9090", "-1"]), {
      executable: join(bin, "flagger"),
      args: ["--log-level=info", "--port=9090", "-1"],
    });
    assert.throws(() => flagger(["/bin/flagger"]), refusal("CreateContainerConfigError", /cannot honour the command/));
  });

  it("has the controller's name", () => {
    assert.equal(runnable(pod(), bin).executable, join(bin, "kustomize-controller"));
  });
});
