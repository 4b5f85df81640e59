import assert from "node:assert/strict";
import type { V1EnvVar } from "@kubernetes/client-node";
import { containerPorts, invocation, type Surroundings } from "../../../flux-runner/invocation.js";
import { container, node, pod } from "../../support/pods.js";

const around: Surroundings = {
  dir: "pods/x",
  kubeconfig: "pods/x/kubeconfig",
  ports: new Map([
    [8080, 40001],
    [9440, 40002],
    [9090, 40003],
    [9292, 40004],
  ]),
  services: new Map([
    ["source-controller", "127.0.0.1:30001"],
    ["source-controller-batch", "127.0.0.1:30004"],
    ["source-watcher", "127.0.0.1:30002"],
    ["notification-controller", "127.0.0.1:30003"],
  ]),
  node,
};

const run = (name: string, args: string[], env = container().env) => {
  const one = container({ args, ...(env === undefined ? {} : { env }) });
  return invocation(name, pod(one), one, around);
};

describe("the invocation of a controller", () => {
  it("shows the way to registries to the controller that fetches charts, and to no other", () => {
    const egress = { proxy: "http://127.0.0.1:30009", certificates: "registries.crt" };
    const env = (name: string, own: V1EnvVar[] = []) => {
      const one = container({ args: [], env: own });
      const { HTTPS_PROXY, SSL_CERT_FILE } = invocation(name, pod(one), one, { ...around, egress }).env;
      return [HTTPS_PROXY, SSL_CERT_FILE];
    };
    assert.deepEqual(env("helm-controller"), [undefined, undefined]);
    assert.deepEqual(env("source-controller"), ["http://127.0.0.1:30009", "registries.crt"]);
    // As on a cluster whose stack sets a proxy.
    const own = [{ name: "HTTPS_PROXY", value: "http://proxy.example" }];
    assert.equal(env("source-controller", own)[0], "http://proxy.example");
    assert.equal(run("source-controller", []).env.HTTPS_PROXY, undefined);
  });

  it("leaves Go's garbage collector to the pod, and to GOGC of the sandbox where the pod says nothing", () => {
    const gogc = (own: V1EnvVar[], gogc?: string) => {
      const one = container({ args: [], env: own });
      return invocation("kustomize-controller", pod(one), one, { ...around, gogc }).env.GOGC;
    };
    assert.equal(gogc([{ name: "GOGC", value: "50" }], "400"), "50");
    assert.equal(gogc([], "400"), "400");
    assert.equal(gogc([]), undefined);
  });

  it("passes every other flag on as it is, known or not: an unknown one must fail as it would on a cluster", () => {
    const given = [
      "--no-cross-namespace-refs=true",
      "--default-service-account=nobody",
      "--no-such-flag",
      "positional",
    ];
    const { args } = run("kustomize-controller", given);
    assert.deepEqual(args.slice(0, given.length), given);
  });

  it("does not run two controllers on one address", () => {
    const { args } = run("kustomize-controller", ["--metrics-addr=:8080"]);
    assert.ok(args.includes("--metrics-addr=127.0.0.1:40001"));
    assert.ok(args.includes("--health-addr=127.0.0.1:40002"));
    assert.equal(args.includes("--metrics-addr=:8080"), false);
  });

  it("leaves a server off that its flag switches off", () => {
    const one = container({ args: ["--metrics-addr=0"] });
    assert.deepEqual(containerPorts("kustomize-controller", pod(one), one, node), [9440]);
    assert.ok(invocation("kustomize-controller", pod(one), one, around).args.includes("--metrics-addr=0"));
  });

  it("follows a port that its flag moves", () => {
    const one = container({ args: ["--health-addr=:9999"] });
    assert.deepEqual(containerPorts("kustomize-controller", pod(one), one, node), [8080, 9999]);
  });

  it("takes part in no leader election, in whichever form it is asked to", () => {
    for (const flag of ["--enable-leader-election", "--enable-leader-election=true"]) {
      const { args } = run("helm-controller", [flag, "--log-level=info"]);
      assert.deepEqual(
        args.filter((arg) => arg.includes("leader")),
        [],
      );
      assert.ok(args.includes("--log-level=info"));
    }
  });

  it("takes part in an election whose namespace a flag names, by the kubeconfig that a flag names", () => {
    const given = ["--enable-leader-election=true", "--leader-election-namespace=flagger", "--port=8080"];
    const { args } = run("flagger", given);
    assert.deepEqual(args, [...given.slice(0, 2), "--kubeconfig=pods/x/kubeconfig", "--port=40001"]);
    const lease = ["--leader-election-namespace=$(RUNTIME_NAMESPACE)"];
    assert.ok(run("cert-manager-controller", lease).args.includes("--leader-election-namespace=flux-system"));
  });

  it("gives a flag that takes a port alone no address", () => {
    const one = container({ args: ["--secure-port=9292", "--metrics-listen-address=0"] });
    assert.deepEqual(containerPorts("cert-manager-webhook", pod(one), one, node), [9292, 6080]);
    const { args } = run("cert-manager-webhook", ["--secure-port=9292", "--metrics-listen-address=0"]);
    assert.deepEqual(args, ["--metrics-listen-address=0", "--secure-port=40004"]);
  });

  it("sends events to the Service's loopback address, and nowhere when they are not to be sent", () => {
    const sent = run("kustomize-controller", [
      "--events-addr=http://notification-controller.$(RUNTIME_NAMESPACE).svc.cluster.local./",
    ]);
    assert.ok(sent.args.includes("--events-addr=http://127.0.0.1:30003/"));
    assert.deepEqual(
      run("kustomize-controller", []).args.filter((arg) => arg.includes("events")),
      [],
    );
  });

  it("does not take the address where notification-controller listens for one to send to", () => {
    const { args } = run("notification-controller", []);
    assert.ok(args.includes("--events-addr=127.0.0.1:40003"));
    assert.ok(args.includes("--receiverAddr=127.0.0.1:40004"));
  });

  it("keeps artifacts in the pod's own directory, named or by default, and advertises the cluster's address", () => {
    for (const given of [["--storage-path=/data"], []]) {
      const { args, directories } = run("source-controller", [
        ...given,
        "--storage-adv-addr=source-controller.$(RUNTIME_NAMESPACE).svc.",
      ]);
      assert.ok(args.includes("--storage-path=pods/x/volumes/data"), given.join());
      assert.ok(args.includes("--storage-adv-addr=source-controller.flux-system.svc."));
      assert.ok(args.includes("--storage-addr=127.0.0.1:40003"));
      assert.ok(directories.includes("pods/x/volumes/data"));
    }
  });

  it("moves paths in volumes only: a path that merely begins alike stays", () => {
    const { env } = run(
      "source-controller",
      [],
      [
        { name: "TUF_ROOT", value: "/tmp/.sigstore" },
        { name: "OTHER", value: "/tmpfoo" },
      ],
    );
    assert.equal(env.TUF_ROOT, "pods/x/volumes/temp/.sigstore");
    assert.equal(env.OTHER, "/tmpfoo");
  });

  it("tells consumers where artifacts are, and who they are", () => {
    const { env } = run("kustomize-controller", []);
    assert.equal(env.SOURCE_CONTROLLER_LOCALHOST, "127.0.0.1:30001");
    assert.equal(env.SOURCE_WATCHER_LOCALHOST, "127.0.0.1:30002");
    assert.equal(env.KUBECONFIG, "pods/x/kubeconfig");
    assert.equal(env.RUNTIME_NAMESPACE, "flux-system");
  });

  it("tells those of a shard where the shard's artifacts are", () => {
    const artifacts = (selector: string) =>
      run("kustomize-controller", [`--watch-label-selector=${selector}`]).env.SOURCE_CONTROLLER_LOCALHOST;
    assert.equal(artifacts("sharding.fluxcd.io/key=unknown"), undefined);
    assert.equal(artifacts("!sharding.fluxcd.io/key"), "127.0.0.1:30001");
    assert.equal(artifacts("sharding.fluxcd.io/key=batch"), "127.0.0.1:30004");
  });

  it("gives no identity to a pod that wants none", () => {
    const one = container();
    const { env } = invocation("kustomize-controller", pod(one), one, { ...around, kubeconfig: undefined });
    assert.equal(Object.hasOwn(env, "KUBECONFIG"), false);
  });

  it("inherits nothing from the shell that started the sandbox", () => {
    const allowed = [
      "HOME",
      "KUBECONFIG",
      "PATH",
      "RUNTIME_NAMESPACE",
      "SOURCE_CONTROLLER_LOCALHOST",
      "SOURCE_WATCHER_LOCALHOST",
      "TMPDIR",
    ];
    assert.deepEqual(Object.keys(run("kustomize-controller", []).env).sort(), allowed);
  });

  it("refuses a volume that it cannot provide, by its name", () => {
    const one = container({ volumeMounts: [{ name: "certs", mountPath: "/etc/ssl" }] });
    const with_ = pod(one, { volumes: [{ name: "certs", secret: { secretName: "x" } }] });
    assert.throws(() => invocation("kustomize-controller", with_, one, around), /emptyDir volumes only; volume certs/);
  });
});
