import assert from "node:assert/strict";
import fc from "fast-check";
import { durationRule } from "../../../../config/rules/amounts.js";
import { gitTag, repositoryPath } from "../../../../config/rules/git-reference.js";
import { labelValue, tenantKey, tenantKeys } from "../../../../config/rules/labels.js";
import {
  branchName,
  dnsLabel,
  dnsSubdomain,
  fluxVersion,
  gitHubOwner,
  gitHubRepository,
  repositoryDescription,
  stackName,
  tenantNamespace,
  variableName,
} from "../../../../config/rules/names.js";
import type { Rule } from "../../../../config/rules/rule.js";
import { controllerArgument } from "../../../../config/stack/controller-arguments.js";
import { durationMilliseconds } from "../../../../lib/kubernetes/duration.js";

const long = (length: number) => "a".repeat(length);

const rules: Readonly<Record<string, { rule: Rule; refused: readonly string[]; allowed: readonly string[] }>> = {
  dnsLabel: {
    rule: dnsLabel,
    refused: ["", "Team", "team_a", "team.a", "-team", "team-", "té", " team", "team\n", long(64)],
    allowed: ["a", "1", "team-payments", "0-a", long(63)],
  },
  dnsSubdomain: {
    rule: dnsSubdomain,
    refused: ["", ".", "a.", ".a", "a..b", "Cluster.local", "a_b", long(254)],
    allowed: ["cluster.local", "a", "a.b-c.d1"],
  },
  tenantNamespace: {
    rule: tenantNamespace,
    refused: ["default", "kube-system", "kube-", "kube-mine", "flux-system", "platform", "Team"],
    allowed: ["payments", "kube", "kubernetes", "default-team", "my-flux-system"],
  },
  stackName: { rule: stackName, refused: ["base", "..", "a/b", "Prod"], allowed: ["staging", "prod-eu"] },
  gitHubRepository: {
    rule: gitHubRepository,
    refused: [
      "",
      ".",
      "..",
      "a b",
      "a/b",
      "é",
      "x.git",
      "x.GIT",
      "x.wiki",
      ".git",
      ".github",
      ".GitHub",
      ".github-private",
      "acme.github.io",
      long(101),
    ],
    allowed: ["a", "A.b_c-d", "...", "git", "x.github", ".github2", long(100)],
  },
  gitHubOwner: {
    rule: gitHubOwner,
    refused: ["", "-a", "a-", "a--b", "a b", "a/b", "a.b", "_a", long(40)],
    allowed: ["a", "Acme-Corp", "octocat_acme", long(39)],
  },
  branchName: {
    rule: branchName,
    refused: [
      "",
      "-a",
      "a..b",
      ".a",
      "a/.b",
      "a.lock",
      "a.lock/b",
      "a b",
      "a~1",
      "a^",
      "a:b",
      "a?",
      "a*",
      "a[",
      "a\\b",
    ].concat(["/a", "a/", "a//b", "a.", "a@{b", "@", "HEAD", "refs/heads/a", "a\tb", "a\u007f", long(245)]),
    allowed: ["main", "release/1.2", "feature_x", "a@b", "ä", "user/a-b.c", "@a", long(244)],
  },
  repositoryDescription: {
    rule: repositoryDescription,
    refused: ["", "a\nb", "a\tb", "\u0000", long(351)],
    allowed: ["Card payments", "Zahlungen für alle", long(350)],
  },
  repositoryPath: {
    rule: repositoryPath,
    refused: ["", ".", "deploy", "/deploy", "../x", "./..", "./a/../b", "./a//b", "./a/./b", ".//", "./a\\b", "./a\nb"],
    allowed: ["./", "./deploy", "./deploy/staging/", "./a..b", "./.hidden/x", "./with space"],
  },
  gitTag: {
    rule: gitTag,
    refused: ["", "-d", "v1 2", "refs:tags", "0123456789abcdef0123456789abcdef01234567", long(245)],
    allowed: ["v1.4.2", "release/2026-11", "_", "a".repeat(39), "A".repeat(40), "g".repeat(40)],
  },
  fluxVersion: {
    rule: fluxVersion,
    refused: ["", "latest", "2.9.2", "v2.9", "v2.9.2 ", "v2.9.2/..", "V2.9.2"],
    allowed: ["v2.9.2", "v2.10.0-rc.1"],
  },
  variableName: {
    rule: variableName,
    refused: ["", "1a", "a-b", "a.b", "ä", "cluster_name", "cluster_stack"],
    allowed: ["_", "a", "REGION", "region_2", "cluster_region"],
  },
  tenantKey: {
    rule: tenantKey,
    refused: [
      "",
      "/",
      "a/",
      "/a",
      "a/b/c",
      "-a",
      "a-",
      "A.example/x",
      "a..b/x",
      long(64),
      `${long(254)}/a`,
      "a b",
    ].concat([
      "pod-security.kubernetes.io/enforce",
      "kubernetes.io/metadata.name",
      "app.kubernetes.io/managed-by",
      "toolkit.fluxcd.io/tenant",
      "kustomize.toolkit.fluxcd.io/name",
      "kustomize.toolkit.fluxcd.io/prune",
      "sharding.fluxcd.io/key",
      "fleet.dev/tenant",
      "sub.fleet.dev/x",
      "pulumi.com/patchForce",
    ]),
    allowed: ["a", "cost-center", "example.com/on-call", "app.kubernetes.io/name", "notfleet.dev/x", `x/${long(63)}`],
  },
  tenantKeys: {
    rule: tenantKeys,
    refused: ["", "*", "/*", "a/**", "*.example.com/*", "A.example/*", "fleet.dev/*", "toolkit.fluxcd.io/*", "a/b/*"],
    allowed: ["example.com/*", "example.com/on-call", "istio-injection", "scheduler.alpha.kubernetes.io/node-selector"],
  },
  labelValue: {
    rule: labelValue,
    refused: ["-a", "a-", "a b", "a/b", "a@b", long(64)],
    allowed: ["", "a", "A_b.c-d", "4711", long(63)],
  },
  controllerArgument: {
    rule: controllerArgument,
    refused: ["", "--a", "-a=b", "a=b", "--A=b", "--no-remote-bases=true", "--insecure-anything=1"].concat([
      "--sops-age-secret=keys",
      "--sops-vault-configmap=addresses",
      "--custom-apply-stage-kinds=v1/Secret",
      "--oom-watch-max-memory-path=/etc/passwd",
      "--anything-of-the-next-release=1",
      "--feature-gates=AllowDNSLookups=true",
      "--feature-gates=A=true,AllowDNSLookups=1",
    ]),
    allowed: [
      "--concurrent=8",
      "--requeue-dependency=5s",
      "--feature-gates=A=true,B=false",
      "--override-manager=",
    ].concat("--feature-gates=AllowDNSLookups=false"),
  },
  duration: {
    rule: durationRule("10s", "1h", "reasons"),
    refused: ["", "1", "s", "1 m", "-1m", "1d", "9.9s", "9999ms", "61m", "1h1ms", "1m,", "١m"],
    allowed: ["10s", "10000ms", "1m30s", "0.5h", "60m", "1h", "30s1m"],
  },
};

describe("rules for names", () => {
  for (const [name, { rule, refused, allowed }] of Object.entries(rules)) {
    describe(name, () => {
      for (const value of refused) {
        it(`refuses ${JSON.stringify(value.slice(0, 50))}`, () => {
          const violation = rule.check(value);
          assert.ok(violation, "it was allowed");
          assert.doesNotMatch(violation.message, /\.$/, "the sentence is finished elsewhere");
        });
      }

      it("allows what Kubernetes, Git, GitHub or Flux allow", () => {
        for (const value of allowed) assert.equal(rule.check(value), undefined, value);
      });

      it("never lets an editor mark a value that is allowed", () => {
        const pattern = new RegExp(rule.pattern, "u");
        const near = fc.constantFrom(...allowed).chain((value) => fc.mixedCase(fc.constant(value)));
        fc.assert(
          fc.property(fc.oneof(near, fc.string({ maxLength: 40 }), fc.string({ unit: "binary" })), (value) => {
            if (rule.check(value)) return;
            assert.match(value, pattern);
            assert.ok(value.length <= (rule.maxLength ?? Number.POSITIVE_INFINITY));
          }),
        );
      });
    });
  }

  it("every DNS label is a repository's name and a label's value too, as the defaults need it", () => {
    const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    fc.assert(
      fc.property(label, (name) => {
        assert.equal(dnsLabel.check(name), undefined);
        assert.equal(gitHubRepository.check(name), undefined);
        assert.equal(labelValue.check(name), undefined);
        assert.equal(repositoryPath.check(`./deploy/${name}`), undefined);
      }),
    );
  });

  it("no allowed path leads out of the folder it starts from", () => {
    const part = fc.constantFrom("..", ".", "", "a", "...", "..a");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const value = `./${parts.join("/")}`;
        if (repositoryPath.check(value)) return;
        assert.ok(new URL(value, "file:///repository/top/").pathname.startsWith("/repository/top/"));
      }),
    );
  });
});

describe("durationMilliseconds", () => {
  it("adds up hours, minutes, seconds and milliseconds", () => {
    const amounts = fc.tuple(...[23, 59, 59, 999].map((max) => fc.integer({ min: 0, max })));
    fc.assert(
      fc.property(amounts, ([hours = 0, minutes = 0, seconds = 0, rest = 0]) => {
        const total = ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest;
        assert.equal(durationMilliseconds(`${hours}h${minutes}m${seconds}s${rest}ms`), total);
      }),
    );
  });

  it("is undefined for anything else", () => {
    for (const text of ["", "1", "m", "1x", "1.m", "1.5.5s"]) assert.equal(durationMilliseconds(text), undefined, text);
  });
});
