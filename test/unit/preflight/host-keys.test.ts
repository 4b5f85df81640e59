import assert from "node:assert/strict";
import { findHostKeys } from "../../../preflight/host-keys.js";
import { runPreflight } from "../../../preflight/preflight.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";
import { fleetSpec } from "../../support/unit/spec.js";

describe("findHostKeys", () => {
  let server: TestServer;
  let answer: { readonly status: number; readonly body: object };
  const paths: (string | undefined)[] = [];
  before(async () => {
    server = await httpServer((request, response) => {
      paths.push(request.url);
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  beforeEach(() => paths.splice(0));
  after(() => server.stop());

  const { github } = fleetSpec();
  const find = (status: number, body: object, own: Partial<typeof github> = {}) => {
    answer = { status, body };
    const environment = { GITHUB_TOKEN: "made-up", GITHUB_BASE_URL: `http://127.0.0.1:${server.port}/` };
    return findHostKeys(fleetSpec({ github: { ...github, ...own } }), environment);
  };

  it("refuses a GitHub Enterprise Server, whose API lists none, before anything is created", async () => {
    for (const body of [{ installed_version: "3.19.0" }, { ssh_keys: [] }]) {
      await assert.rejects(
        find(200, body, { host: "github.example.com:8443" }),
        /^FleetError: Pulumi\.staging\.yaml: fleet:sshHostKeys: is not set, and .* ssh-keyscan github\.example\.com prints/,
      );
    }
    assert.deepEqual(paths, ["/api/v3/meta", "/api/v3/meta"]);
  });

  it("finds the keys of one that lists them, and leaves the refusal of a token to the other checks", async () => {
    assert.deepEqual(await find(200, { ssh_keys: ["ssh-ed25519 AAA"] }), ["ssh-ed25519 AAA"]);
    assert.equal(await find(401, { message: "Bad credentials" }), undefined);
  });

  it("asks nothing when the stack has keys, nor of GitHub's cloud, which always lists them", async () => {
    await find(200, {}, { sshHostKeys: ["ssh-ed25519 AAA"] });
    for (const GITHUB_BASE_URL of [undefined, "", "https://github.com/", "https://acme.ghe.com/"]) {
      await findHostKeys(fleetSpec(), { GITHUB_TOKEN: "made-up", GITHUB_BASE_URL });
    }
    assert.deepEqual(paths, []);
  });

  it("is one of the preflight checks", async () => {
    const { KUBECONFIG } = process.env;
    process.env.KUBECONFIG = "/no/such/file";
    answer = { status: 200, body: {} };
    const environment = { GITHUB_TOKEN: "made-up", GITHUB_BASE_URL: `http://127.0.0.1:${server.port}/` };
    const args = {
      environment,
      platformSeed: [],
      fluxObjects: [],
      state: async () => ({}),
      outputs: async () => ({}),
      resources: async () => ({}),
      locate: () => ({ file: "", path: "" }),
    };
    try {
      await assert.rejects(runPreflight(fleetSpec(), args), (error) => {
        assert.match(String(error), /fleet:sshHostKeys: is not set/);
        assert.match(String(error), /KUBECONFIG: names a file that does not exist/);
        return true;
      });
    } finally {
      if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = KUBECONFIG;
    }
  });
});
