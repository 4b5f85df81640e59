import assert from "node:assert/strict";
import { covers } from "../../../../config/rules/host-name.js";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const baseB = "stacks/base/tenants/team-b.yaml";
const overlayB = "stacks/staging/tenants/team-b.yaml";

const of = (a: readonly string[], b: readonly string[] = []): Changes => ({
  files: {
    [base]: `name: team-a\nhosts:\n${a.map((host) => `  - ${JSON.stringify(host)}\n`).join("")}`,
    [baseB]: `name: team-b\nhosts: ${JSON.stringify(b)}\n`,
    [overlayB]: "",
  },
});

describe("hosts are refused, naming file, line and field, for", () => {
  for (const host of [
    "Pay.example.com",
    "pay.example.com.",
    ".example.com",
    "pay..example.com",
    "*",
    "*.",
    "**.example.com",
    "pay.*.example.com",
    "a*.example.com",
    "*.*.example.com",
    "https://pay.example.com",
    "pay.example.com/api",
    "pay.example.com:8443",
    "pay_a.example.com",
    "-pay.example.com",
    "pay.example.com,shop.example.com",
    "pay example.com",
  ]) {
    it(`${JSON.stringify(host)}, which is none`, () => {
      assertProblems(
        of(["shop.example.com", host]),
        /^stacks\/base\/tenants\/team-a\.yaml:4: hosts\[1\]: ".*" is not a host: a DNS name in lower case/,
      );
    });
  }

  it("addresses, and names that could be taken for one", () => {
    for (const host of ["203.0.113.7", "127.1", "pay.example.0x7f", "*.0.113.7"]) {
      assertProblems(of([host]), /team-a\.yaml:3: hosts\[0\]: ".*" ends in a number, as addresses do, .*Write it like/);
    }
  });

  for (const host of ["*.com", "*.local"]) {
    it(`${host}, which stands for everybody's names`, () => {
      assertProblems(of([host]), /hosts\[0\]: ".*" stands for every name below a top-level domain\. Write it like/);
    });
  }

  for (const host of ["localhost", "a.localhost", "*.a.localhost"]) {
    it(`${host}, which every client takes for itself`, () => {
      assertProblems(of([host]), /hosts\[0\]: ".*" is the machine itself to every client\. Write it like/);
    });
  }

  it("names of the cluster's own services", () => {
    for (const host of [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
      "*.payments.svc.cluster.local",
      "cluster.local",
    ]) {
      assertProblems(of([host]), /hosts\[0\]: ".*" is a name of the cluster's own services\. Write it like/);
    }
    const config = { clusterDomain: "k8s.example.com" };
    for (const host of ["k8s.example.com", "a.svc.k8s.example.com", "*.k8s.example.com"]) {
      assertProblems({ ...of([host]), config }, /hosts\[0\]: ".*" is a name of the cluster's own services/);
    }
    assert.equal(load({ ...of(["xk8s.example.com", "example.com", "svc.example.com"]), config }).tenants.length, 2);
  });

  it("names without end, and nothing", () => {
    assertProblems(
      of([`${"a".repeat(64)}.example.com`, `${"a.".repeat(127)}com`, ""]),
      /team-a\.yaml:3: hosts\[0\]: .* has the label a+, which is longer than 63 characters/,
      /team-a\.yaml:4: hosts\[1\]: .*is longer than 253 characters/,
      /team-a\.yaml:5: hosts\[2\]: .*is empty/,
    );
  });

  it("one that is there twice, and more than one annotation should have", () => {
    assertProblems(
      of(["a.example.com", "b.example.com", "a.example.com"]),
      /team-a\.yaml:5: hosts\[2\]: "a\.example\.com" is there already\. Keep one of them/,
    );
    const many = Array.from({ length: 101 }, (_, index) => `a${index}.example.com`);
    assertProblems(of(many), /team-a\.yaml:\d+: hosts: are more than 100: a wildcard/);
  });

  it("a value that is no list", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nhosts: pay.example.com\n" } },
      /^stacks\/base\/tenants\/team-a\.yaml:2: hosts: must be a list/,
    );
  });
});

describe("hosts of two tenants are refused, naming both files, for", () => {
  it("the same host", () => {
    assertProblems(
      of(["pay.example.com"], ["pay.example.com"]),
      /^stacks\/base\/tenants\/team-b\.yaml:2: hosts\[0\]: "pay\.example\.com" is team-a's already \(stacks\/base\/tenants\/team-a\.yaml\)\. Give each host to one tenant only\.$/,
    );
  });

  it("the same wildcard", () => {
    assertProblems(of(["*.example.com"], ["*.example.com"]), /hosts\[0\]: "\*\.example\.com" is team-a's already/);
  });

  it("a host below another's wildcard, however deep, and a wildcard below it", () => {
    for (const host of ["pay.example.com", "a.b.example.com", "*.pay.example.com"]) {
      assertProblems(
        of(["*.example.com"], [host]),
        /team-b\.yaml:2: hosts\[0\]: ".*" is below \*\.example\.com, which is team-a's already/,
      );
    }
  });

  it("a wildcard that stands for another's host", () => {
    assertProblems(
      of(["pay.example.com"], ["shop.example.org", "*.example.com"]),
      /team-b\.yaml:2: hosts\[1\]: "\*\.example\.com" stands for pay\.example\.com too, which is team-a's already \(.*team-a\.yaml\)/,
    );
  });

  it("a host that an overlay gives, where it is written", () => {
    assertProblems(
      { files: { ...of(["pay.example.com"]).files, [overlayB]: "hosts: [pay.example.com]\n" } },
      /^stacks\/staging\/tenants\/team-b\.yaml:1: hosts\[0\]: "pay\.example\.com" is team-a's already/,
    );
    assertProblems(
      {
        files: {
          ...of([], ["pay.example.com"]).files,
          [base]: "name: team-a\n",
          [overlay]: "hosts: [pay.example.com]\n",
        },
      },
      /^stacks\/base\/tenants\/team-b\.yaml:2: .* is team-a's already \(stacks\/staging\/tenants\/team-a\.yaml\)/,
    );
  });

  it("the host of the platform's own webhooks", () => {
    const config = { webhookUrl: "https://Flux.example.com:8443", ingressNamespaces: ["ingress-nginx"] };
    assertProblems(
      { ...of(["flux.example.com"]), config },
      /team-a\.yaml:3: hosts\[0\]: "flux\.example\.com" is the platform's, where GitHub tells it of pushes \(fleet:webhookUrl of Pulumi\.staging\.yaml\)/,
    );
    assertProblems(
      { ...of(["*.example.com"]), config },
      /"\*\.example\.com" stands for flux\.example\.com too, which is the platform's/,
    );
  });
});

describe("hosts", () => {
  it("are accepted when no two tenants have one, a wildcard beside the name that it is below of", () => {
    const { tenants } = load(
      of(["example.com", "shop.example.com", "*.shop.example.com", "intranet"], ["*.pay.example.com"]),
    );
    assert.deepEqual(tenants[0]?.hosts, ["example.com", "shop.example.com", "*.shop.example.com", "intranet"]);
    assert.deepEqual(tenants[1]?.hosts, ["*.pay.example.com"]);
    assert.deepEqual(load(of(["pay.example.com"], ["*.pay.example.com"])).tenants[1]?.hosts, ["*.pay.example.com"]);
  });

  it("are none by default; an overlay replaces those of the base file, or resets them", () => {
    assert.deepEqual(load().tenants[0]?.hosts, []);
    const overlaid = (text: string) =>
      load({ files: { ...of(["pay.example.com"]).files, [overlay]: text } }).tenants[0]?.hosts;
    assert.deepEqual(overlaid("hosts: [pay.staging.example.com]\n"), ["pay.staging.example.com"]);
    assert.deepEqual(overlaid("hosts: null\n"), []);
    assert.deepEqual(overlaid(""), ["pay.example.com"]);
  });

  it("of tenants on different stacks may be the same: each stack has its own controllers", () => {
    const files = { ...of(["pay.example.com"], ["pay.example.com"]).files, [overlayB]: undefined };
    assert.deepEqual(
      load({ files }).tenants.map(({ hosts }) => hosts),
      [["pay.example.com"]],
    );
  });
});

describe("covers", () => {
  it("takes a wildcard for all names below it, and neither for what it is below of nor for what ends like it", () => {
    const below = ["*.a.b", "x.a.b", "x.y.a.b", "*.x.a.b"];
    const not = ["a.b", "xa.b", "*.b", "b", "x.a.b.c"];
    assert.deepEqual(
      below.filter((host) => !covers("*.a.b", host)),
      [],
    );
    assert.deepEqual(
      not.filter((host) => covers("*.a.b", host)),
      [],
    );
    assert.equal(covers("a.b", "x.a.b"), false);
  });
});
