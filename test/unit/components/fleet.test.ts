import assert from "node:assert/strict";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import type { Recording, Registration } from "../../../review/record/recorder.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { named } from "../../support/unit/policies.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const deployKey = "github:index/repositoryDeployKey:RepositoryDeployKey";
const repository = "github:index/repository:Repository";
const kustomization = "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization";
const gitRepository = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
const secret = "kubernetes:core/v1:Secret";

describe("Fleet", () => {
  const tenants = [tenantSpec("team-a"), tenantSpec("team-b")];

  describe("on the stack that owns repositories", () => {
    let fleet: Recording;
    before(async () => {
      fleet = await recordFleet(fleetSpec({ tenants }));
    });
    const under = (tenant: string): readonly Registration[] =>
      fleet.registrations.filter(({ name, custom }) => custom && name.startsWith(`${tenant}-`));

    it("uses no default provider, which would take any cluster or account that the machine has", () => {
      const without = fleet.registrations.filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:"));
      assert.ok(without.length > 0);
      assert.deepEqual(
        without.filter(({ provider }) => provider === "").map(({ name }) => name),
        [],
      );
    });

    it("keeps credentials out of the providers, and has GitHub's renew the tokens of an App", async () => {
      const inputsOf = ({ registrations }: Recording) =>
        Object(registrations.find(({ type }) => type === "pulumi:providers:github")?.inputs) as Record<string, unknown>;
      const asApp = inputsOf(await recordFleet(fleetSpec({ tenants }), { usesApp: true }));
      assert.equal(String(asApp.legacyClient), "false");
      const credentials = ["token", "appAuth"].map((name) => [asApp[name], inputsOf(fleet)[name]]);
      assert.deepEqual(credentials.flat(), [undefined, undefined, undefined, undefined]);
      assert.equal(inputsOf(fleet).legacyClient, undefined);
    });

    it("verifies Git servers by the keys of GitHub's API, or by those of the stack alone", async () => {
      const keysOf = (recording: Recording) =>
        recording.ofType(secret).map(({ inputs }) => {
          const data = new Map(Object.entries(inputs.data ?? {}));
          return Buffer.from(String(data.get("known_hosts")), "base64").toString();
        });
      assert.deepEqual([...new Set(keysOf(fleet))], ["github.com ssh-ed25519 BBBB\n"]);
      const { github } = fleetSpec();
      const own = await recordFleet(fleetSpec({ tenants, github: { ...github, sshHostKeys: ["ssh-rsa OWN"] } }));
      assert.deepEqual([...new Set(keysOf(own))], ["github.com ssh-rsa OWN\n"]);
      const found = await recordFleet(fleetSpec({ tenants }), { hostKeys: ["ssh-rsa FOUND"] });
      assert.deepEqual([...new Set(keysOf(found))], ["github.com ssh-rsa FOUND\n"]);
      assert.deepEqual([...own.calls, ...found.calls], []);
    });

    it("follows the branch of the platform's repository, or a commit of it, and so do syncs of tenants", async () => {
      const refs = (recording: Recording) =>
        ["fleet-platform-sync-source", "team-a.team-a-source"].map((name) => {
          return Object(recording.find(gitRepository, name).inputs.spec).ref as unknown;
        });
      assert.deepEqual(refs(fleet), [{ branch: "main" }, { branch: "main" }]);
      const commit = "a".repeat(40);
      const pinned = tenantSpec("team-a", { sync: { ref: { branch: "next", commit } } });
      const platform = { ...fleetSpec().platform, commit };
      const both = await recordFleet(fleetSpec({ platform, tenants: [pinned] }));
      assert.deepEqual(refs(both), [
        { branch: "main", commit },
        { branch: "next", commit },
      ]);
    });

    it("gives no key the right to push: a stolen one would own the cluster", () => {
      const keys = fleet.ofType(deployKey);
      assert.equal(keys.length, 3);
      for (const { inputs } of keys) assert.equal(inputs.readOnly, true);
    });

    it("keeps every private key secret, in the key's own outputs and in the cluster's Secret", () => {
      for (const { secretInputs } of fleet.ofType(secret)) assert.ok(secretInputs.includes("data"));
      for (const { additionalSecretOutputs } of fleet.ofType("tls:index/privateKey:PrivateKey")) {
        assert.ok(additionalSecretOutputs.includes("privateKeyOpenssh"));
      }
    });

    it("pins every tenant's sync to its own namespace and account", () => {
      for (const name of ["team-a", "team-b"]) {
        const { spec } = fleet.find(kustomization, `${name}.${name}-sync`).inputs as { spec: Record<string, unknown> };
        assert.equal(spec.serviceAccountName, "reconciler");
        assert.equal(spec.targetNamespace, name);
        assert.equal(spec.prune, true);
        assert.equal(spec.kubeConfig, undefined);
      }
    });

    it("removes a tenant's sync while its role and key still live, or nothing would be pruned", () => {
      const sync = fleet.find(kustomization, "team-a.team-a-sync");
      const role = fleet.find("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "team-a.team-a-role");
      const source = fleet.find(gitRepository, "team-a.team-a-source");
      assert.ok(fleet.waitsFor(sync, role));
      assert.ok(fleet.waitsFor(sync, source));
      assert.ok(fleet.waitsFor(source, fleet.find(secret, "team-a.team-a.tenant-git-git")));
      assert.ok(fleet.waitsFor(source, fleet.find(deployKey, "team-a.team-a-key-registration")));
    });

    it("starts nothing of a tenant's before its limits, and removes them only after the sync", () => {
      const sync = fleet.find(kustomization, "team-a.team-a-sync");
      for (const [type, name] of [
        ["kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota"],
        ["kubernetes:core/v1:LimitRange", "team-a.team-a-limit-range"],
        ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "team-a.team-a-network"],
      ] as const) {
        const bound = fleet.find(type, name);
        assert.ok(fleet.waitsFor(sync, bound), name);
        assert.ok(fleet.waitsFor(bound, fleet.find("kubernetes:core/v1:Namespace", "team-a.team-a-namespace")), name);
      }
    });

    it("counts Flux's kinds only once the sync is there, which admission would refuse as not countable yet", () => {
      const quota = fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota-flux");
      assert.ok(fleet.waitsFor(quota, fleet.find(kustomization, "team-a.team-a-sync")));
    });

    it("brings tenants only when the platform's infrastructure is Ready", () => {
      const platform = fleet.find(kustomization, "fleet-platform-sync-sync");
      const annotations = (platform.inputs.metadata as { annotations: Record<string, string> }).annotations;
      assert.equal(annotations["pulumi.com/waitFor"], "condition=Ready");
      const namespace = fleet.find("kubernetes:core/v1:Namespace", "team-b.team-b-namespace");
      assert.ok(fleet.waitsFor(namespace, platform));
    });

    it("puts every admission policy into force before a tenant has anything, and takes it away after the last", () => {
      const kind = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding";
      const bindings = fleet.ofType(kind);
      assert.equal(
        bindings.length,
        fixedPolicies(fleetSpec()).length + 1,
        "one for each policy, that on sources included",
      );
      for (const name of ["team-a", "team-b"]) {
        const namespace = fleet.find("kubernetes:core/v1:Namespace", `${name}.${name}-namespace`);
        for (const binding of bindings) assert.ok(fleet.waitsFor(namespace, binding), binding.name);
      }
    });

    it("gives a tenant's objects short lists of dependencies, because the state repeats them for each tenant", () => {
      const ofTenant = fleet.registrations.filter(({ custom, name }) => custom && name.startsWith("team-a."));
      assert.ok(ofTenant.length > 10);
      for (const { name, dependsOn } of ofTenant) assert.ok(dependsOn.length <= 8, `${name}: ${dependsOn.join(", ")}`);
    });

    it("allows sources of the host that the clone URLs of GitHub's API name", () => {
      const kind = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
      const { spec } = fleet.find(kind, "fleet-admission-flux-source").inputs;
      assert.match(
        JSON.stringify(spec),
        /"hosts","expression":"\[\\"github\.com\\"\]"|"expression":"\[\\"github\.com\\"\]","name":"hosts"/,
      );
    });

    it("clones by another address where port 22 is blocked, verifies that, and allows tenants' sources there", async () => {
      const { github } = fleetSpec();
      const sshAddress = "ssh.github.com:443";
      const other = await recordFleet(fleetSpec({ tenants, github: { ...github, sshAddress } }));
      const sources = other.ofType("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository");
      assert.ok(sources.length > 1);
      for (const { inputs } of sources) {
        assert.match((inputs.spec as { url: string }).url, /^ssh:\/\/git@ssh\.github\.com:443\/acme\/[a-z-]+\.git$/);
      }
      for (const { inputs } of other.ofType(secret)) {
        const { known_hosts: hosts = "" } = inputs.data as Record<string, string>;
        assert.equal(Buffer.from(hosts, "base64").toString(), "[ssh.github.com]:443 ssh-ed25519 BBBB\n");
      }
      const kind = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
      const { spec } = other.find(kind, "fleet-admission-flux-source").inputs;
      const { variables } = spec as { variables: readonly { name: string; expression: string }[] };
      for (const name of ["hosts", "gitHubHosts"]) {
        assert.match(variables.find((one) => one.name === name)?.expression ?? "", /"ssh\.github\.com:443"/);
      }
    });

    it("waits for no tenant's sync: a team's broken manifest must not fail the platform", () => {
      for (const { inputs } of fleet.ofType(kustomization).filter(({ name }) => name.startsWith("team-"))) {
        const { annotations = {} } = inputs.metadata as { annotations?: Record<string, string> };
        assert.equal(annotations["pulumi.com/waitFor"], undefined);
      }
    });

    it("lets no tenant depend on another", () => {
      const others = under("team-b");
      for (const mine of under("team-a")) {
        for (const other of others) assert.ok(!fleet.waitsFor(mine, other), `${mine.name} waits for ${other.name}`);
      }
    });

    it("archives repositories and never deletes them", () => {
      for (const { inputs } of fleet.ofType(repository)) assert.equal(inputs.archiveOnDestroy, true);
    });

    it("stays within 25 resources for a default tenant, components included", () => {
      const mine = fleet.registrations.filter(({ name }) => name === "team-a" || name.startsWith("team-a-"));
      assert.ok(mine.length <= 25, `${mine.length}: ${mine.map(({ name }) => name).join(", ")}`);
    });

    it("owns every object under one name, or a lost state would leave fields without an owner", () => {
      for (const { type, name, inputs } of fleet.registrations.filter(({ type }) => type.startsWith("kubernetes:"))) {
        const { annotations = {} } = (inputs.metadata ?? {}) as { annotations?: Record<string, string> };
        assert.equal(annotations["pulumi.com/patchFieldManager"], "fleet", `${type} ${name}`);
      }
    });

    it("deletes in the background what a tenant could hold by a dependent, and workloads with their pods", () => {
      const policies = new Map<string, Set<unknown>>();
      for (const { type, inputs } of fleet.registrations.filter(({ type }) => type.startsWith("kubernetes:"))) {
        const { annotations = {} } = (inputs.metadata ?? {}) as { annotations?: Record<string, string> };
        const group = type.startsWith("kubernetes:apps/") ? "workloads" : "others";
        const found = policies.get(group) ?? new Set();
        policies.set(group, found.add(annotations["pulumi.com/deletionPropagationPolicy"]));
      }
      assert.deepEqual([...(policies.get("others") ?? [])], ["background"]);
      assert.deepEqual([...(policies.get("workloads") ?? [])], [undefined]);
    });

    it("creates no kind in a tenant's namespace that a tenant may name as an owner", () => {
      const { variables = [] } = named("fleet-owner-references").policy.spec;
      const owners = JSON.parse(variables.find(({ name }) => name === "owners")?.expression ?? "[]") as string[];
      const allowed = owners.map((kind) => kind.replace(/^.*\//, ""));
      assert.ok(allowed.includes("Deployment"));
      const created = fleet.registrations
        .filter(({ inputs }) => /^team-/.test(String((inputs.metadata as { namespace?: string })?.namespace)))
        .map(({ type, inputs }) => String(inputs.kind ?? type.replace(/^.*:/, "")));
      assert.ok(created.includes("RoleBinding"));
      assert.deepEqual(
        created.filter((kind) => allowed.includes(kind)),
        [],
      );
    });

    it("commits the files of this cluster first, and lets Flux begin before those of other clusters", () => {
      const seed = "github:index/repositoryFile:RepositoryFile";
      const source = fleet.find(gitRepository, "fleet-platform-sync-source");
      const files = fleet.ofType(seed).filter(({ inputs }) => inputs.repository === "platform");
      const waited = files.filter((file) => fleet.waitsFor(source, file)).map(({ inputs }) => String(inputs.file));
      assert.ok(waited.includes("fleet/infrastructure/base/kustomization.yaml"));
      assert.ok(waited.includes("fleet/clusters/staging/kustomization.yaml"));
      assert.deepEqual(
        waited.filter((file) => /prod-eu|README/.test(file)),
        [],
      );
      // GitHub answers 409 to concurrent commits.
      const chain = files.map((file) => files.filter((other) => fleet.waitsFor(file, other)).length);
      assert.deepEqual(
        chain.sort((a, b) => a - b),
        files.map((_, index) => index),
      );
      assert.ok(waited.length < files.length);
      // Directly: `pulumi up --target` refuses the source before a new file only if it is a dependency of its own.
      const direct = files.filter(({ urn }) => source.dependsOn.includes(urn)).map(({ inputs }) => String(inputs.file));
      assert.deepEqual(direct, waited);
    });

    it("labels every object as its own", () => {
      for (const { type, name, inputs } of fleet.registrations.filter(({ type }) => type.startsWith("kubernetes:"))) {
        const { labels = {} } = (inputs.metadata ?? {}) as { labels?: Record<string, string> };
        assert.equal(labels["app.kubernetes.io/managed-by"], "fleet", `${type} ${name}`);
        assert.equal(labels["fleet.dev/stack"], "staging", `${type} ${name}`);
      }
    });
  });
});
