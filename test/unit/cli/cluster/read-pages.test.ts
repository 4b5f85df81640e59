import assert from "node:assert/strict";
import fc from "fast-check";
import type { ApiAnswer, ApiRequest } from "../../../../cli/cluster/api-client.js";
import { readPages } from "../../../../cli/cluster/read-pages.js";
import { pageOf } from "../../../support/unit/list-pages.js";

const listOf = (count: number) => ({
  items: Array.from({ length: count }, (_, index) => ({ metadata: { name: `o-${index}` } })),
});

/** A client of a list, which notes the requests. @param answer of a query; a number is a status */
function clientOf(answer: (query: URLSearchParams) => number | object) {
  const requests: ApiRequest[] = [];
  const send = async (request: ApiRequest): Promise<ApiAnswer> => {
    requests.push(request);
    const found = answer(new URL(request.path, "http://cluster").searchParams);
    return typeof found === "number" ? { status: found, body: { message: "no" } } : { status: 200, body: found };
  };
  return { requests, send };
}

describe("pages of a list", () => {
  it("are read to the end, each object once, by a request for each 500", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2100 }), async (count) => {
        const client = clientOf((query) => pageOf(listOf(count), query));
        const read = await readPages(client, "/api/v1/pods?labelSelector=a%3Db");
        assert.ok("items" in read);
        assert.deepEqual(
          read.items.map(({ metadata }) => metadata.name),
          listOf(count).items.map(({ metadata }) => metadata.name),
        );
        assert.equal(client.requests.length, Math.max(1, Math.ceil(count / 500)));
        assert.ok(client.requests.every(({ path }) => path.startsWith("/api/v1/pods?labelSelector=a%3Db&limit=500")));
      }),
      { numRuns: 20 },
    );
  });

  it("are read again in one answer, once they have expired, with the same parts of objects", async () => {
    const client = clientOf((query) => pageOf(listOf(1001), query, true));
    const read = await readPages(client, "/api/v1/pods", "PartialObjectMetadataList");
    assert.equal("items" in read && read.items.length, 1001);
    assert.deepEqual(
      client.requests.map(({ path }) => path),
      ["/api/v1/pods?limit=500", "/api/v1/pods?limit=500&continue=500", "/api/v1/pods"],
    );
    const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    assert.ok(client.requests.every(({ headers }) => headers?.accept === accept));
  });

  it("that were refused are no list, not even the part that was read", async () => {
    const broken = clientOf((query) => (query.has("continue") ? 500 : pageOf(listOf(501), query)));
    assert.deepEqual(await readPages(broken, "/x"), { refusal: { status: 500, body: { message: "no" } }, begun: true });
    const torn = clientOf((query) => (query.has("continue") ? 404 : pageOf(listOf(501), query)));
    const half = await readPages(torn, "/x");
    assert.equal("fault" in half && half.fault, "a further page was not found");
    // Without a page before, an expired list is an answer like others.
    const gone = clientOf(() => 410);
    const read = await readPages(gone, "/x");
    assert.deepEqual(["refusal" in read && read.refusal.status, gone.requests.length], [410, 1]);
    const expiredTwice = clientOf((query) => (query.has("limit") ? pageOf(listOf(501), query, true) : 410));
    assert.ok("refusal" in (await readPages(expiredTwice, "/x")));
  });

  it("that have no end, or are of another form, are a fault", async () => {
    const endless = clientOf(() => ({ metadata: { continue: "x" }, items: [] }));
    const found = await readPages(endless, "/x");
    assert.deepEqual(["fault" in found && found.fault, endless.requests.length], ["the pages have no end", 2]);
    const numbers = Array.from({ length: 3000 }, (_, index) => index).values();
    const nextNumber = () => numbers.next().value ?? 0;
    const circular = clientOf(() => ({ metadata: { continue: `x-${nextNumber() % 3}` }, items: [] }));
    const circle = await readPages(circular, "/x");
    assert.deepEqual(["fault" in circle && circle.fault, circular.requests.length], ["the pages have no end", 4]);
    const inventive = clientOf(() => ({ metadata: { continue: `x-${nextNumber()}` }, items: [] }));
    const invented = await readPages(inventive, "/x");
    assert.deepEqual(
      ["fault" in invented && invented.fault, inventive.requests.length],
      ["the pages have no end", 2001],
    );
    for (const body of [{}, { items: [{}] }, { items: [], metadata: { continue: 7 } }]) {
      const read = await readPages(
        clientOf(() => body),
        "/x",
      );
      assert.equal("fault" in read && read.fault, "the answer is not that of a Kubernetes API server");
    }
  });
});
