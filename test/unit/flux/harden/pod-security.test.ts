import assert from "node:assert/strict";
import { restrictedViolations } from "../../../../flux/harden/pod-security.js";
import { deployments, type PodSpec } from "../../../../flux/release/deployment.js";
import { fluxManifest, releaseWith } from "../../../support/unit/flux-manifest.js";
import { find, hardened } from "../../../support/unit/hardened.js";

const container = "spec.template.spec.containers.0";
const pod = "spec.template.spec";

/** The pod of a controller with one field changed. */
function podWith(path: string, value: unknown): PodSpec {
  const objects = releaseWith("Deployment source-controller", path, () => value);
  return deployments.parse(find(objects, "Deployment source-controller")).spec.template.spec;
}

describe("the check of a controller's pod", () => {
  const cases: readonly (readonly [path: string, value: unknown, violation: RegExp])[] = [
    [`${pod}.hostNetwork`, true, /^hostNetwork must not be set$/],
    [`${pod}.hostPID`, true, /^hostPID/],
    [`${pod}.hostIPC`, true, /^hostIPC/],
    [
      `${pod}.volumes`,
      [{ name: "host", hostPath: { path: "/" } }],
      /^the volume host must be of an allowed kind, is hostPath$/,
    ],
    [`${pod}.securityContext`, { sysctls: [{ name: "a", value: "b" }] }, /^the pod: sysctls/],
    [`${pod}.securityContext`, { runAsUser: 0 }, /^the pod: runAsUser must not be 0$/],
    [`${pod}.securityContext`, { runAsNonRoot: "yes" }, /securityContext: .*runAsNonRoot/s],
    [`${container}.securityContext`, undefined, /allowPrivilegeEscalation must be false/],
    [`${container}.securityContext.allowPrivilegeEscalation`, true, /allowPrivilegeEscalation must be false/],
    [`${container}.securityContext.privileged`, true, /privileged must not be set/],
    [`${container}.securityContext.readOnlyRootFilesystem`, false, /readOnlyRootFilesystem must be true/],
    [`${container}.securityContext.runAsNonRoot`, undefined, /runAsNonRoot must be true/],
    [`${container}.securityContext.runAsUser`, 0, /runAsUser must not be 0/],
    [`${container}.securityContext.capabilities`, { drop: ["NET_RAW"] }, /all capabilities must be dropped/],
    [`${container}.securityContext.capabilities.add`, ["NET_BIND_SERVICE"], /no capability may be added/],
    [`${container}.securityContext.procMount`, "Unmasked", /procMount/],
    [`${container}.securityContext.seccompProfile`, undefined, /seccompProfile must be RuntimeDefault or Localhost/],
    [`${container}.securityContext.seccompProfile.type`, "Unconfined", /seccompProfile must not be Unconfined/],
    [`${container}.securityContext.appArmorProfile`, { type: "Unconfined" }, /appArmorProfile/],
    [`${container}.securityContext.seLinuxOptions`, { type: "spc_t" }, /seLinuxOptions/],
    [`${container}.ports`, [{ name: "http", containerPort: 9090, hostPort: 9090 }], /no port of the host/],
    [
      `${container}.readinessProbe`,
      { httpGet: { path: "/", port: 80, host: "10.0.0.1" } },
      /probes must not name a host/,
    ],
  ];

  for (const [path, value, violation] of cases) {
    it(`refuses ${path.replace("spec.template.spec.", "")} = ${JSON.stringify(value)}`, () => {
      const violations = restrictedViolations(podWith(path, value));
      assert.ok(
        violations.some((one) => violation.test(one)),
        violations.join("; ") || "no violation",
      );
    });
  }

  it("is made before anything is applied, and names the controller", () => {
    const objects = releaseWith("Deployment helm-controller", `${container}.securityContext.privileged`, () => true);
    assert.throws(
      () => hardened({}, objects),
      /Deployment flux-system\/helm-controller.*pod-security: .*privileged must not be set/,
    );
  });

  it("finds nothing wrong with the release", () => {
    for (const object of fluxManifest().filter(({ kind }) => kind === "Deployment")) {
      assert.deepEqual(restrictedViolations(deployments.parse(object).spec.template.spec), []);
    }
  });

  it("is enforced on the cluster as well, and reported", () => {
    const labels = find(hardened(), "Namespace flux-system").metadata.labels;
    for (const mode of ["enforce", "audit", "warn"]) {
      assert.equal(labels?.[`pod-security.kubernetes.io/${mode}`], "restricted");
      assert.equal(labels?.[`pod-security.kubernetes.io/${mode}-version`], "latest");
    }
  });

  it("leaves the namespace's default account, which no controller uses, without a token", () => {
    assert.equal(find(hardened(), "ServiceAccount default").automountServiceAccountToken, false);
  });
});
