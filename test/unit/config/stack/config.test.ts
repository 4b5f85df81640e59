import assert from "node:assert/strict";
import { configProblems, load } from "../../../support/unit/checkout-tree.js";
import { fleetSpec } from "../../../support/unit/spec.js";

describe("stack configuration refuses", () => {
  it("an unknown key, and names the one that was meant", () => {
    assert.match(
      configProblems({ readytimeout: "5m" }),
      /^Pulumi\.staging\.yaml: fleet:readytimeout: there is no such field\. Did you mean fleet:readyTimeout\?$/,
    );
  });

  it("required keys that are missing, or empty as Pulumi.yaml has them by default", () => {
    const expected = [
      "Pulumi.staging.yaml: fleet:fluxVersion: is missing. Add it.",
      "Pulumi.staging.yaml: fleet:repositoryOwner: is missing. Add it.",
    ].join("\n");
    assert.equal(configProblems({ repositoryOwner: undefined, fluxVersion: undefined }), expected);
    assert.equal(configProblems({ repositoryOwner: "", fluxVersion: "" }), expected);
  });

  it("a repository owner, or a stack that cannot be read, that is no stack", () => {
    assert.match(
      configProblems({ unreadableStacks: { "prod-ue": "gone" } }),
      /fleet:unreadableStacks\.prod-ue: names no stack that has an overlay folder\. Did you mean prod-eu\?/,
    );
    assert.match(
      configProblems({ repositoryOwner: "production" }),
      /fleet:repositoryOwner: names no stack that has an overlay folder\. Name one of: prod-eu, staging\.$/,
    );
  });

  it("a Flux version that is none", () => {
    assert.match(configProblems({ fluxVersion: "latest" }), /fleet:fluxVersion: is not a Flux version/);
    assert.match(configProblems({ fluxVersion: 2 }), /fleet:fluxVersion: must be a text, but is a number\./);
  });

  it("broken JSON, without repeating it", () => {
    const text = configProblems({ variables: '{"password": "hunter2"' });
    assert.match(text, /fleet:variables: is not JSON/);
    assert.doesNotMatch(text, /hunter2|password/);
  });

  it("values by their kind, not by their content, which could be a secret", () => {
    const text = configProblems({ githubOwner: "not an owner: hunter2", logLevel: "hunter2", readyTimeout: "hunter2" });
    assert.match(text, /fleet:githubOwner: is not a GitHub owner/);
    assert.match(text, /fleet:logLevel: must be one of debug, info, error\./);
    assert.match(text, /fleet:readyTimeout: is not a duration/);
    assert.doesNotMatch(text, /hunter2/);
  });

  it("JSON of the wrong type", () => {
    assert.match(configProblems({ extraComponents: '"all"' }), /fleet:extraComponents: must be a list, but is a text/);
    assert.match(configProblems({ controllers: "[]" }), /fleet:controllers: must be a map, but is a list/);
  });

  it("priority classes of Kubernetes' own, which preempt the platform's pods", () => {
    for (const name of ["system-cluster-critical", "system-node-critical"]) {
      assert.match(
        configProblems({ priorityClasses: ["tenant-batch", name] }),
        /fleet:priorityClasses\[1\]: is Kubernetes' own: its pods preempt all others/,
      );
    }
  });

  it("tolerations of the control plane and of lost nodes, and others that are no taints", () => {
    for (const taint of ["node-role.kubernetes.io/control-plane", "node.kubernetes.io/unschedulable=true"]) {
      assert.match(configProblems({ tolerations: [taint] }), /fleet:tolerations\[0\]: is a taint of the control plane/);
    }
    for (const taint of ["", "*", "a b", "dedicated=a=b", "=x", "dedicated:NoSchedule"]) {
      assert.match(configProblems({ tolerations: [taint] }), /fleet:tolerations\[0\]: is (empty|not a taint)/);
    }
    assert.equal(configProblems({ tolerations: ["nvidia.com/gpu", "dedicated=batch", "spot="] }), "");
  });

  it("runtime classes, drivers and storage classes that are no names, and annotations that are no keys", () => {
    for (const setting of ["runtimeClasses", "csiDrivers", "storageClasses", "volumeAttributesClasses", "schedulers"]) {
      assert.match(configProblems({ [setting]: ["A B"] }), new RegExp(`fleet:${setting}\\[0\\]: is not a DNS name`));
    }
    for (const key of ["a/b/c", "*", "*/*", "example.com/**", "example.com/a*"]) {
      for (const setting of ["podAnnotations", "allowedLabels"]) {
        assert.match(
          configProblems({ [setting]: [key] }),
          new RegExp(`fleet:${setting}\\[0\\]: is not a label key`),
          key,
        );
      }
    }
    assert.equal(configProblems({ podAnnotations: ["example.com/*", "aadpodidbinding", "io.x.y"] }), "");
    assert.match(
      configProblems({ loadBalancerClasses: ["a b"] }),
      /fleet:loadBalancerClasses\[0\]: is not a label key/,
    );
  });

  it("profiles of the node that lead out of their folder, and an unknown word about raw devices", () => {
    for (const profile of ["../audit.json", "/audit.json", "profiles/", "a b", ""]) {
      assert.match(configProblems({ localhostProfiles: [profile] }), /fleet:localhostProfiles\[0\]: is /, profile);
    }
    assert.equal(configProblems({ localhostProfiles: ["profiles/audit.json", "k8s-nginx"] }), "");
    assert.match(configProblems({ blockVolumes: "all" }), /fleet:blockVolumes/);
  });

  it("variables that Flux refuses or changes, or that the program sets itself", () => {
    const text = configProblems({ variables: { "a-b": "x", cluster_name: "x", lines: "a\nb", count: 3 } });
    assert.match(text, /fleet:variables\.a-b: the key is not a variable name/);
    assert.match(text, /fleet:variables\.cluster_name: the key is set by the program itself/);
    assert.match(text, /fleet:variables\.lines: contains a line break/);
    assert.match(text, /fleet:variables\.count: must be a text, but is a number\. Put it in quotes/);
  });

  it("a resource that no node can offer, or an amount that is none", () => {
    assert.match(
      configProblems({ extendedResources: '{"gpu": "1"}' }),
      /fleet:extendedResources\.gpu: the key is not a resource of nodes beside CPU, memory and disk/,
    );
    assert.match(
      configProblems({ extendedResources: '{"nvidia.com/gpu": "two"}' }),
      /fleet:extendedResources\["nvidia\.com\/gpu"\]: is not a Kubernetes quantity/,
    );
  });

  it("a mode of admission or a way to expose Services that does not exist", () => {
    assert.match(configProblems({ admission: "warn" }), /fleet:admission: must be one of enforce, audit\./);
    assert.match(
      configProblems({ serviceExposure: '["Ingress"]' }),
      /fleet:serviceExposure\[0\]: must be one of NodePort, LoadBalancer, externalIPs/,
    );
  });

  for (const host of ["https://ghcr.io", "ghcr.io/acme", "*.example.com", "user@ghcr.io", "a'b", 'a"]', ""]) {
    it(`the source host ${JSON.stringify(host)}, which is no host`, () => {
      assert.match(
        configProblems({ allowedSourceHosts: [host] }),
        /fleet:allowedSourceHosts\[0\]: is (not a host|empty)/,
      );
    });
  }

  for (const registry of [
    "https://ghcr.io",
    "ghcr.io/",
    "ghcr.io/Acme",
    "ghcr.io/acme:1",
    "ghcr.io/acme/../evil",
    "library",
    "user@ghcr.io",
    "*.example.com",
    'a.b"]',
    "",
  ]) {
    it(`the registry ${JSON.stringify(registry)}, which is none`, () => {
      assert.match(
        configProblems({ allowedImageRegistries: ["ghcr.io/acme", registry] }),
        /fleet:allowedImageRegistries\[1\]: is (not a registry|empty)/,
      );
    });
  }

  for (const key of ["owner", "example.com/", "*/owner", "example.com/own*", "a b/c", "example.com/a/b", ""]) {
    it(`the annotation ${JSON.stringify(key)}, which is no key with a prefix`, () => {
      assert.match(
        configProblems({ allowedAnnotations: ["example.com/*", key] }),
        /fleet:allowedAnnotations\[1\]: is /,
      );
    });
  }

  it("words that no rule about images, resources, hosts and notifications knows", () => {
    const problems = configProblems({
      imageDigests: "always",
      imagePullPolicy: "IfNotPresent",
      workloadResources: "optional",
      notificationAddresses: "http",
      hosts: "own",
    });
    assert.match(problems, /fleet:imageDigests: must be one of required, optional/);
    assert.match(problems, /fleet:imagePullPolicy: must be one of Always, any/);
    assert.match(problems, /fleet:workloadResources: must be one of required, defaulted/);
    assert.match(problems, /fleet:notificationAddresses: must be one of https, any/);
    assert.match(problems, /fleet:hosts: must be one of listed, any/);
  });

  it("an owner of sources that GitHub could not have", () => {
    assert.match(configProblems({ allowedSourceOwners: ["a/b"] }), /allowedSourceOwners\[0\]: is not a GitHub owner/);
  });

  it("the template's name for the platform's repository", () => {
    assert.match(
      configProblems({ platformRepository: { name: "Tenant-Template" } }),
      /fleet:platformRepository\.name: is the template/,
    );
  });
});

describe("stack configuration", () => {
  it("fills in every default", () => {
    const { admission, cluster, flux, platform } = load();
    // The spec of the unit tests has all defaults, and one variable.
    const defaults = fleetSpec();
    assert.equal(cluster, "staging");
    assert.deepEqual(flux, defaults.flux);
    assert.deepEqual(platform, { ...defaults.platform, variables: {} });
    assert.deepEqual(admission, defaults.admission);
  });

  it("reads lists and maps as JSON, as Pulumi hands them over, and as data alike", () => {
    const structured = {
      extraComponents: ["image-reflector-controller"],
      controllers: {
        "source-controller": {
          args: ["--concurrent=8", "--feature-gates=CacheSecretsAndConfigMaps=true"],
          resources: { limits: { memory: "2Gi" } },
        },
      },
      platformRepository: { name: "cluster-config", visibility: "internal" },
      variables: { region: "eu-west-1", empty: "" },
    };
    const asJson = Object.fromEntries(Object.entries(structured).map(([key, value]) => [key, JSON.stringify(value)]));
    const spec = load({ config: structured });
    assert.deepEqual(load({ config: asJson }), spec);
    assert.deepEqual(spec.platform.repository, {
      name: "cluster-config",
      visibility: "internal",
      defaultBranch: "main",
      protection: { enabled: true, pullRequest: true, reviews: 1, codeOwners: true, checks: [] },
      owners: { platform: [], security: [] },
    });
    assert.deepEqual(spec.flux.controllers["source-controller"]?.resources, { limits: { memory: "2Gi" } });
  });

  it("takes registries with a dot, a port or localhost for their host, and with paths", () => {
    const registries = ["ghcr.io", "GHCR.io/acme/deep-er", "docker.io/library", "registry:5000/a_b", "localhost/x"];
    assert.deepEqual(load({ config: { allowedImageRegistries: JSON.stringify(registries) } }).admission.images, {
      registries,
      digests: "optional",
      pullPolicy: "Always",
    });
  });

  it("counts an empty text as not set", () => {
    const spec = load({ config: { githubOwner: "", cluster: "" } });
    assert.equal(spec.github.owner, "acme");
    assert.equal(spec.cluster, "staging");
  });
});
