import assert from "node:assert/strict";
import { CONTROLLERS } from "../../../../config/stack/controllers.js";
import { configProblems, load } from "../../../support/unit/checkout-tree.js";

describe("controllers of a stack are refused:", () => {
  it("components that do not exist or are named twice", () => {
    assert.match(
      configProblems({ extraComponents: '["image-reflector"]' }),
      /fleet:extraComponents\[0\]: must be one of image-reflector-controller, image-automation-controller/,
    );
    assert.match(
      configProblems({ extraComponents: ["image-reflector-controller", "image-reflector-controller"] }),
      /names a controller twice/,
    );
  });

  it("settings of a controller that is not installed", () => {
    assert.match(
      configProblems({ controllers: { "image-automation-controller": {} } }),
      /fleet:controllers\.image-automation-controller: is set up but not installed\. Add /,
    );
  });

  for (const argument of [
    "--no-cross-namespace-refs=false",
    "--no-remote-bases=false",
    "--default-service-account=kustomize-controller",
    "--default-kubeconfig-service-account=default",
    "--watch-all-namespaces=false",
    "--watch-label-selector=team=a",
    "--insecure-kubeconfig-exec=true",
    "--insecure-kubeconfig-tls=true",
    "--events-addr=http://elsewhere.example.com/",
    "--storage-path=/",
    "--storage-adv-addr=elsewhere.example.com",
    "--enable-leader-election=false",
    "--log-level=debug",
  ]) {
    it(`the argument ${argument}, which would undo what the program sets`, () => {
      assert.match(
        configProblems({ controllers: { "kustomize-controller": { args: [argument] } } }),
        /fleet:controllers\.kustomize-controller\.args\[0\]: --.*of a flag that is given twice the last one wins/,
      );
    });
  }

  for (const argument of ["--concurrent", "--http-retry", "--", "-v=2", "concurrent=2", "--=x", ""]) {
    it(`the argument ${JSON.stringify(argument)}, which could swallow the next one or end the list`, () => {
      assert.match(
        configProblems({ controllers: { "helm-controller": { args: [argument] } } }),
        /args\[0\]: is not of the form --FLAG=VALUE/,
      );
    });
  }

  for (const flag of ["sops-age-secret", "sops-vault-configmap", "concurent"]) {
    it(`the flag --${flag}, which is not known to leave tenants separate`, () => {
      const args = [`--${flag}=x`];
      assert.match(
        configProblems({ controllers: { "kustomize-controller": { args } } }),
        new RegExp(`args\\[0\\]: --${flag} is not among the flags that are known to leave tenants separate\\. `),
      );
    });
  }

  it("a flag given twice", () => {
    assert.match(
      configProblems({ controllers: { "source-controller": { args: ["--concurrent=2", "--concurrent=4"] } } }),
      /args\[1\]: repeats --concurrent/,
    );
  });

  it("amounts that Kubernetes does not read", () => {
    const resources = { limits: { memory: "1 GB" }, requests: { cpu: true, gpu: "1" } };
    const text = configProblems({ controllers: { "source-controller": { resources } } });
    assert.match(text, /resources\.limits\.memory: is not a Kubernetes quantity/);
    assert.match(text, /resources\.requests\.cpu: must be an amount like 500m, 2 or 1Gi/);
    assert.match(text, /resources\.requests\.gpu: there is no such field/);
  });

  it("a request above its limit, with which no pod would ever start", () => {
    const resources = (requests: object, limits: object) =>
      configProblems({ controllers: { "source-controller": { resources: { requests, limits } } } });
    assert.match(resources({ memory: "1Gi" }, { memory: "1G" }), /resources\.requests\.memory: is more than the limit/);
    assert.match(resources({ cpu: "1.5" }, { cpu: "1000m" }), /resources\.requests\.cpu: is more than the limit/);
    assert.equal(resources({ cpu: "1000m", memory: "64Mi" }, { cpu: "1", memory: "1Gi" }), "");
    assert.equal(resources({ cpu: "4" }, { memory: "1Gi" }), "");
  });
});

describe("controllers of a stack", () => {
  it("gives every controller that is set up a list of arguments", () => {
    const controllers = Object.fromEntries(CONTROLLERS.map((name) => [name, {}]));
    const extraComponents = ["image-reflector-controller", "image-automation-controller"];
    const spec = load({ config: { controllers, extraComponents } });
    for (const name of CONTROLLERS) assert.deepEqual(spec.flux.controllers[name], { args: [] });
  });
});
