import assert from "node:assert/strict";
import { z } from "zod";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { everything, hardened } from "../../../support/unit/hardened.js";

const selector = z.strictObject({
  matchExpressions: z
    .array(z.strictObject({ key: z.literal("app"), operator: z.literal("In"), values: z.array(z.string()) }))
    .optional(),
});
const peer = z.strictObject({
  podSelector: selector.optional(),
  namespaceSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()).optional() }).optional(),
  ipBlock: z.strictObject({ cidr: z.string() }).optional(),
});
const rule = { ports: z.array(z.strictObject({ protocol: z.enum(["TCP", "UDP"]), port: z.int() })) };
const policySpec = z.strictObject({
  podSelector: selector,
  policyTypes: z.array(z.enum(["Ingress", "Egress"])),
  ingress: z.array(z.strictObject({ ...rule, from: z.array(peer) })).optional(),
  egress: z.array(z.strictObject({ ...rule, to: z.array(peer).optional() })).optional(),
});

/** One thing that may pass: who is spoken to, or speaks, on which ports. */
interface Passage {
  readonly policy: string;
  readonly peers: readonly z.infer<typeof peer>[] | "anywhere";
  readonly ports: readonly number[];
}

function selects({ matchExpressions = [] }: z.infer<typeof selector>, app: string): boolean {
  return matchExpressions.every(({ values }) => values.includes(app));
}

/** The connections that the policies allow to, or from, the pods of a controller. */
function passages(objects: readonly KubernetesObject[], app: string, direction: "Ingress" | "Egress"): Passage[] {
  return objects
    .filter(({ kind }) => kind === "NetworkPolicy")
    .flatMap((object) => {
      const spec = policySpec.parse(object.spec);
      if (!spec.policyTypes.includes(direction) || !selects(spec.podSelector, app)) return [];
      const rules =
        direction === "Ingress"
          ? spec.ingress?.map(({ from, ports }) => ({ peers: from, ports }))
          : spec.egress?.map(({ to, ports }) => ({ peers: to ?? ("anywhere" as const), ports }));
      return (rules ?? []).map(({ peers, ports }) => ({
        policy: object.metadata.name,
        peers,
        ports: ports.map(({ port }) => port),
      }));
    });
}

const ports = (list: readonly Passage[]) =>
  [...new Set(list.flatMap((passage) => passage.ports))].sort((a, b) => a - b);

describe("the network of Flux", () => {
  const objects = hardened(everything);

  it("is closed in both directions for every pod, even an unforeseen one", () => {
    const denied = objects.find(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "deny-all");
    assert.deepEqual(denied?.spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.deepEqual(passages(objects, "unknown", "Ingress"), []);
    assert.deepEqual(ports(passages(objects, "unknown", "Egress")), [53, 443, 6443]);
  });

  it("keeps nothing of the release's wide policies: no rule without ports, none for metrics", () => {
    for (const app of ["source-controller", "kustomize-controller", "helm-controller", "notification-controller"]) {
      assert.ok(!ports(passages(objects, app, "Ingress")).includes(8080), app);
    }
    assert.deepEqual(
      objects.filter(({ kind }) => kind === "NetworkPolicy").map(({ metadata }) => metadata.name),
      [
        "allow-dns",
        "allow-git-ssh",
        "allow-https",
        "deny-all",
        "fetch-artifacts",
        "receive-events",
        "send-events",
        "serve-artifacts",
      ],
    );
  });

  const fromOutside = (all: readonly KubernetesObject[]) =>
    ["source-controller", "kustomize-controller", "helm-controller", "notification-controller"].flatMap((app) =>
      passages(all, app, "Ingress").filter(
        ({ peers }) => peers === "anywhere" || peers.some((one) => one.namespaceSelector ?? one.ipBlock),
      ),
    );

  it("lets in nothing from outside Flux, where no ingress is listed", () => {
    assert.deepEqual(fromOutside(objects), []);
  });

  it("lets in webhooks from the ingress controllers that are listed, to one port, and no others", () => {
    const listed = hardened({ ...everything, ingressNamespaces: ["ingress-nginx", "gateway"] });
    assert.deepEqual(fromOutside(listed), [
      {
        policy: "allow-webhooks",
        peers: ["ingress-nginx", "gateway"].map((name) => ({
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
        })),
        ports: [9292],
      },
    ]);
  });

  it("lets only those who need it fetch artifacts, on both ends alike", () => {
    for (const [app, fetches] of [
      ["kustomize-controller", true],
      ["helm-controller", true],
      ["notification-controller", false],
      ["image-reflector-controller", false],
    ] as const) {
      const out = passages(objects, app, "Egress").some(({ policy }) => policy === "fetch-artifacts");
      const [door] = passages(objects, "source-controller", "Ingress").filter(
        ({ policy }) => policy === "serve-artifacts",
      );
      assert.ok(door && door.peers !== "anywhere");
      const inside = door.peers.some(({ podSelector }) => podSelector !== undefined && selects(podSelector, app));
      assert.deepEqual([out, inside], [fetches, fetches], app);
      assert.deepEqual(door.ports, [9090]);
    }
  });

  it("lets every controller send events, and no other pod", () => {
    const senders = [
      "source-controller",
      "kustomize-controller",
      "helm-controller",
      "image-reflector-controller",
      "image-automation-controller",
    ];
    for (const app of [...senders, "notification-controller"]) {
      assert.equal(
        passages(objects, app, "Egress").some(({ policy }) => policy === "send-events"),
        senders.includes(app),
        app,
      );
    }
  });

  it("lets only what speaks Git reach SSH", () => {
    const reach = [
      "source-controller",
      "image-automation-controller",
      "kustomize-controller",
      "helm-controller",
      "notification-controller",
      "image-reflector-controller",
    ].filter((app) => ports(passages(objects, app, "Egress")).includes(22));
    assert.deepEqual(reach, ["source-controller", "image-automation-controller"]);
  });

  it("lets the same reach the port of the stack's own Git server, beside the usual one of others", () => {
    const reach = (sshAddress: string, app: string) => {
      const [git] = passages(hardened({ sshAddress }), app, "Egress").filter(
        ({ policy }) => policy === "allow-git-ssh",
      );
      return git?.ports;
    };
    assert.deepEqual(reach("git.example.com:2222", "source-controller"), [22, 2222]);
    assert.deepEqual(reach("git.example.com:22", "source-controller"), [22]);
    assert.equal(reach("git.example.com:2222", "kustomize-controller"), undefined);
  });

  it("opens the port of a GitHub Enterprise Server that is cloned by HTTPS to what speaks Git, and to no other", () => {
    const reaching = (httpsPort: number) => {
      const found = hardened({ httpsPort, extraComponents: ["image-automation-controller"] });
      return ["source-controller", "image-automation-controller", "kustomize-controller"].filter((app) =>
        passages(found, app, "Egress").some(({ policy }) => policy === "allow-git-https"),
      );
    };
    assert.deepEqual(reaching(8443), ["source-controller", "image-automation-controller"]);
    assert.deepEqual(reaching(443), []);
  });

  it("leaves the cloud's metadata service out of reach: nothing goes to port 80", () => {
    for (const app of ["source-controller", "kustomize-controller"]) {
      assert.ok(!ports(passages(objects, app, "Egress")).includes(80), app);
    }
  });
});
