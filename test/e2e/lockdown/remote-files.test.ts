import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AppsV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { type TestEnvironment, TestSandbox } from "../support/sandbox.js";
import { Tenant } from "../support/tenant.js";
import { waitFor } from "../support/wait-for.js";

const remoteFile = "http://files.example.com/stolen.yaml";
const stolen = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "from-elsewhere" }, data: { a: "b" } };

describe("A tenant that lets kustomize fetch from elsewhere", () => {
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let tenant: Tenant;

  before(async function () {
    this.timeout(600_000);
    sandbox = await TestSandbox.create();
    environment = await sandbox.environment("staging");
    await environment.engine.up();
    tenant = await Tenant.of(sandbox, environment, "team-search");
  });

  after(async function () {
    this.timeout(120_000);
    await sandbox?.end();
  });

  afterEach(async function () {
    this.timeout(420_000);
    await tenant.restore();
  });

  it("is refused a remote file, and reads why in its own status", async () => {
    await pushResource(tenant, remoteFile);
    await tenant.flux.waitForRefusal(tenant.sync, /remote-files-are-not-allowed\.invalid/);
    assert.equal(await arrived(environment, tenant), false);
  });

  it("is refused a remote Git base before anything is fetched, and reads why in its own status", async () => {
    const github = await sandbox.github();
    await github.resetRequests();
    await pushResource(tenant, gitBase(environment));
    await tenant.flux.waitForRefusal(tenant.sync, /transport 'http' not allowed/);
    assert.deepEqual(await gitRequests(github), []);
  });

  describe("with the control off, though --no-remote-bases is on", () => {
    let network: Server;

    before(async function () {
      this.timeout(300_000);
      // The network's stand-in: whatever name is asked for, the answer is the stolen file.
      network = createServer((_request, response) => response.end(stringify(stolen)));
      await new Promise<void>((resolve) => network.listen(0, "127.0.0.1", resolve));
      const { port } = network.address() as AddressInfo;
      await setVariables(environment, {
        HTTP_PROXY: `http://127.0.0.1:${port}`,
        HTTPS_PROXY: null,
        GIT_ALLOW_PROTOCOL: null,
      });
    });

    after(() => {
      network?.close();
    });

    it("gets the remote file applied", async () => {
      await pushResource(tenant, remoteFile);
      await waitFor(() => arrived(environment, tenant), {
        timeout: 240_000,
        describe: async () => JSON.stringify((await tenant.flux.get(tenant.sync)).status),
      });
    });

    it("gets the Git base fetched", async () => {
      const github = await sandbox.github();
      await github.resetRequests();
      await pushResource(tenant, gitBase(environment));
      await waitFor(async () => (await gitRequests(github)).length > 0, {
        timeout: 240_000,
        describe: async () => JSON.stringify((await tenant.flux.get(tenant.sync)).status),
      });
    });
  });
});

/** Pushes a kustomization whose only resource is elsewhere. */
async function pushResource(tenant: Tenant, resource: string): Promise<void> {
  await tenant.clone.commitAndPush("A resource from elsewhere", {
    "deploy/staging/kustomization.yaml": stringify({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: [resource],
    }),
  });
  await tenant.syncNow();
}

/** A base in a repository of the emulator, at an address that needs no name to be looked up. */
function gitBase({ variables }: TestEnvironment): string {
  return `${variables.GITHUB_BASE_URL}acme/somewhere-else.git//deploy?ref=main`;
}

/** What git itself asked the emulator for: kustomize first tries every address as a plain file. */
async function gitRequests(github: Awaited<ReturnType<TestSandbox["github"]>>): Promise<string[]> {
  const { requests } = await github.requests();
  return requests.map(({ url }) => url).filter((url) => url.includes("somewhere-else.git/info/refs"));
}

async function arrived({ kubernetes }: TestEnvironment, { namespace }: Tenant): Promise<boolean> {
  const { items } = await kubernetes.client(CoreV1Api).listNamespacedConfigMap({ namespace });
  return items.some(({ metadata }) => metadata?.name === stolen.metadata.name);
}

/** Sets variables of kustomize-controller, or takes them away, and waits until it runs with them. */
async function setVariables(
  { kubernetes }: TestEnvironment,
  variables: Readonly<Record<string, string | null>>,
): Promise<void> {
  const apps = kubernetes.client(AppsV1Api);
  const which = { name: "kustomize-controller", namespace: "flux-system" };
  const env = Object.entries(variables).map(([name, value]) =>
    value === null ? { name, $patch: "delete" } : { name, value },
  );
  await apps.patchNamespacedDeployment(
    { ...which, body: { spec: { template: { spec: { containers: [{ name: "manager", env }] } } } } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
  await waitFor(
    async () => {
      const { metadata, spec, status } = await apps.readNamespacedDeployment(which);
      const current = status?.observedGeneration === metadata?.generation;
      return current && status?.updatedReplicas === spec?.replicas && status?.replicas === spec?.replicas;
    },
    { timeout: 180_000, describe: () => "kustomize-controller was not rolled out with other variables" },
  );
}
