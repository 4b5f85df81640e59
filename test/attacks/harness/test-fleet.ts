import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { status } from "@fleet/sandbox";
import { parseDocument } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Condition } from "../../support/e2e/flux-objects.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { type TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { kindsOfAddon } from "../../support/objects/custom-kinds.js";
import { reference } from "../../support/objects/object.js";
import { allAddons, offersEverything } from "../../support/unit/addons.js";
import type { Attack, Credential, Place } from "../attack.js";
import { create, objectPath } from "../request.js";
import { NEIGHBOURS_HOST, OWN_HOST, OWN_WILDCARD } from "../tenant-objects.js";
import { Caller, messageOf } from "./caller.js";
import { ExfiltrationServer } from "./exfiltration-server.js";
import { Keys } from "./keys.js";
import { Notifications } from "./notifications.js";
import { fillRepositories } from "./repositories.js";

/** A fleet with a hostile tenant, in a sandbox that is thrown away with the damage. */
export class TestFleet {
  readonly #callers = new Map<Credential, Caller>();

  private constructor(
    readonly sandbox: TestSandbox,
    readonly environment: TestEnvironment,
    /** The hostile tenant. */
    readonly tenant: Tenant,
    readonly place: Place,
    /** The cluster's administrator. */
    readonly admin: Caller,
    readonly keys: Keys,
    readonly notifications: Notifications,
    readonly exfiltrationServer: ExfiltrationServer,
  ) {}

  /** Brings the fleet up, and puts into both tenants' repositories what the attacks need there. */
  static async create(attacks: readonly Attack[]): Promise<TestFleet> {
    const sandbox = await TestSandbox.create();
    try {
      const environment = await sandbox.environment();
      const program = await completeProgram(sandbox, environment.stack);
      const admin = await Caller.of(environment.kubernetes.admin);
      for (const kind of offered.flatMap(kindsOfAddon)) await serve(admin, kind);
      await environment.engine.up({ cwd: program });
      const tenant = await Tenant.of(sandbox, environment, "team-payments");
      const neighbour = await Tenant.of(sandbox, environment, "team-search");
      const cluster = environment.kubernetes.admin.getCurrentCluster();
      const exfiltrationServer = await ExfiltrationServer.start(await sandbox.scratch("secret-file"));
      const place: Place = {
        tenant: tenant.name,
        namespace: tenant.namespace,
        neighbour: neighbour.name,
        organisation: tenant.cloneUrl.replace(/\/[^/]+$/, ""),
        gitHub: environment.variables.GITHUB_BASE_URL ?? "",
        apiServer: cluster?.server ?? "",
        apiCertificate: cluster?.caData ?? "",
        trace: join(await sandbox.scratch("trace"), "was-here"),
        secretFile: exfiltrationServer.secretFile,
        exfiltrationServer: exfiltrationServer.address,
      };
      const github = await sandbox.github();
      for (const { namespace } of [tenant, neighbour]) await countsFluxKinds(admin, namespace);
      await fillRepositories({ place, admin, github, tenant, neighbour, attacks });
      const keys = await Keys.of({ sandbox, environment, github, place });
      const webhooks = (await status(sandbox.stateDirectory)).parts.map(({ addresses }) => addresses.webhooks);
      const receiver = webhooks.find((address) => address !== undefined) ?? "";
      const notifications = await Notifications.start({ place, admin, neighbour, receiver });
      return new TestFleet(sandbox, environment, tenant, place, admin, keys, notifications, exfiltrationServer);
    } catch (error) {
      await sandbox.end();
      throw error;
    }
  }

  /** The caller at the API server that has a credential of the hostile tenant. A token is valid for ten minutes. */
  async as(credential: Credential): Promise<Caller> {
    const known = this.#callers.get(credential);
    if (known !== undefined) return known;
    const accounts: Partial<Record<Credential, string>> = { pod: "default", robot: "ci-robot" };
    const [namespace, account] =
      credential === "controller"
        ? ["flux-system", "notification-controller"]
        : [this.place.namespace, accounts[credential] ?? "reconciler"];
    const caller = await Caller.of(await this.environment.kubernetes.serviceAccount(namespace, account));
    this.#callers.set(credential, caller);
    return caller;
  }

  /** Has everybody ask for a new token. */
  async renewTokens(): Promise<void> {
    const callers = [...this.#callers.values()];
    this.#callers.clear();
    await Promise.all(callers.map((caller) => caller.close()));
  }

  async end(): Promise<void> {
    await this.notifications.stop();
    await this.exfiltrationServer.stop();
    await this.renewTokens();
    await this.admin.close();
    await this.sandbox.end();
  }
}

/** Defines a kind, as the infrastructure does that brings it, and waits until it is served. */
async function serve(admin: Caller, kind: KubernetesObject): Promise<void> {
  const made = await admin.send(create(kind));
  if (!made.ok) throw new Error(messageOf(made));
  await waitFor(
    async () => {
      const { body } = await admin.send({ method: "GET", path: objectPath(kind) });
      const { conditions = [] } = (body.status ?? {}) as { conditions?: readonly Condition[] };
      return conditions.some(({ type, status }) => type === "Established" && status === "True");
    },
    { timeout: 60_000, describe: () => `${kind.metadata.name} is not served` },
  );
}

/** Waits until the quota of Flux's kinds counts them: before that, all of them are refused. */
async function countsFluxKinds(admin: Caller, namespace: string): Promise<void> {
  const quota = objectPath(reference("ResourceQuota", { name: "tenant-flux", namespace }));
  await waitFor(
    async () => {
      const { body } = await admin.send({ method: "GET", path: quota });
      const { used = {}, hard = {} } = body.status as Readonly<Record<"used" | "hard", object | undefined>>;
      return Object.keys(hard).length > 0 && Object.keys(hard).every((kind) => kind in used);
    },
    { timeout: 180_000, describe: () => "the quota does not count Flux's kinds" },
  );
}

/** The add-ons that the stack offers. The tenant asks for all but sealed-secrets; it has gateway-api by its hosts. */
const { databases: _databases, ...offers } = offersEverything;
const offered = allAddons().filter(({ name }) => Object.hasOwn(offers, name));

/** The program with all of Flux's controllers, so that their kinds are there to be attacked, with image rules, image automation, hosts, the kinds of add-ons and a CI robot. */
async function completeProgram(sandbox: TestSandbox, stack: string): Promise<string> {
  const directory = await copyProgram(await sandbox.scratch("program"));
  const file = join(directory, `Pulumi.${stack}.yaml`);
  const settings = parseDocument(await readFile(file, "utf8"));
  const controllers = ["image-reflector-controller", "image-automation-controller"];
  settings.setIn(["config", "fleet:extraComponents"], controllers);
  settings.setIn(["config", "fleet:addons"], offers);
  settings.setIn(["config", "fleet:allowedImageRegistries"], ["registry.example.com"]);
  settings.setIn(["config", "fleet:tolerations"], ["shop", "kubernetes.azure.com/scalesetpriority=spot"]);
  await writeFile(file, String(settings));
  const base = join(directory, "stacks", "base");
  await say(base, "team-payments", {
    robot: { enabled: true },
    addons: ["cert-manager", "external-secrets", "flagger", "keda", "prometheus-operator"],
    hosts: [OWN_HOST, OWN_WILDCARD],
    // The test pushes for the tenant's developers as the organisation's owner. With codeowners, the owner bypasses reviews.
    repository: {
      protection: { pullRequest: true },
      codeowners: [{ pattern: "*", owners: ["@acme/payments"] }],
    },
  });
  await say(join(directory, "stacks", stack), "team-payments", {
    imageAutomation: { images: { shop: { image: "registry.example.com/shop", range: "~1.4" } } },
  });
  await say(base, "team-search", { hosts: [NEIGHBOURS_HOST] });
  return directory;
}

/** Has a tenant's file say something more. @param folder of the base files, or of a stack's */
async function say(folder: string, tenant: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(folder, "tenants", `${tenant}.yaml`);
  const document = parseDocument(await readFile(file, "utf8"));
  for (const [field, value] of Object.entries(fields)) document.set(field, value);
  await writeFile(file, String(document));
}
