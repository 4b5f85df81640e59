import assert from "node:assert/strict";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const inBase = (network: string): Changes => ({ files: { [base]: `name: team-a\nnetwork:\n  ${network}\n` } });

describe("network rules are refused, naming file, line and field, for", () => {
  it("an ingress namespace that the stack does not list, which could be anybody's", () => {
    assertProblems(
      inBase("ingress: [{namespace: kube-system}]"),
      /^stacks\/base\/tenants\/team-a\.yaml:3: network\.ingress\[0\]\.namespace: "kube-system" is not in fleet:ingressNamespaces of Pulumi\.staging\.yaml, which lists none\. Remove it, or have the platform team list it\.$/,
    );
    assertProblems(
      { ...inBase("ingress: [{namespace: ingres-nginx}]"), config: { ingressNamespaces: '["ingress-nginx"]' } },
      /which lists ingress-nginx\. Did you mean ingress-nginx\?$/,
    );
  });

  it("an ingress namespace in an overlay, where it is written", () => {
    assertProblems(
      { files: { [overlay]: "network:\n  ingress:\n    - namespace: team-b\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:3: network\.ingress\[0\]\.namespace: /,
    );
  });

  it("an ingress namespace beside those that the stack lists, naming these", () => {
    assertProblems(
      { ...inBase("ingress: [{namespace: traefik}]"), config: { ingressNamespaces: '["gateway","ingress-nginx"]' } },
      /which lists gateway, ingress-nginx\. Name one of: gateway, ingress-nginx; or have the platform team list it\.$/,
    );
  });

  it("another tenant's namespace, or the tenant's own, and says what is meant for these", () => {
    const files = {
      ...inBase("ingress: [{namespace: search}, {namespace: team-a}]").files,
      "stacks/base/tenants/team-b.yaml": "name: team-b\nnamespace: {name: search}\n",
      "stacks/staging/tenants/team-b.yaml": "",
    };
    assertProblems(
      { files },
      /ingress\[0\]\.namespace: "search" is a namespace of the tenant team-b, and network\.ingress is for those of the platform\. Write exports with team-b in to, and have team-b write imports\.$/,
      /ingress\[1\]\.namespace: "team-a" is the tenant's own, whose pods reach each other anyway\. Remove it\.$/,
    );
  });

  it("egress to a host's name, and says that there are addresses only", () => {
    assertProblems(
      inBase("egress: [{host: db.example.com, cidr: 203.0.113.7/32, ports: [5432]}]"),
      /network\.egress\[0\]\.host: there is no such field\. Write cidr with the addresses: network policies know no host names\.$/,
    );
    for (const cidr of ["db.example.com", '"*.example.com"']) {
      assertProblems(
        inBase(`egress: [{cidr: ${cidr}, ports: [5432]}]`),
        /egress\[0\]\.cidr: ".*" is a host's name, and network policies know addresses only\. Write it like 203\./,
      );
    }
  });

  it("a tenant in a namespace that every tenant may let in", () => {
    assertProblems(
      { config: { ingressNamespaces: ["team-a"] } },
      /^stacks\/base\/tenants\/team-a\.yaml:1: namespace\.name: "team-a" is the platform's: fleet:ingressNamespaces/,
    );
  });

  it("a listed ingress namespace that is no name", () => {
    assertProblems({ config: { ingressNamespaces: ["Ingress"] } }, /fleet:ingressNamespaces\[0\]: is not a DNS label/);
    assertProblems({ config: { ingressNamespaces: '"all"' } }, /fleet:ingressNamespaces: must be a list/);
  });

  it("egress to no address, without ports, or to ports that do not exist", () => {
    assertProblems(
      inBase("egress: [{cidr: the database, ports: [1]}]"),
      /egress\[0\]\.cidr: "the database" is not a CIDR/,
    );
    assertProblems(inBase("egress: [{cidr: 203.0.113.0/24}]"), /network\.egress\[0\]\.ports: is missing/);
    assertProblems(inBase("egress: [{cidr: 203.0.113.0/24, ports: []}]"), /network\.egress\[0\]\.ports: names no port/);
    assertProblems(
      inBase("egress: [{cidr: 203.0.113.0/24, ports: [0]}]"),
      /egress\[0\]\.ports\[0\]: 0 is not between 1 and/,
    );
    for (const [port, problem] of [
      ["1.5", /ports\[0\]: must be a port like 443, or a text like "8000-8010" or "53\/udp"/],
      ["{port: 53}", /ports\[0\]: must be a port like 443, or/],
      [
        "https",
        /ports\[0\]: "https" is not a port, or a range of ports, with \/udp if it is not TCP\. Write it like 443/,
      ],
      ["53/UDP", /ports\[0\]: "53\/UDP" is not a port/],
      ["53/sctp", /ports\[0\]: "53\/sctp" is not a port/],
      ["8010-8000", /ports\[0\]: "8010-8000" ends before it starts\. Write the lower port first/],
      ["0-10", /ports\[0\]: "0-10" is not between 1 and 65535/],
      ["1-65536/udp", /ports\[0\]: "1-65536\/udp" is not between 1 and 65535/],
    ] as const) {
      assertProblems(inBase(`egress: [{cidr: 203.0.113.0/24, ports: [${port}]}]`), problem);
    }
  });

  it("egress to the cloud's credentials, and says why", () => {
    assertProblems(
      inBase("egress: [{cidr: 169.254.169.254/32, ports: [80]}]"),
      /team-a\.yaml:3: network\.egress\[0\]\.cidr: "169\.254\.169\.254\/32" is within 169\.254\.0\.0\/16, which no tenant can reach: link-local addresses are the node's, with the cloud's credentials at 169\.254\.169\.254/,
    );
  });

  it("a field of a rule that does not exist, and names the one that was meant", () => {
    assertProblems(
      inBase("egress: [{cidr: 203.0.113.0/24, ports: [1], port: 1}]"),
      /network\.egress\[0\]\.port: there is no such field\. Did you mean network\.egress\[0\]\.ports\?$/,
    );
  });

  it("several rules at once", () => {
    const network = "{ingress: [{namespace: x}], egress: [{cidr: x, ports: [x]}]}";
    assertProblems(
      { files: { [base]: `name: team-a\nnetwork: ${network}\n` } },
      /egress\[0\]\.cidr/,
      /egress\[0\]\.ports\[0\]/,
      /ingress\[0\]/,
    );
  });
});

describe("network rules", () => {
  it("take ports of TCP and UDP, and ranges of both", () => {
    const changes = inBase("egress: [{cidr: 203.0.113.0/24, ports: [443, 8000-8010, 53/udp, 3000-3010/udp, '22']}]");
    assert.deepEqual(load(changes).tenants[0]?.network.egress[0]?.ports, [
      443,
      "8000-8010",
      "53/udp",
      "3000-3010/udp",
      "22",
    ]);
  });

  it("are accepted when the stack wants them", () => {
    const files = { [base]: "name: team-a\nnetwork: {ingress: [{namespace: gateway}]}\n" };
    const { tenants } = load({ files, config: { ingressNamespaces: '["gateway"]' } });
    assert.deepEqual(tenants[0]?.network, { ingress: [{ namespace: "gateway" }], egress: [] });
  });
});
