import assert from "node:assert/strict";
import { CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import type { Fields } from "../../support/objects/object.js";
import {
  container,
  deployment,
  everyWorkload,
  pod,
  podSpec,
  securityContext,
} from "../../support/objects/workloads.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";

const { ofContainer, ofPod } = securityContext;

/** A pod without any setting of security, as most examples have it. */
const plain = podSpec({ name: "nginx", securityContext: undefined }, { securityContext: undefined });

/** Pods that `baseline` refuses already, with the fix of each. */
const belowBaseline: Readonly<Record<string, readonly [fix: string, spec: Fields]>> = {
  "in the node's network": ["remove hostNetwork, hostPID and hostIPC (pod)", podSpec({}, { hostNetwork: true })],
  "among the node's processes": ["remove hostNetwork, hostPID and hostIPC (pod)", podSpec({}, { hostPID: true })],
  "in the node's memory": ["remove hostNetwork, hostPID and hostIPC (pod)", podSpec({}, { hostIPC: true })],
  "with the node's files": [
    "use no volume of the type hostPath (host)",
    podSpec({}, { volumes: [{ name: "host", hostPath: { path: "/" } }] }),
  ],
  "that is privileged": [
    "remove securityContext.privileged (main)",
    podSpec(ofContainer({ privileged: true, allowPrivilegeEscalation: undefined })),
  ],
  "without AppArmor": [
    "remove appArmorProfile.type Unconfined (pod)",
    podSpec({}, ofPod({ appArmorProfile: { type: "Unconfined" } })),
  ],
  "with a container without AppArmor": [
    "remove appArmorProfile.type Unconfined (main)",
    podSpec(ofContainer({ appArmorProfile: { type: "Unconfined" } })),
  ],
  "with a capability of the node": [
    "remove capabilities.add (main)",
    podSpec(ofContainer({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } })),
  ],
};

/** Pods that `restricted` refuses, and `baseline` does not. */
const belowRestricted: Readonly<Record<string, readonly [fix: string, spec: Fields]>> = {
  "that may get more privileges": [
    "set securityContext.allowPrivilegeEscalation: false (main)",
    podSpec(ofContainer({ allowPrivilegeEscalation: undefined })),
  ],
  "that keeps its capabilities": [
    "set securityContext.capabilities.drop: [ALL] (main)",
    podSpec(ofContainer({ capabilities: { drop: ["CHOWN"] } })),
  ],
  "with a capability of baseline": [
    "remove capabilities.add (main)",
    podSpec(ofContainer({ capabilities: { drop: ["ALL"], add: ["CHOWN"] } })),
  ],
  "as any user": ["set securityContext.runAsNonRoot: true (main)", podSpec({}, ofPod({ runAsNonRoot: undefined }))],
  "with a container as any user": [
    "set securityContext.runAsNonRoot: true (main)",
    podSpec(ofContainer({ runAsNonRoot: false })),
  ],
  "as root": ["set no securityContext.runAsUser: 0 (pod)", podSpec({}, ofPod({ runAsUser: 0 }))],
  "with a container as root": ["set no securityContext.runAsUser: 0 (main)", podSpec(ofContainer({ runAsUser: 0 }))],
  "as root, with a container as root": [
    "set no securityContext.runAsUser: 0 (main, pod)",
    podSpec(ofContainer({ runAsUser: 0 }), ofPod({ runAsUser: 0 })),
  ],
  "with users of its own, that sees all of /proc": [
    "remove securityContext.procMount (main)",
    podSpec(ofContainer({ procMount: "Unmasked" }), { hostUsers: false }),
  ],
  "that makes any system call": [
    "set securityContext.seccompProfile.type: RuntimeDefault (main)",
    podSpec({}, ofPod({ seccompProfile: undefined })),
  ],
  "with an init container that may get more privileges": [
    "set securityContext.allowPrivilegeEscalation: false (first)",
    podSpec({}, { initContainers: [container({ name: "first", ...ofContainer({ allowPrivilegeEscalation: true }) })] }),
  ],
};

/** Pods that `restricted` admits. */
const admitted: Readonly<Record<string, Fields>> = {
  "with all settings": podSpec(),
  "whose containers have the settings": podSpec(
    ofContainer({ runAsNonRoot: true, seccompProfile: { type: "Localhost", localhostProfile: "own.json" } }),
    { securityContext: undefined },
  ),
  "that binds a low port": podSpec(ofContainer({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } })),
  "with users of its own, that says it is root": podSpec(ofContainer({ runAsNonRoot: false, runAsUser: 0 }), {
    hostUsers: false,
  }),
  "with users of its own, that says nothing of root": podSpec(
    {},
    { hostUsers: false, ...ofPod({ runAsNonRoot: undefined, runAsUser: 0 }) },
  ),
  "for Windows": podSpec(
    { securityContext: undefined },
    { os: { name: "windows" }, securityContext: { runAsNonRoot: true } },
  ),
};

/**
 * The policy that refuses a workload whose pods Pod Security would refuse. Each pod is tried too, so that the policy and
 * Pod Security agree.
 */
describe("fleet-pod-security, on a bare cluster", function () {
  this.timeout(20 * 60_000);
  let cluster: BareCluster;
  const tenants = new Map<string, DryRun>();

  before(async () => {
    cluster = await bareCluster();
    const core = cluster.clients.client(CoreV1Api);
    for (const level of ["restricted", "baseline", "privileged"]) {
      const namespace = placeOf(level).namespace;
      await prepare(cluster, namespace);
      const body = { metadata: { labels: { "pod-security.kubernetes.io/enforce": level } } };
      await core.patchNamespace({ name: namespace, body }, setHeaderOptions("Content-Type", PatchStrategy.MergePatch));
      tenants.set(level, new DryRun(await cluster.clients.serviceAccount(namespace, "reconciler")));
    }
    const policy = fixedPolicies(fleetSpec()).filter(({ policy }) => policy.metadata.name === "fleet-pod-security");
    await enforce(cluster, objectsOf(policy));
    await waitFor(async () => (await create("restricted", plain)) !== undefined, {
      describe: () => "the policy is not in force",
    });
  });
  after(() => cluster && clear(cluster));

  const placeOf = (level: string) => ({ namespace: `team-${level}` });
  const create = (level: string, spec: Fields) => tenants.get(level)?.create(deployment(placeOf(level), spec));
  const createPod = (level: string, spec: Fields) => tenants.get(level)?.create(pod(placeOf(level), spec));

  for (const [levels, cases] of [
    [["restricted", "baseline"], belowBaseline],
    [["restricted"], belowRestricted],
  ] as const) {
    for (const level of levels) {
      for (const [title, [fix, spec]] of Object.entries(cases)) {
        it(`refuses a Deployment ${title}, where Pod Security ${level} refuses its pods`, async () => {
          const said = (await create(level, spec)) ?? "";
          assert.ok(said.includes(`pods must follow Pod Security ${level}: `) && said.includes(fix), said);
          assert.match((await createPod(level, spec)) ?? "", new RegExp(`violates PodSecurity "${level}:latest"`));
        });
      }
    }
  }

  for (const [level, cases] of [
    ["restricted", admitted],
    ["baseline", Object.fromEntries(Object.entries(belowRestricted).map(([title, [, spec]]) => [title, spec]))],
    ["privileged", Object.fromEntries(Object.entries(belowBaseline).map(([title, [, spec]]) => [title, spec]))],
  ] as const) {
    for (const [title, spec] of Object.entries(cases)) {
      it(`allows a Deployment ${title}, where Pod Security ${level} admits its pods`, async () => {
        assert.equal(await create(level, spec), undefined);
        assert.equal(await createPod(level, spec), undefined);
      });
    }
  }

  it("names all faults of a Deployment at once, with the container of each", async () => {
    const said = (await create("restricted", plain)) ?? "";
    assert.ok(
      said.endsWith(
        [
          "pods must follow Pod Security restricted: set securityContext.allowPrivilegeEscalation: false (nginx)",
          "set securityContext.capabilities.drop: [ALL] (nginx)",
          "set securityContext.runAsNonRoot: true (nginx)",
          "set securityContext.seccompProfile.type: RuntimeDefault (nginx)",
        ].join("; "),
      ),
      said,
    );
  });

  it("refuses workloads of every kind", async () => {
    for (const [title, object] of Object.entries(everyWorkload(placeOf("restricted"), "without settings", plain))) {
      assert.match((await tenants.get("restricted")?.create(object)) ?? "", /fleet-pod-security/, title);
    }
  });
});
