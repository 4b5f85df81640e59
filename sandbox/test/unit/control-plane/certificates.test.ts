import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createAuthority, issueClient, issueServer } from "../../../control-plane/certificates.js";

describe("certificates", () => {
  it("are not accepted under another authority, even one of the same name", async () => {
    const [ours, theirs] = await Promise.all([createAuthority("fleet"), createAuthority("fleet")]);
    const client = new X509Certificate((await issueClient(ours, { commonName: "fleet:kwok" })).cert);
    assert.equal(client.verify(new X509Certificate(ours.cert).publicKey), true);
    assert.equal(client.verify(new X509Certificate(theirs.cert).publicKey), false);
  });

  it("of clients and servers cannot sign further certificates", async () => {
    const authority = await createAuthority("fleet");
    const client = new X509Certificate((await issueClient(authority, { commonName: "someone" })).cert);
    assert.equal(client.ca, false);
    assert.equal(new X509Certificate(authority.cert).ca, true);
  });

  it("of clients are no serving certificates", async () => {
    const authority = await createAuthority("fleet");
    const names = { dns: ["localhost"], ip: ["127.0.0.1"] };
    const client = new X509Certificate((await issueClient(authority, { commonName: "someone" })).cert);
    const server = new X509Certificate((await issueServer(authority, { commonName: "server" }, names)).cert);
    const serverAuth = "1.3.6.1.5.5.7.3.1";
    assert.equal(client.keyUsage.includes(serverAuth), false);
    assert.equal(server.keyUsage.includes(serverAuth), true);
  });

  it("name the user and the groups as Kubernetes reads them", async () => {
    const authority = await createAuthority("fleet");
    const pair = await issueClient(authority, { commonName: "fleet:admin", organizations: ["system:masters", "two"] });
    assert.equal(new X509Certificate(pair.cert).subject, "CN=fleet:admin\nO=system:masters\nO=two");
  });

  it("of servers answer for every given name and address", async () => {
    const authority = await createAuthority("fleet");
    const names = { dns: ["localhost", "kubernetes.default.svc"], ip: ["127.0.0.1", "10.96.0.1"] };
    const certificate = new X509Certificate((await issueServer(authority, { commonName: "server" }, names)).cert);
    assert.notEqual(certificate.checkHost("kubernetes.default.svc"), undefined);
    assert.notEqual(certificate.checkIP("10.96.0.1"), undefined);
    assert.equal(certificate.checkHost("example.com"), undefined);
  });

  it("are valid already on a machine whose clock is a minute behind", async () => {
    const authority = new X509Certificate((await createAuthority("fleet")).cert);
    assert.ok(Date.parse(authority.validFrom) < Date.now() - 60_000);
  });
});
