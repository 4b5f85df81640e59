import assert from "node:assert/strict";
import { judgeSources, withoutPassword } from "../../../../operate/audit/judge-sources.js";
import { readyLive } from "../../../support/unit/audited-cluster.js";

const verify = { mode: "HEAD", secretRef: { name: "keys" } };

describe("audit of sources", () => {
  it("names sources without encryption, and hides passwords", () => {
    const found = judgeSources({
      GitRepository: [readyLive("a", "git", { url: "http://bot:secret@git.example.com/a.git", verify })],
      HelmRepository: [readyLive("a", "charts", { url: "HTTP://charts.example.com" })],
      OCIRepository: [
        readyLive("a", "oci", { url: "oci://registry/a", insecure: true, verify: { provider: "cosign" } }),
      ],
      Bucket: [readyLive("a", "bucket", { endpoint: "minio:9000", insecure: true })],
    });
    assert.deepEqual(
      found.map(({ severity, rule, object, detail }) => `${severity} ${rule} ${object} ${detail}`),
      [
        "high source-insecure GitRepository a/git reads http://bot:***@git.example.com/a.git",
        "high source-insecure OCIRepository a/oci reads oci://registry/a with insecure: true",
        "high source-insecure HelmRepository a/charts reads HTTP://charts.example.com",
        "high source-insecure Bucket a/bucket reads minio:9000 with insecure: true",
      ],
    );
    assert.doesNotMatch(JSON.stringify(found), /secret@/);
    assert.match(found[2]?.fix ?? "", /'{"spec":{"url":"https:\/\/charts\.example\.com"}}'$/);
  });

  it("names sources without a signature: commits and OCI artifacts", () => {
    const found = judgeSources({
      GitRepository: [readyLive("a", "git", { url: "https://git.example.com/a.git" })],
      OCIRepository: [readyLive("a", "oci", { url: "oci://registry/a" })],
      HelmRepository: [readyLive("a", "charts", { url: "https://charts.example.com" })],
    });
    assert.deepEqual(
      found.map(({ severity, rule, object }) => `${severity} ${rule} ${object}`),
      ["low source-unverified GitRepository a/git", "low source-unverified OCIRepository a/oci"],
    );
    assert.match(found[1]?.fix ?? "", /"provider":"cosign"/);
  });

  it("finds nothing in a verified source over ssh or TLS", () => {
    const url = "ssh://git@github.com/acme/a.git";
    assert.deepEqual(judgeSources({ GitRepository: [readyLive("a", "git", { url, verify })] }), []);
    assert.equal(withoutPassword(url), url);
  });
});
