import assert from "node:assert/strict";
import fc from "fast-check";
import { chartUrl } from "../../../../config/rules/chart-url.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const files = (helm: unknown, inOverlay: unknown = {}) => ({
  [base]: JSON.stringify({ name: "team-a", helm }),
  [overlay]: JSON.stringify(inOverlay),
});
const helmOf = (helm: unknown, inOverlay?: unknown) => load({ files: files(helm, inOverlay) }).tenants[0]?.helm;

const digest = `sha256:${"0".repeat(64)}`;
const url = "oci://ghcr.io/acme/charts/shop";

describe("sources of charts are refused, naming file and field, for", () => {
  const urls: readonly (readonly [what: string, url: string, problem: RegExp])[] = [
    [
      "no encryption",
      "http://charts.example.com",
      /begins with http:\/\/, which anybody on the way can read and change/,
    ],
    ["another scheme", "git://charts.example.com", /begins with git:\/\/\. Write it like https:/],
    ["a file of the controller's", "file:///etc/passwd", /begins with file:\/\//],
    ["no scheme", "charts.example.com/stable", /is not a URL/],
    ["a scheme in capitals, which editors would not know", "HTTPS://charts.example.com", /begins with HTTPS:/],
    ["credentials", "https://me:secret@charts.example.com", /has a user name\. Put credentials into a Secret/],
    ["a user name alone", "https://me@charts.example.com", /has a user name/],
    ["a host behind something that looks like one", "https://charts.example.com@10.0.0.7/", /has a user name/],
    ["a question", "https://charts.example.com/?a=b", /has a "\?" or "#"/],
    ["a hidden slash", "https://charts.example.com/a%2fb", /characters that are none of a plain URL's/],
    ["a backslash", "https://charts.example.com\\@10.0.0.7", /has a user name/],
    ["a way up", "https://charts.example.com/a/../b", /has a part "\." or "\.\."/],
    ["no host", "https:///charts", /has no host/],
    ["no port after the colon", "https://charts.example.com:/a", /has no port after the colon/],
    ["a port that is none", "https://charts.example.com:0/a", /has no port after the colon/],
    ["loopback", "https://127.0.0.1/charts", /has the address 127\.0\.0\.1/],
    ["loopback by name", "https://localhost:8443/charts", /the host localhost, which is a name within the cluster/],
    ["loopback in other figures", "https://2130706433/charts", /has the address 2130706433/],
    ["loopback in fewer figures", "https://127.1/charts", /has the address 127\.1 /],
    ["loopback in hexadecimal", "https://0x7f000001/charts", /a name within the cluster/],
    [
      "loopback in figures of both kinds",
      "https://0x7f.0.0.1/charts",
      /the host 0x7f\.0\.0\.1, which ends in a number/,
    ],
    ["a host that some read as an address", "https://charts.example.com.443/", /ends in a number, as addresses do/],
    ["loopback of IPv6", "https://[::1]/charts", /has the address \[::1\]/],
    ["the cloud's credentials", "https://169.254.169.254/latest", /has the address 169\.254\.169\.254/],
    ["a private address", "https://10.0.0.7/charts", /has the address 10\.0\.0\.7/],
    ["a public address, which no name stands for", "https://203.0.113.7/charts", /has the address 203\.0\.113\.7/],
    ["the API server", "https://kubernetes/api", /a name within the cluster/],
    ["a service", "https://source-controller.flux-system.svc/", /names that end in \.svc are not public/],
    ["a service in full", "https://web.payments.svc.cluster.local/", /names that end in \.local are not public/],
    ["a cloud's own name", "https://metadata.google.internal/", /names that end in \.internal are not public/],
    ["a dot at the end, which hides an ending", "https://web.payments.svc./", /which is not a DNS name/],
    ["a host that is encoded, and encodes nothing", "https://xn--charts.example.com/", /is not a URL/],
    ["capitals, which hide an ending", "https://web.payments.SVC/", /which is not a DNS name in lower case/],
  ];
  for (const [what, url, problem] of urls) {
    it(`a repository's URL with ${what}`, () => {
      assertProblems({ files: files({ repositories: { stable: { url } } }) }, problem);
    });
    it(`a repository's URL with ${what}, in an overlay`, () => {
      assertProblems({ files: files({}, { helm: { repositories: { stable: { url } } } }) }, problem);
    });
  }

  it("a chart by https, which only repositories are fetched by", () => {
    const charts = { shop: { url: "https://charts.example.com/shop", ref: { tag: "1" } } };
    assertProblems(
      { files: files({ charts }) },
      /^stacks\/base\/tenants\/team-a\.yaml:1: helm\.charts\.shop\.url: .*begins with https:\/\/\. Write it like oci:/,
    );
  });

  it("a registry without a path", () => {
    const charts = { shop: { url: "oci://ghcr.io/", ref: { tag: "1" } } };
    assertProblems({ files: files({ charts }) }, /helm\.charts\.shop\.url: "oci:\/\/ghcr\.io\/" has no path/);
  });

  it("a chart of which nothing says which version", () => {
    assertProblems({ files: files({ charts: { shop: { url } } }) }, /helm\.charts\.shop\.ref: is missing/);
    assertProblems({ files: files({ charts: { shop: { url, ref: {} } } }) }, /shop\.ref: says nothing\. Say one of/);
    assertProblems(
      { files: files({}, { helm: { charts: { shop: { url } } } }) },
      /^stacks\/staging\/.*helm\.charts\.shop\.ref: is missing\. Add it/,
    );
  });

  it("two versions at once, also when each file says one", () => {
    const both = { shop: { url, ref: { tag: "1.4.0", semver: "~1.4" } } };
    assertProblems(
      { files: files({ charts: both }) },
      /shop\.ref: says tag and semver, of which Flux would follow only/,
    );
    assertProblems(
      {
        files: files(
          { charts: { shop: { url, ref: { semver: "~1.4" } } } },
          { helm: { charts: { shop: { ref: { tag: "1.4.0" } } } } },
        ),
      },
      /^stacks\/staging\/.*shop\.ref: says tag and semver, of which.*null takes away what another file says/,
    );
  });

  it("references that are none", () => {
    const ref = (value: Readonly<Record<string, string>>) => files({ charts: { shop: { url, ref: value } } });
    assertProblems({ files: ref({ tag: "a tag" }) }, /shop\.ref\.tag: "a tag" is not a tag/);
    assertProblems({ files: ref({ semver: "newest" }) }, /shop\.ref\.semver: "newest" is not/);
    assertProblems({ files: ref({ digest: "sha256:00" }) }, /shop\.ref\.digest: "sha256:00" is not a digest/);
  });

  it("names, Secrets and intervals that are none", () => {
    const repositories = {
      Stable: { url: "https://charts.example.com" },
      other: { url: "https://charts.example.com", secret: "My Secret", interval: "1s" },
    };
    assertProblems(
      { files: files({ repositories }) },
      /repositories\.Stable: the key is not a DNS label/,
      /repositories\.other\.interval: "1s" is not between 1m and 24h/,
      /repositories\.other\.secret: "My Secret" is not a DNS name/,
    );
  });

  it("an overlay that changes a repository that is not there", () => {
    assertProblems(
      { files: files({}, { helm: { repositories: { stable: { interval: "1h" } } } }) },
      /^stacks\/staging\/.*helm\.repositories\.stable\.url: is missing/,
    );
  });

  it("more of them than the limits have room for", () => {
    const repositories = { a: { url: "https://a.example.com" }, b: { url: "https://b.example.com" } };
    assertProblems(
      { files: files({ repositories }, { limits: { fluxObjects: 1 } }) },
      /^stacks\/base\/.*helm\.repositories: are 2, and limits\.fluxObjects has room for 1 of a kind/,
    );
  });
});

describe("sources of charts", () => {
  it("are none unless a file names some", () => {
    assert.deepEqual(load().tenants[0]?.helm, { repositories: {}, charts: {} });
  });

  it("have a default interval, and are laid over those of the base file", () => {
    const inBase = {
      repositories: {
        stable: { url: "https://charts.example.com/stable", secret: "charts" },
        gone: { url: "oci://ghcr.io/acme/charts" },
      },
      charts: { shop: { url, ref: { semver: "~1.4" } } },
    };
    const inOverlay = {
      helm: {
        repositories: { stable: { interval: "1h", secret: null }, gone: null },
        charts: { shop: { ref: { semver: null, digest } } },
      },
    };
    assert.deepEqual(helmOf(inBase, inOverlay), {
      repositories: { stable: { url: "https://charts.example.com/stable", interval: "1h" } },
      charts: { shop: { url, ref: { digest }, interval: "10m" } },
    });
  });

  for (const good of [
    "https://charts.example.com",
    "https://charts.example.com:8443/a/",
    "oci://ghcr.io/acme/charts",
  ]) {
    it(`may be at ${good}`, () => {
      assert.equal(helmOf({ repositories: { stable: { url: good } } })?.repositories.stable?.url, good);
    });
  }

  it("that are taken lead to the host that a reader sees, whatever else is written around it", () => {
    const rule = chartUrl(["https"], "https://charts.example.com");
    const pieces = fc.constantFrom(
      "/",
      "//",
      "@",
      ":",
      "\\",
      "?",
      "#",
      "%2f",
      ".",
      "..",
      "443",
      "a",
      "[::1]",
      "é",
      " ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), fc.array(pieces, { maxLength: 6 }), (before, after) => {
        const written = `https://${before.join("")}charts.example.com${after.join("")}`;
        if (rule.check(written) !== undefined) return;
        const { protocol, hostname, username, password, search, hash } = new URL(written);
        const [, seen] = /^https:\/\/([^/:]+)/.exec(written) ?? [];
        assert.deepEqual([protocol, hostname, username + password + search + hash], ["https:", seen, ""]);
      }),
      { numRuns: 2000 },
    );
  });
});
