import assert from "node:assert/strict";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";

/** A stack with these settings and a tenant with these sections. */
function stack(settings: Readonly<Record<string, unknown>>, tenant: object = {}, secrets: unknown = {}) {
  const structured = Object.entries({ ...settings, secrets }).map(([key, value]) => [key, JSON.stringify(value)]);
  return {
    files: { [base]: JSON.stringify({ name: "team-a", ...tenant }) },
    config: Object.fromEntries(structured) as Record<string, string>,
  };
}

const credential = { registry: "registry.example.com", username: "robot", password: "hunter2" };
const many = (value: unknown) => Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`o${index}`, value]));

describe("common objects of a stack are refused, naming the setting, for", () => {
  const cases: readonly (readonly [what: string, settings: Readonly<Record<string, unknown>>, problem: RegExp])[] = [
    [
      "a name that Kubernetes refuses",
      { commonConfigMaps: { CA: { a: "b" } } },
      /fleet:commonConfigMaps\.CA: .*DNS label/,
    ],
    [
      "a key with a space",
      { commonConfigMaps: { ca: { "ca crt": "x" } } },
      /\["ca crt"\]: the key is not made of letters, digits/,
    ],
    [
      "a key that leads out of a mounted folder",
      { commonSecrets: { ca: { "..": "x" } } },
      /\[".."\]: the key is a relative path/,
    ],
    ["no entries", { commonConfigMaps: { ca: {} } }, /fleet:commonConfigMaps\.ca: has no entries\. Add one/],
    ["a number", { commonConfigMaps: { proxy: { port: 3128 } } }, /commonConfigMaps\.proxy\.port: must be a text/],
    [
      "a secret that is no text",
      { commonSecrets: { proxy: { port: 3128 } } },
      /commonSecrets\.proxy\.port: must be a text/,
    ],
    [
      "an empty secret",
      { commonSecrets: { proxy: { token: "" } } },
      /commonSecrets\.proxy\.token: is empty\. Set it again/,
    ],
    [
      "more than Kubernetes takes, by the bytes and not the characters",
      { commonConfigMaps: { ca: { "ca.crt": "ü".repeat(600_000) } } },
      /fleet:commonConfigMaps\.ca: has 1200006 bytes, and Kubernetes takes 1048576 at most/,
    ],
    [
      "a secret as large",
      { commonSecrets: { ca: { key: "x".repeat(1_048_574) } } },
      /commonSecrets\.ca: has 1048577 bytes/,
    ],
    [
      "more ConfigMaps than the reserve has room for",
      { commonConfigMaps: many({ a: "b" }) },
      /has 11 entries, and the reserve/,
    ],
    ["more Secrets than that", { commonSecrets: many({ a: "b" }) }, /fleet:commonSecrets: has 11 entries/],
    ["more credentials than that", { pullSecrets: many(credential) }, /fleet:pullSecrets: has 11 entries/],
    [
      "a registry with a path",
      { pullSecrets: { a: { ...credential, registry: "ghcr.io/acme" } } },
      /registry: is not a registry/,
    ],
    [
      "a registry that could be a user of Docker Hub",
      { pullSecrets: { a: { ...credential, registry: "acme" } } },
      /is not a registry/,
    ],
    [
      "a registry with a scheme",
      { pullSecrets: { a: { ...credential, registry: "https://ghcr.io" } } },
      /is not a registry/,
    ],
    [
      "a user name with a colon, which would begin the password",
      { pullSecrets: { a: { ...credential, username: "a:b" } } },
      /username: is not a user name/,
    ],
    [
      "no password",
      { pullSecrets: { a: { registry: "ghcr.io", username: "a" } } },
      /pullSecrets\.a\.password: is missing/,
    ],
    [
      "a password with a line break at its end",
      { pullSecrets: { a: { ...credential, password: "hunter2\n" } } },
      /password: begins or ends with white space/,
    ],
    [
      "a field that does not exist",
      { pullSecrets: { a: { ...credential, email: "a@example.com" } } },
      /email: there is no such/,
    ],
  ];
  for (const [what, settings, problem] of cases) {
    it(what, () => {
      assertProblems(stack(settings), problem);
    });
  }

  it("secrets in plain text, each with the command that sets it", () => {
    const plain = (setting: string, value: unknown) => ({
      ...stack({ [setting]: value }),
      environment: { PULUMI_CONFIG_SECRET_KEYS: "[]" },
    });
    assertProblems(
      plain("commonSecrets", { proxy: { url: "hunter2" } }),
      /fleet:commonSecrets: is not encrypted\. .* --path --secret fleet:commonSecrets\.NAME\.KEY\.$/,
    );
    assertProblems(
      plain("pullSecrets", { registry: credential }),
      /fleet:pullSecrets: is not encrypted\. .* --path --secret fleet:pullSecrets\.NAME\.password\.$/,
    );
  });

  it("a ConfigMap with an encrypted value, which would be readable on the cluster", () => {
    const environment = { PULUMI_CONFIG_SECRET_KEYS: '["fleet:commonConfigMaps"]' };
    const settings = stack({ commonConfigMaps: { proxy: { url: "hunter2" } } });
    assertProblems(
      { ...settings, environment },
      /commonConfigMaps: has an encrypted value, .* Move it to fleet:commonSecrets/,
    );
  });
});

describe("a tenant's pull Secrets and references are refused, naming file and field, for", () => {
  const own = { registry: "ghcr.io", username: "team-a", secret: "ghcr" };

  it("a password that the stack does not have, with the command that sets it", () => {
    assertProblems(
      stack({}, { pullSecrets: { ghcr: own } }),
      /team-a\.yaml:1: pullSecrets\.ghcr\.secret: "ghcr" is no secret of the tenant team-a .* --secret fleet:secrets\.team-a\.ghcr\.$/,
    );
  });

  it("another tenant's password", () => {
    assertProblems(
      stack({}, { pullSecrets: { ghcr: own } }, { "team-b": { ghcr: "hunter2" } }),
      /fleet:secrets\.team-b\.ghcr: there is no tenant team-b/,
      /pullSecrets\.ghcr\.secret: "ghcr" is no secret of the tenant team-a/,
    );
  });

  it("a password that nothing uses", () => {
    assertProblems(
      stack({}, {}, { "team-a": { ghcr: "hunter2" } }),
      /secrets\.team-a\.ghcr: team-a refers to it nowhere/,
    );
  });

  const sync = (substituteFrom: object) => ({ sync: { substituteFrom: [substituteFrom] } });
  const chart = (secret: string) => ({
    helm: { charts: { shop: { url: "oci://ghcr.io/acme/shop", ref: { tag: "1.0.0" }, secret } } },
  });
  const index = (url: string) => ({ helm: { repositories: { stable: { url, secret: "fleet-pull-registry" } } } });
  const settings = {
    commonConfigMaps: { cluster: { region: "eu" } },
    commonSecrets: { proxy: { url: "hunter2" } },
    pullSecrets: { registry: credential },
  };
  const cases: readonly (readonly [what: string, tenant: object, problem: RegExp])[] = [
    [
      "a common ConfigMap that the stack does not have, with the one that is meant",
      sync({ kind: "ConfigMap", name: "fleet-common-clusters" }),
      /sync\.substituteFrom\[0\]\.name: "fleet-common-clusters" is no ConfigMap that the platform creates .* Did you mean fleet-common-cluster\?/,
    ],
    [
      "a ConfigMap's name for a Secret",
      sync({ kind: "Secret", name: "fleet-common-cluster" }),
      /"fleet-common-cluster" is no Secret that the platform creates/,
    ],
    [
      "a pull Secret that the stack does not have",
      chart("fleet-pull-ghcr"),
      /helm\.charts\.shop\.secret: "fleet-pull-ghcr" is no Secret/,
    ],
    [
      "a pull Secret for an index of charts, which Flux would not understand",
      index("https://charts.example.com/stable"),
      /helm\.repositories\.stable\.secret: is a pull Secret, and a repository of charts with an https address/,
    ],
    [
      "keys that the platform does not have",
      { sync: { decryption: { secret: "fleet-common-keys" } } },
      /sync\.decryption\.secret: "fleet-common-keys" is no Secret/,
    ],
  ];
  for (const [what, tenant, problem] of cases) it(what, () => assertProblems(stack(settings, tenant), problem));

  const secretsOf = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `o${index}`);
    const all = <Value>(value: Value) => Object.fromEntries(names.map((name) => [name, value]));
    return { pullSecrets: all(own), values: { "team-a": { ghcr: "hunter2" } }, common: all({ a: "b" }) };
  };

  it("more Secrets of the platform than the quota keeps room for, in all", () => {
    const { pullSecrets, values } = secretsOf(6);
    const common = { commonSecrets: secretsOf(10).common };
    assertProblems(
      stack(common, { pullSecrets }, values),
      /team-a\.yaml:1: pullSecrets: each namespace would have 10 common Secrets and 6 pull Secrets, .* room for 15 /,
    );
    assert.equal(load(stack(common, { pullSecrets: secretsOf(5).pullSecrets }, values)).tenants.length, 1);
  });

  it("nothing, where the names are those of the stack or of the tenant", () => {
    const allowed = [
      sync({ kind: "ConfigMap", name: "fleet-common-cluster" }),
      sync({ kind: "Secret", name: "fleet-common-proxy" }),
      sync({ kind: "ConfigMap", name: "cluster" }),
      chart("fleet-pull-registry"),
      index("oci://ghcr.io/acme/charts"),
      { ...chart("fleet-pull-ghcr"), pullSecrets: { ghcr: own } },
    ];
    for (const tenant of allowed) {
      const secrets = "pullSecrets" in tenant ? { "team-a": { ghcr: "hunter2" } } : {};
      assert.equal(load(stack(settings, tenant, secrets)).tenants.length, 1);
    }
  });
});

describe("common objects", () => {
  it("are none by default", () => {
    assert.deepEqual(load().common, { configMaps: {}, secrets: [], pullSecrets: {} });
  });

  it("have no secret value in the spec, which messages may repeat", () => {
    const settings = { commonSecrets: { proxy: { url: "hunter2" } }, pullSecrets: { registry: credential } };
    const { common } = load(stack(settings));
    assert.deepEqual(common, {
      configMaps: {},
      secrets: ["proxy"],
      pullSecrets: { registry: { registry: "registry.example.com", username: "robot" } },
    });
  });

  it("take texts of many lines, such as certificates", () => {
    const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const settings = {
      commonConfigMaps: { ca: { "ca.crt": certificate } },
      commonSecrets: { key: { "tls.key": certificate } },
    };
    const { configMaps, secrets } = load(stack(settings)).common;
    assert.deepEqual(configMaps, { ca: { "ca.crt": certificate } });
    assert.deepEqual(secrets, ["key"]);
  });
});
