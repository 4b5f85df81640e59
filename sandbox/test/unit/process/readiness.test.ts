import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { answersOk } from "../../../control-plane/answers-ok.js";
import { createAuthority, issueClient, issueServer } from "../../../control-plane/certificates.js";
import { waitUntil } from "../../../process/readiness.js";

describe("waiting for readiness", () => {
  it("ends at once when what is waited for has failed", async () => {
    const failed = Promise.reject(new Error("etcd ended"));
    await assert.rejects(
      waitUntil(() => false, { what: "it", timeout: 60_000, failed }),
      /etcd ended/,
    );
  });

  it("says what was waited for and the last reason why it was not there", async () => {
    const never = () => Promise.reject(new Error("connection refused"));
    await assert.rejects(
      waitUntil(never, { what: "kube-apiserver", timeout: 30, interval: 5 }),
      /kube-apiserver was not ready within 0.03 s. The last answer: connection refused/,
    );
  });

  it("never takes a foreign server on the same port for the own one", async () => {
    const [ours, theirs] = await Promise.all([createAuthority("ours"), createAuthority("theirs")]);
    const foreign = await issueServer(theirs, { commonName: "x" }, { dns: ["localhost"], ip: ["127.0.0.1"] });
    const server = createServer(foreign, (_, response) => response.end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
      const client = await issueClient(ours, { commonName: "admin" });
      await assert.rejects(answersOk(url, ours.cert, client), /certificate/);
      assert.equal(await answersOk(url, theirs.cert, client), true);
    } finally {
      server.close();
    }
  });
});
