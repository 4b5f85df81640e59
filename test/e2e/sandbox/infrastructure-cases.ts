import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import type { WebServer } from "../../support/e2e/web-server.js";
import {
  type CanaryName,
  canaries,
  certificates,
  namespace,
  notOffered,
  refusedCertificate,
} from "./infrastructure-objects.js";

/** The parts of an environment of `npm start` that the cases need. */
export interface Surroundings {
  /** An empty folder. */
  readonly folder: string;
  /** The chat that Flagger tells. */
  readonly chat: WebServer;
  /** Runs commands in a newcomer's shell of the environment, with an environment of the stack; answers what they say. */
  readonly shell: (commands: readonly string[]) => Promise<string>;
}

const repository = "team-payments";
/** A tenant that asks for no add-on, by the name of its repository and of its namespace. */
const other = "team-search";
/** Path of the channel, as Slack's addresses have it. */
const channel = "services/T0/B0/X0";

/** Messages of a Slack channel, as far as the cases read them. */
interface SlackMessage {
  readonly channel: string;
  readonly attachments: readonly { readonly color: string; readonly author_name: string; readonly text: string }[];
}

/** The work of cert-manager and Flagger for a tenant that asks for them. They are real processes, as Flux's controllers are. */
export function infrastructureCases(surroundings: () => Surroundings): void {
  const cloneOf = (name: string) => join(surroundings().folder, name);
  const chatAddress = () => `${surroundings().chat.url}${channel}`;
  const kubectl = (...words: string[]) =>
    surroundings().shell([["kubectl", "--namespace", namespace, ...words].join(" ")]);

  /** Clones a tenant's repository. */
  const clone = (name: string) =>
    surroundings().shell([`cd '${surroundings().folder}'`, `git clone --quiet "\${GITHUB_BASE_URL}acme/${name}.git"`]);

  /** Commits manifests to a tenant's clone, beside its base, and pushes them. */
  async function push(manifests: readonly KubernetesObject[], name = repository): Promise<void> {
    const folder = join(cloneOf(name), "deploy", "staging");
    const files = manifests.map((manifest, index) => [`infrastructure-${index}.yaml`, manifest] as const);
    for (const [file, manifest] of files) await writeFile(join(folder, file), stringify(manifest));
    const file = join(folder, "kustomization.yaml");
    const resources = ["../base", ...files.map(([file]) => file)];
    const kustomization = parse(await readFile(file, "utf8")) as object;
    await writeFile(file, stringify({ ...kustomization, resources }));
    assert.ok((await readdir(folder)).length > files.length);
    const git = `git -C '${cloneOf(name)}' -c user.name=Ann -c user.email=ann@acme.example`;
    await surroundings().shell([
      `${git} add --all`,
      `${git} commit --quiet --message 'Use the infrastructure'`,
      `${git} push --quiet`,
    ]);
  }

  /** Pushes manifests to the tenant's repository, and has Flux apply them. */
  async function apply(manifests: readonly KubernetesObject[]): Promise<void> {
    await push(manifests);
    await surroundings().shell([`flux --namespace ${namespace} reconcile kustomization ${repository} --with-source`]);
  }

  /** Waits until a Canary is in a phase. */
  async function phase(name: CanaryName, wanted: string): Promise<void> {
    let last = "";
    await waitFor(
      async () => {
        last = await kubectl("get", "canary", name, "--output", "jsonpath='{.status.phase}'");
        return last.includes(wanted);
      },
      {
        timeout: 240_000,
        interval: 2000,
        describe: async () => `canary ${name} is ${last}:\n${await kubectl("get", "events")}`,
      },
    );
  }

  /** Waits until the sync of the other tenant has failed, with words about a refusal. */
  async function refusedSync(refusal: RegExp): Promise<void> {
    let last = "";
    const path = `'{range .status.conditions[?(@.type=="Ready")]}{.status} {.message}{end}'`;
    const look = `kubectl --namespace ${other} get kustomization ${other} --output jsonpath=${path}`;
    await waitFor(
      async () => {
        last = await surroundings().shell([look]);
        return last.includes("False ") && refusal.test(last);
      },
      { interval: 1000, describe: () => `the sync of ${other} says ${last}` },
    );
  }

  /** Waits for a message about a canary. */
  const told = (name: CanaryName, text: string) =>
    waitFor(
      () =>
        surroundings()
          .chat.requests.filter(({ path }) => path === `/${channel}`)
          .map(({ body }) => JSON.parse(body) as SlackMessage)
          .find(
            ({ attachments: [message] }) =>
              message?.author_name === `${name}.${namespace}` && message.text.includes(text),
          ),
      {
        describe: () =>
          surroundings()
            .chat.requests.map(({ body }) => body)
            .join("\n"),
      },
    );

  it("refuses a tenant's certificate by cert-manager's own webhook, at the address of its Service", async () => {
    const file = join(surroundings().folder, "refused.json");
    await writeFile(file, JSON.stringify(refusedCertificate));
    const said = await surroundings().shell([`kubectl apply --filename '${file}' 2>&1 || echo refused`]);
    assert.match(
      said,
      /admission webhook "webhook\.cert-manager\.io" denied the request: spec\.duration: Invalid value/,
    );
    assert.match(said, /^refused$/m);
  }).timeout(120_000);

  it("issues a tenant's certificate, whose key comes into the tenant's Secret", async () => {
    await clone(repository);
    await apply([...certificates, ...canaries("registry.example.com/shop:1", chatAddress())]);
    await kubectl("wait", "--for=condition=Ready", "--timeout=120s", "certificate/shop");
    const text = await kubectl("get", "secret", "shop-tls", "--output", "jsonpath='{.type} {.data.tls\\.crt}'");
    assert.match(text, /kubernetes\.io\/tls LS0tLS1CRUdJTi/);
  }).timeout(300_000);

  it("refuses a tenant what it did not ask for, and what the stack does not offer, in the status of the tenant's own sync", async () => {
    await clone(other);
    for (const [manifest, refusal] of [
      [
        certificates[1],
        /certificates\.cert-manager\.io .*is forbidden: User "system:serviceaccount:team-search:reconciler"/,
      ],
      [notOffered, /no matches for kind "ExternalSecret"/],
    ] as const) {
      assert.ok(manifest);
      await push([manifest], other);
      await surroundings().shell([`flux --namespace ${other} reconcile source git ${other}`]);
      await refusedSync(refusal);
    }
    await push([], other);
    await surroundings().shell([`flux --namespace ${other} reconcile kustomization ${other} --with-source`]);
  }).timeout(300_000);

  it("promotes a version whose metrics are good, and takes back one whose metrics are bad; Slack hears of both", async () => {
    for (const name of ["shop", "cart"] as const) await phase(name, "Initialized");
    await apply([...certificates, ...canaries("registry.example.com/shop:2", chatAddress())]);
    await phase("shop", "Succeeded");
    await phase("cart", "Failed");
    const image = (name: string) =>
      kubectl("get", "deployment", name, "--output", "jsonpath='{.spec.template.spec.containers[0].image}'");
    assert.match(await image("shop-primary"), /shop:2/);
    assert.match(await image("cart-primary"), /shop:1/);
    const good = await told("shop", "Canary analysis completed successfully, promotion finished.");
    assert.deepEqual([good.channel, good.attachments[0]?.color], ["deploys", "good"]);
    const bad = await told("cart", "Failed checks threshold reached");
    assert.equal(bad.attachments[0]?.color, "danger");
  }).timeout(600_000);
}
