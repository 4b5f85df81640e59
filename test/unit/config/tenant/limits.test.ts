import assert from "node:assert/strict";
import fc from "fast-check";
import { CONTAINER_DEFAULTS, SIZE_NAMES, SIZES } from "../../../../config/tenant/limits/sizes.js";
import { quantityAmount } from "../../../../lib/kubernetes/quantity.js";
import { assertProblems, load, problemLines } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";

const limitsOf = (baseLimits: unknown, overlayLimits?: unknown) => {
  const files = {
    [base]: JSON.stringify({ name: "team-a", limits: baseLimits }),
    [overlay]: overlayLimits === undefined ? "" : JSON.stringify({ limits: overlayLimits }),
  };
  return load({ files }).tenants[0]?.namespaces[0].limits;
};

describe("an amount", () => {
  it("is a number too, with or without quotes, in either file", () => {
    assert.equal(limitsOf({ cpu: 4 })?.cpu, "4");
    assert.equal(limitsOf({}, { cpu: 0.5 })?.cpu, "0.5");
    assert.equal(limitsOf({ cpu: "4" })?.cpu, "4");
    assert.equal(limitsOf({ memory: 8_589_934_592 })?.memory, "8589934592");
  });

  it("is a number too in a stack's settings", () => {
    const controllers = { "source-controller": { resources: { limits: { cpu: 2 } }, volumeSize: "8Gi" } };
    const extendedResources = { "nvidia.com/gpu": 2 };
    const { flux, admission } = load({ config: { controllers, extendedResources } });
    assert.equal(flux.controllers["source-controller"]?.resources?.limits?.cpu, "2");
    assert.deepEqual(admission.extendedResources, { "nvidia.com/gpu": "2" });
  });
});

describe("limits are refused, naming file, line and field, for", () => {
  const refused: readonly (readonly [what: string, limits: string, problem: RegExp])[] = [
    ["a size that does not exist", "size: smal", /limits\.size: must be one of small, medium, large.*mean small\?$/],
    ["an amount that is no quantity", "cpu: 4 cores", /limits\.cpu: "4 cores" is not a Kubernetes quantity/],
    ["an amount that is true", "cpu: true", /limits\.cpu: must be an amount like 500m, 2 or 1Gi/],
    ["memory without its unit", "memory: 8", /limits\.memory: is less than 256Mi\./],
    ["a number below nothing", "cpu: -4", /limits\.cpu: is not a Kubernetes quantity/],
    ["a negative amount", 'memory: "-1Gi"', /limits\.memory: "-1Gi" is not a Kubernetes quantity/],
    [
      "a quota below the limit range, of CPU",
      "cpu: 100m",
      /limits\.cpu: "100m" is less than 200m\. Raise it: a contai/,
    ],
    ["a quota below the limit range, of memory", "memory: 255Mi", /limits\.memory: "255Mi" is less than 256Mi\./],
    ["a quota below the limit range, of disk", "ephemeralStorage: 1000Mi", /Storage: "1000Mi" is less than 1Gi\./],
    ["memory in thousandths of a byte", "memory: 8000m", /limits\.memory: "8000m" is less than 256Mi\./],
    ["CPU in gigabytes", "cpu: 8Gi", /limits\.cpu: "8Gi" is more than 10000\. Lower it; the unit may be/],
    ["a count in quotes", 'pods: "10"', /limits\.pods: must be a whole number, but is "10"\. Remove the quotes/],
    ["half a pod", "pods: 1.5", /limits\.pods: must be a whole number, but is the number 1\.5/],
    ["fewer than no pods", "pods: -1", /limits\.pods: -1 is not between 0 and 100000/],
    ["more pods than any cluster has", "pods: 100001", /limits\.pods: 100001 is not between/],
    ["no room for the deploy key", "secrets: 0", /limits\.secrets: 0 is not between 1 and .*deploy key/],
    ["no room for the tenant's own sync", "fluxObjects: 0", /limits\.fluxObjects: 0 is not between 1 and/],
    ["no room for the cluster's certificates", "configMaps: 0", /limits\.configMaps: 0 is not between 1 and/],
    ["no room for the service accounts", "objects: 1", /limits\.objects: 1 is not between 2 and/],
    [
      "an amount that does not exist",
      "secret: 4",
      /limits\.secret: there is no such field\. Did you mean limits\.secrets\?/,
    ],
  ];
  for (const [what, limits, problem] of refused) {
    it(`${what}, in the base file`, () => {
      assertProblems({ files: { [base]: `name: team-a\nlimits:\n  ${limits}\n` } }, problem);
      const [line = ""] = problemLines({ files: { [base]: `name: team-a\nlimits:\n  ${limits}\n` } });
      assert.match(line, /^stacks\/base\/tenants\/team-a\.yaml:3: /);
    });

    it(`${what}, in an overlay`, () => {
      assertProblems({ files: { [overlay]: `limits:\n  ${limits}\n` } }, problem);
    });
  }

  it("a null in the base file, which takes nothing back there", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nlimits: {cpu: null}\n" } },
      /limits\.cpu: must be an amount like 500m, 2 or 1Gi/,
    );
  });

  it("several amounts at once", () => {
    const files = { [base]: "name: team-a\nlimits: {cpu: x, pods: x}\n", [overlay]: "limits: {memory: x}\n" };
    assertProblems({ files }, /limits\.cpu/, /limits\.pods/, /limits\.memory/);
  });
});

describe("limits", () => {
  it("are small by default", () => {
    assert.deepEqual(limitsOf({}), { size: "small", ...SIZES.small });
  });

  it("of an overlay's size replace those of the base file's, and its null takes a size back", () => {
    assert.deepEqual(limitsOf({ size: "large" }, { size: "medium" }), { size: "medium", ...SIZES.medium });
    assert.deepEqual(limitsOf({ size: "large" }, { size: null }), { size: "small", ...SIZES.small });
  });

  it("grow from size to size in every amount, and fit the default container many times", () => {
    for (const [index, name] of SIZE_NAMES.entries()) {
      const size = SIZES[name];
      assert.ok(quantityAmount(size.cpu) >= 10 * quantityAmount(CONTAINER_DEFAULTS.limits.cpu));
      assert.ok(quantityAmount(size.memory) >= 10 * quantityAmount(CONTAINER_DEFAULTS.limits.memory));
      const disk = CONTAINER_DEFAULTS.limits["ephemeral-storage"];
      assert.ok(quantityAmount(size.ephemeralStorage) >= 10 * quantityAmount(disk));
      const next = SIZES[SIZE_NAMES[index + 1] ?? name];
      if (next === size) continue;
      const bigger: ReadonlyMap<string, string | number> = new Map(Object.entries(next));
      for (const [amount, value] of Object.entries(size)) {
        const [less, more] = [value, bigger.get(amount) ?? 0].map((one) => quantityAmount(String(one)));
        assert.ok((less ?? 0) < (more ?? 0), `${name} ${amount}`);
      }
    }
  });

  it("default to a container whose requests are within its limits", () => {
    const { requests, limits } = CONTAINER_DEFAULTS;
    assert.ok(quantityAmount(requests.cpu) <= quantityAmount(limits.cpu));
    assert.ok(quantityAmount(requests.memory) <= quantityAmount(limits.memory));
    assert.ok(quantityAmount(requests["ephemeral-storage"]) <= quantityAmount(limits["ephemeral-storage"]));
  });

  it("are, amount by amount, the overlay's, else the base file's, else those of the size", () => {
    const amounts = {
      size: fc.constantFrom(...SIZE_NAMES),
      cpu: fc.integer({ min: 1, max: 999 }).map(String),
      memory: fc.integer({ min: 1, max: 999 }).map((number) => `${number}Gi`),
      pods: fc.integer({ min: 0, max: 999 }),
      secrets: fc.integer({ min: 1, max: 999 }),
    };
    const none = { requiredKeys: [] };
    const nullable = fc.record(
      {
        size: fc.option(amounts.size),
        cpu: fc.option(amounts.cpu),
        memory: fc.option(amounts.memory),
        pods: fc.option(amounts.pods),
        secrets: fc.option(amounts.secrets),
      },
      none,
    );
    fc.assert(
      fc.property(fc.record(amounts, none), nullable, (below, above) => {
        const said = (key: keyof typeof amounts) => (above[key] === undefined ? below[key] : (above[key] ?? undefined));
        const size = SIZE_NAMES.find((name) => name === said("size")) ?? "small";
        const spoken = (["cpu", "memory", "pods", "secrets"] as const)
          .map((key) => [key, said(key)] as const)
          .filter(([, value]) => value !== undefined);
        assert.deepEqual(limitsOf(below, above), { size, ...SIZES[size], ...Object.fromEntries(spoken) });
      }),
      { numRuns: 50 },
    );
  });
});
