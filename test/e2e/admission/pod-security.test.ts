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

/** The label of a namespace with its level of Pod Security. */
const levelLabel = "pod-security.kubernetes.io/enforce";

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
  "whose kubelet asks another host": [
    "remove host from probes and lifecycle hooks (main)",
    podSpec({ livenessProbe: { httpGet: { host: "169.254.169.254", path: "/", port: 80 } } }),
  ],
  "whose kubelet connects to another host before its end": [
    "remove host from probes and lifecycle hooks (main)",
    podSpec({ lifecycle: { preStop: { httpGet: { host: "127.0.0.1", path: "/", port: 10248 } } } }),
  ],
  "with a setting of its node's kernel": [
    "remove securityContext.sysctls (kernel.msgmax)",
    podSpec({}, ofPod({ sysctls: [{ name: "kernel.msgmax", value: "1" }] })),
  ],
  "of a type of its node's own programs": [
    "remove user, role and other types than container_t from seLinuxOptions (main)",
    podSpec(ofContainer({ seLinuxOptions: { type: "spc_t" } })),
  ],
  "of a role of SELinux": [
    "remove user, role and other types than container_t from seLinuxOptions (pod)",
    podSpec({}, ofPod({ seLinuxOptions: { role: "sysadm_r" } })),
  ],
};

/** Pods that `baseline` refuses, with another fix at each level. */
const withoutSeccomp = podSpec({}, ofPod({ seccompProfile: { type: "Unconfined" } }));

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
  "with settings of its own kernel": podSpec(
    {},
    ofPod({
      sysctls: [
        { name: "net.ipv4.ip_unprivileged_port_start", value: "80" },
        { name: "net.ipv4.tcp_rmem", value: "4096 87380 16777216" },
      ],
      seLinuxOptions: { type: "container_t", level: "s0:c1,c2" },
    }),
  ),
  "with probes and hooks of itself": podSpec({
    livenessProbe: { httpGet: { path: "/", port: 80 } },
    readinessProbe: { tcpSocket: { port: 80 } },
    startupProbe: { exec: { command: ["true"] } },
    lifecycle: { postStart: { httpGet: { path: "/", port: 80 } }, preStop: { sleep: { seconds: 1 } } },
  }),
  "for Windows": podSpec(
    { securityContext: undefined },
    { os: { name: "windows" }, securityContext: { runAsNonRoot: true } },
  ),
};

/** Pods that the first version of `restricted` let pass, which stands here for an exemption of the API server. */
const exempt = Object.fromEntries(
  ["that may get more privileges", "that keeps its capabilities", "that makes any system call"].map((title) => {
    const found = belowRestricted[title];
    assert.ok(found);
    return [title, found];
  }),
);

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
    for (const level of ["restricted", "baseline", "privileged", "exempt"]) {
      const namespace = placeOf(level).namespace;
      await prepare(cluster, namespace);
      const enforced =
        level === "exempt"
          ? { [levelLabel]: "restricted", [`${levelLabel}-version`]: "v1.0" }
          : { [levelLabel]: level };
      const body = { metadata: { labels: enforced } };
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

  it("refuses a Deployment that makes any system call at each level, with the fix of that level", async () => {
    for (const [level, fix] of [
      ["restricted", "restricted: set securityContext.seccompProfile.type: RuntimeDefault (main)"],
      ["baseline", "baseline: remove seccompProfile.type Unconfined (pod)"],
    ] as const) {
      const said = (await create(level, withoutSeccomp)) ?? "";
      assert.ok(said.endsWith(`pods must follow Pod Security ${fix}`), said);
      assert.match(
        (await createPod(level, withoutSeccomp)) ?? "",
        new RegExp(`violates PodSecurity "${level}:latest"`),
      );
    }
    assert.equal(await create("privileged", withoutSeccomp), undefined);
  });

  it("refuses pods that Pod Security would let pass, as where the API server exempts them", async () => {
    for (const [fix, spec] of Object.values(exempt)) {
      const said = (await createPod("exempt", spec)) ?? "";
      assert.ok(said.includes(`pods must follow Pod Security restricted: `) && said.includes(fix), said);
    }
    assert.equal(await createPod("exempt", podSpec()), undefined);
  });

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
