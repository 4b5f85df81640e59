import assert from "node:assert/strict";
import { fixedPolicies } from "../../../../policies/admission/policies.js";
import { tenantRules } from "../../../../policies/rbac/reconciler.js";
import { named, policies, text } from "../../../support/unit/policies.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

describe("the policy on", () => {
  it("objects of the platform leaves out what has no namespace: that would match whatever the selector says", () => {
    const { resourceRules, objectSelector } = named("fleet-owned-objects").policy.spec.matchConstraints;
    for (const { scope } of resourceRules) assert.equal(scope, "Namespaced");
    assert.deepEqual(objectSelector, { matchLabels: { "app.kubernetes.io/managed-by": "fleet" } });
  });

  it("namespaces selects by what was as well as by what would be, or a label taken away would lead out of it", () => {
    const { namespaceSelector, objectSelector } = named("fleet-owned-namespaces").policy.spec.matchConstraints;
    assert.deepEqual(namespaceSelector, {});
    assert.ok(objectSelector);
  });

  it("owned objects and namespaces names each controller, and no namespace whose accounts pass", () => {
    for (const { policy } of policies()) assert.doesNotMatch(JSON.stringify(policy), /system:serviceaccounts/);
    const accounts = (name: string) => text(named(name)).match(/system:serviceaccount:kube-system:[a-z-]+/g);
    assert.deepEqual(accounts("fleet-owned-namespaces"), [
      "system:serviceaccount:kube-system:generic-garbage-collector",
      "system:serviceaccount:kube-system:namespace-controller",
    ]);
    assert.equal(accounts("fleet-owned-objects")?.length, 4);
  });

  it("roles lets accounts change workloads, and nothing that grants rights or deploys", () => {
    const variables = named("fleet-roles").policy.spec.variables ?? [];
    const writable = JSON.parse(variables.find(({ name }) => name === "writable")?.expression ?? "[]") as string[];
    assert.deepEqual(
      writable.filter((kind) => /fluxcd\.io|rbac|token|\*|quota|limitrange|namespace/.test(kind)),
      [],
    );
    for (const kind of ["/pods", "/secrets", "batch/jobs", "coordination.k8s.io/leases"]) {
      assert.ok(writable.includes(kind), kind);
    }
  });

  it("nodes, node agents, volumes, annotations and Services pass what a stack lists, and by default nothing", () => {
    const lists = {
      "fleet-exposed-services": { loadBalancerClasses: ["example.com/listed"] },
      "fleet-configuration-annotations": { annotations: ["example.com/listed"] },
      "fleet-identities": { annotations: ["example.com/listed"] },
      "fleet-nodes": { tolerations: ["example.com/pool"], schedulers: ["listed-scheduler"] },
      "fleet-labels": { labels: ["example.com/listed"], podAnnotations: ["example.com/of-pods"] },
      "fleet-node-agents": {
        runtimeClasses: ["listed-class"],
        podAnnotations: ["example.com/listed"],
        labels: ["example.com/label"],
        localhostProfiles: ["listed-profile"],
      },
      "fleet-volumes": {
        csiDrivers: ["listed.csi.example.com"],
        storageClasses: ["listed-class"],
        volumeAttributesClasses: ["listed-attributes"],
      },
    };
    for (const [name, admission] of Object.entries(lists)) {
      const [none, some] = [text(named(name)), text(named(name, policies(admission)))];
      for (const entry of Object.values(admission).flat()) {
        assert.ok(!none.includes(entry), entry);
        assert.ok(some.includes(entry), entry);
      }
    }
  });

  it("annotations takes no absent one for one without a value: its key alone tells some controllers enough", () => {
    for (const policy of policies()) {
      assert.doesNotMatch(
        text(policy),
        /(oldObject|oldMetadata)[^ ]*\[\?key\]\.orValue\(''\)/,
        policy.policy.metadata.name,
      );
    }
  });

  it("owned objects and namespaces names no administrator", () => {
    for (const name of ["fleet-owned-objects", "fleet-owned-namespaces"]) {
      assert.doesNotMatch(text(named(name)), /system:masters|cluster-admin|kubernetes-admin/);
    }
  });

  for (const name of [
    "flux-sync",
    "flux-source",
    "host-ports",
    "pod-security",
    "priorities",
    "nodes",
    "exposed-services",
    "workload-resources",
    "images",
    "notifications",
    "image-automation",
    "canaries",
  ]) {
    it(`${name} leaves objects alone whose spec stays, or a finalizer on an older one could never go`, () => {
      const [first] = named(`fleet-${name}`).policy.spec.matchConditions ?? [];
      assert.deepEqual(first, {
        name: "spec-changes",
        expression: "request.operation == 'CREATE' || object.spec != oldObject.spec",
      });
    });
  }

  it("remains leaves objects alone whose spec stays, but looks at what is asked of pods that are to end", () => {
    const [condition, ...more] = named("fleet-remains").policy.spec.matchConditions ?? [];
    assert.deepEqual(more, []);
    assert.match(
      condition?.expression ?? "",
      /^request\.operation == 'DELETE' \|\| .* \|\| request\.operation == 'CREATE' \|\| object\.spec != oldObject\.spec$/,
    );
  });

  it("remains lets workloads keep as much history as Kubernetes does by itself, for which the quota has room", () => {
    assert.match(text(named("fleet-remains")), /revisionHistoryLimit\.orValue\(0\) <= 10"/);
  });

  it("resources knows what the stack's quotas count beside the usual", () => {
    const counted = (extendedResources: Readonly<Record<string, string>>) =>
      named("fleet-workload-resources", policies({ extendedResources })).policy.spec.variables?.find(
        ({ name }) => name === "counted",
      )?.expression;
    assert.equal(counted({}), '["cpu","memory","ephemeral-storage"]');
    assert.equal(counted({ "nvidia.com/gpu": "2" }), '["cpu","memory","ephemeral-storage","nvidia.com/gpu"]');
  });

  for (const [name, more] of [
    ["hosts", ["services", "canaries"]],
    ["ingress-reach", ["services"]],
  ] as const) {
    it(`${name} leaves objects alone whose spec and annotations stay, or a finalizer on an older one could never go`, () => {
      const [condition, ...others] = named(`fleet-${name}`).policy.spec.matchConditions ?? [];
      assert.deepEqual(others, []);
      assert.match(
        condition?.expression ?? "",
        /^request\.operation == 'CREATE' \|\| object\.spec != oldObject\.spec \|\| object\.metadata\.\?annotations.* != /,
      );
    });

    it(`${name} looks at every kind that tenants may make and that a controller serves`, () => {
      const served = tenantRules
        .filter(({ apiGroups: [group = ""] }) => group === "gateway.networking.k8s.io" || group === "networking.k8s.io")
        .flatMap(({ resources }) => resources.filter((one) => one !== "networkpolicies"));
      const { resourceRules } = named(`fleet-${name}`).policy.spec.matchConstraints;
      const looked = resourceRules.flatMap(({ resources }) => resources);
      assert.deepEqual(
        [...served, ...more].filter((one) => !looked.includes(one)),
        [],
      );
    });
  }

  it("ingress-reach takes for a Service's name what ends in the domain of the stack's cluster, and no other", () => {
    const spec = fleetSpec({ flux: { ...fleetSpec().flux, clusterDomain: "k8s.example.com" } });
    const policy = fixedPolicies(spec).find((one) => one.policy.metadata.name === "fleet-ingress-reach")?.policy;
    const [patterns] = (policy?.spec.variables ?? []).flatMap(({ name, expression }) =>
      name === "patterns" ? [expression] : [],
    );
    assert.match(patterns ?? "", /NAMESPACE\[\.\]svc\(\[\.\]k8s\[\.\]example\[\.\]com\)\?/);
  });

  it("hosts is not there where a stack lets tenants serve any", () => {
    const all = policies({ hosts: "any" });
    assert.deepEqual(
      policies()
        .filter(({ policy }) => !all.some((one) => one.policy.metadata.name === policy.metadata.name))
        .map(({ policy }) => policy.metadata.name),
      ["fleet-hosts"],
    );
  });

  it("identities leaves accounts alone whose annotations stay, or a finalizer on an older one could never go", () => {
    const [condition, ...more] = named("fleet-identities").policy.spec.matchConditions ?? [];
    assert.deepEqual(more, []);
    assert.match(
      condition?.expression ?? "",
      /^request\.operation == 'CREATE' \|\| object\.metadata\.\?annotations.* != /,
    );
  });

  it("identities knows what the clouds read, and what the stack adds", () => {
    const more = { identityAnnotations: ["cloud.example.com/id"] };
    const { variables = [] } = named("fleet-identities", policies(more)).policy.spec;
    const said = (name: string) => variables.find((one) => one.name === name)?.expression;
    assert.equal(said("domains"), '["azure.workload.identity/","eks.amazonaws.com/","iam.gke.io/"]');
    assert.equal(said("keys"), '["cloud.example.com/id"]');
  });

  it("sources alone passes over anything else, and that by who asks as well as by what is written on it", () => {
    const further = (name: string) => (named(`fleet-${name}`).policy.spec.matchConditions ?? []).slice(1);
    for (const name of ["flux-sync", "host-ports", "exposed-services"]) assert.deepEqual(further(name), []);
    const [own, ...others] = further("flux-source");
    assert.deepEqual(others, []);
    assert.match(own?.expression ?? "", /^!\(object\.metadata\.\?labels\[.*== 'fleet' && authorizer\..*allowed\(\)\)$/);
  });

  it("sources allows the organisation's own host, as clone URLs have it, and nothing else by default", () => {
    const said = named("fleet-flux-source").policy.spec;
    const variable = (name: string) => said.variables?.find((one) => one.name === name)?.expression;
    assert.equal(variable("hosts"), '["git.example.com:2222","github.com"]');
    assert.equal(variable("gitHubHosts"), '["ghcr.io","git.example.com:2222","github.com"]');
    assert.equal(variable("owners"), '["acme"]');
  });

  it("sources compares in lower case, and writes no text into CEL but as a text", () => {
    const all = policies({ sourceHosts: ["Charts.Example.com"], sourceOwners: ["Other", "ACME"] });
    const said = text(named("fleet-flux-source", all));
    assert.ok(said.includes(JSON.stringify('["charts.example.com","git.example.com:2222","github.com"]').slice(1, -1)));
    assert.ok(said.includes(JSON.stringify('["acme","other"]').slice(1, -1)));
  });

  it("accounts leaves pods alone whose spec stays, and Secrets that are no tokens", () => {
    const [condition] = named("fleet-platform-accounts").policy.spec.matchConditions ?? [];
    assert.match(condition?.expression ?? "", /object\.spec != oldObject\.spec$/);
    assert.match(condition?.expression ?? "", /^request\.resource\.resource == 'secrets' \? .*service-account-token/);
  });

  it("images and accounts looks at every kind of workload that tenants may make", () => {
    const makers = ["pods", "deployments", "statefulsets", "daemonsets", "jobs", "cronjobs"];
    for (const name of ["images", "platform-accounts", "workload-resources", "host-ports", "remains", "nodes"]) {
      const { resourceRules } = named(`fleet-${name}`).policy.spec.matchConstraints;
      const looked = resourceRules.flatMap(({ resources }) => resources);
      assert.deepEqual(
        makers.filter((one) => !looked.includes(one)),
        [],
        name,
      );
    }
  });

  it("Pod Security looks at every template and every pod, and lets Kubernetes scale down what is older than a level", () => {
    const { matchConstraints, matchConditions = [] } = named("fleet-pod-security").policy.spec;
    const looked = matchConstraints.resourceRules.flatMap(({ resources }) => resources).sort();
    const ofImages = named("fleet-images").policy.spec.matchConstraints.resourceRules.flatMap((one) => one.resources);
    assert.deepEqual(looked, ofImages.filter((one) => one !== "pods/ephemeralcontainers").sort());
    assert.ok(looked.includes("replicasets"));
    assert.match(matchConditions[1]?.expression ?? "", /^!\(request\.userInfo\.username in .*deployment-controller/);
  });

  it("images, resources and Pod Security each name all that an ordinary Deployment lacks, as far as the stack demands", () => {
    const [limits, pull] = ["set resources.limits.cpu", "set imagePullPolicy: Always"];
    const unset = (name: string, admission: Parameters<typeof policies>[0] = {}) =>
      named(name, policies(admission)).policy.spec.variables?.find((one) => one.name === "unset")?.expression ?? "";
    for (const name of ["fleet-images", "fleet-workload-resources", "fleet-pod-security"]) {
      const { validations } = named(name).policy.spec;
      assert.ok(validations.some(({ messageExpression = "" }) => messageExpression.includes("variables.missing.join")));
      for (const fix of [limits, pull]) assert.ok(unset(name).includes(fix), name);
      assert.ok(!unset(name, { workloadResources: "defaulted" }).includes(limits));
      assert.ok(!unset(name, { images: { ...fleetSpec().admission.images, pullPolicy: "any" } }).includes(pull));
    }
  });

  it("node-agents checks the profiles of debuggers as well", () => {
    const { matchConstraints, validations } = named("fleet-node-agents").policy.spec;
    assert.ok(matchConstraints.resourceRules.some(({ resources }) => resources.includes("pods/ephemeralcontainers")));
    assert.match(text(named("fleet-node-agents")), /ephemeralContainers[^"]*\?seccompProfile/);
    const ofProfiles = validations.find(({ message }) => message.startsWith("pods must not choose a profile"));
    assert.match(ofProfiles?.expression ?? "", /^\(.*'UPDATE' && request\.\?subResource\.orValue\(''\) == ''\)/);
  });

  it("image automation knows the default branch of every tenant, and what servers call one", () => {
    const second = tenantSpec("team-b", {
      repository: { defaultBranch: "trunk" },
      repositories: { "team-b-charts": { defaultBranch: "stable" } },
    });
    const all = fixedPolicies(fleetSpec({ tenants: [tenantSpec("team-a"), second] }));
    const branches = JSON.stringify('["main","master","stable","trunk"]').slice(1, -1);
    assert.ok(text(named("fleet-image-automation", [...all])).includes(branches));
  });
});
