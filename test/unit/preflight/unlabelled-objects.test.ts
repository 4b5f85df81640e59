import assert from "node:assert/strict";
import { type Connections, directConnections } from "../../../lib/network/connections.js";
import { beginWait } from "../../../lib/time/waits.js";
import type { Connection } from "../../../preflight/cluster-requests.js";
import { identityOf, registered } from "../../../preflight/registered-object.js";
import { mostSingle, readUnlabelled } from "../../../preflight/unlabelled-objects.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";

const ours = { "app.kubernetes.io/managed-by": "fleet" };
const namespaces = new Map([
  ["adopted", { labels: ours, terminating: false }],
  ["foreign", { labels: {}, terminating: false }],
]);

describe("readUnlabelled", () => {
  const started: TestServer[] = [];
  const opened: Connections[] = [];
  afterEach(async () => {
    for (const connections of opened.splice(0)) connections.end();
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });

  /** A cluster with these answers, 404 for other paths, and the requests that it gets. */
  async function cluster(answers: Readonly<Record<string, unknown>>) {
    const requests: string[] = [];
    const server = await httpServer(({ url = "", headers }, response) => {
      requests.push(`${url} ${headers.accept}`);
      const answer = answers[url];
      response.writeHead(answer === undefined ? 404 : typeof answer === "number" ? answer : 200);
      response.end(JSON.stringify(answer ?? {}));
    });
    started.push(server);
    const url = `http://127.0.0.1:${server.port}`;
    const connections = directConnections(url, {});
    opened.push(connections);
    const connection: Connection = {
      server: { url, headers: {}, connections },
      ...beginWait(30_000),
      refused: new Set(),
    };
    return { requests, connection };
  }
  const secret = (name: string, namespace = "adopted") => registered("core/v1:Secret", name, namespace);
  const isKnown = () => false;

  it("asks for names in existing namespaces of fleet that the state does not have, and for their metadata alone", async () => {
    const metadata = { name: "tenant-git", namespace: "adopted" };
    const path = "/api/v1/namespaces/adopted/secrets/tenant-git";
    const { connection, requests } = await cluster({ [path]: { metadata } });
    const known = secret("known");
    const wanted = [secret("tenant-git"), known, secret("a", "foreign"), secret("a", "new")];
    const found = await readUnlabelled(
      [...wanted, registered("core/v1:Namespace", "adopted")],
      { namespaces, isKnown: (identity) => identity === identityOf(known) },
      connection,
    );
    assert.deepEqual([...found.keys()], [identityOf(secret("tenant-git"))]);
    assert.deepEqual(requests, [`${path} application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1`]);
  });

  it("lists a kind once where many of its names are new, as after a lost state", async () => {
    const items = [{ metadata: { name: "s-3", namespace: "adopted" } }, { metadata: { name: "s-3", namespace: "b" } }];
    const { connection, requests } = await cluster({ "/api/v1/secrets": { items } });
    const many = Array.from({ length: mostSingle + 1 }, (_, index) => secret(`s-${index}`));
    const found = await readUnlabelled(many, { namespaces, isKnown }, connection);
    assert.deepEqual([...found.keys()], [identityOf(secret("s-3"))]);
    assert.deepEqual(requests, ["/api/v1/secrets application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"]);
  });

  it("notes that the account may not read Secrets, and refuses it for any other kind", async () => {
    const forbidden = { "/api/v1/namespaces/adopted/secrets/a": 403, "/api/v1/namespaces/adopted/configmaps/a": 403 };
    const { connection } = await cluster(forbidden);
    assert.equal((await readUnlabelled([secret("a")], { namespaces, isKnown }, connection)).size, 0);
    assert.deepEqual([...connection.refused], ["secrets"]);
    const map = registered("core/v1:ConfigMap", "a", "adopted");
    await assert.rejects(
      readUnlabelled([map], { namespaces, isKnown }, connection),
      /did not list its configmaps: HTTP status 403/,
    );
  });
});
