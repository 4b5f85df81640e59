import assert from "node:assert/strict";
import {
  addressOf,
  type ContainerView,
  crashLoop,
  type Ended,
  lastLogLines,
  podStatus,
} from "../../../flux-runner/pod-status.js";
import { container, pod } from "../../support/pods.js";

const now = "2026-01-01T00:00:00Z";
const ended: Ended = { exitCode: 2, signal: 0, startedAt: now, finishedAt: now, message: "unknown flag: --x" };
const ready: ContainerView = { state: { kind: "running", startedAt: now, ready: true }, restarts: 0, last: undefined };
const starting: ContainerView = { ...ready, state: { kind: "running", startedAt: now, ready: false } };
const crashed: ContainerView = { state: crashLoop("manager", 4000, ended), restarts: 3, last: ended };

const condition = (status: ReturnType<typeof podStatus>, type: string) =>
  status.conditions.find((one) => one.type === type);

describe("the status of a pod", () => {
  it("is not ready while the process runs but does not answer yet", () => {
    const status = podStatus(pod(), starting, "127.0.0.1", now);
    assert.equal(status.phase, "Running");
    assert.equal(condition(status, "Ready")?.status, "False");
    assert.equal(condition(status, "Ready")?.message, "containers with unready status: [manager]");
    assert.equal(status.containerStatuses[0]?.ready, false);
  });

  it("names the reason, the exit code and the last words of a process that ended", () => {
    const [status] = podStatus(pod(), crashed, "127.0.0.1", now).containerStatuses;
    assert.deepEqual(status?.state, {
      waiting: {
        reason: "CrashLoopBackOff",
        message: "back-off 4s restarting failed container manager, exit code 2:\nunknown flag: --x",
      },
    });
    assert.equal(status?.lastState.terminated?.exitCode, 2);
    assert.equal(status?.restartCount, 3);
  });

  it("puts the blame on the container at fault, and none on the others", () => {
    const other = { name: "side", image: "side:v1" };
    const state = { kind: "waiting", reason: "ImagePullBackOff", message: "no side", container: "side" } as const;
    const view: ContainerView = { state, restarts: 0, last: undefined };
    const { containerStatuses, phase } = podStatus(
      pod(container(), { containers: [container(), other] }),
      view,
      "127.0.0.1",
      now,
    );
    assert.equal(phase, "Pending");
    assert.deepEqual(
      containerStatuses.map((status) => status.state),
      [{ waiting: { reason: "PodInitializing" } }, { waiting: { reason: "ImagePullBackOff", message: "no side" } }],
    );
  });

  it("is not initialized when an init container is at fault", () => {
    const init = { name: "init", image: "init:v1" };
    const state = { kind: "waiting", reason: "ImagePullBackOff", message: "", container: "init" } as const;
    const status = podStatus(
      pod(container(), { initContainers: [init] }),
      { state, restarts: 0, last: undefined },
      "127.0.0.1",
      now,
    );
    assert.equal(condition(status, "Initialized")?.status, "False");
    assert.equal(status.initContainerStatuses?.[0]?.name, "init");
  });

  it("keeps conditions of others, and the time of those that did not change", () => {
    const before = pod();
    before.status = {
      conditions: [
        { type: "PodScheduled", status: "True", lastTransitionTime: new Date("2025-01-01T00:00:00Z") },
        { type: "Ready", status: "True", lastTransitionTime: new Date("2025-06-01T00:00:00Z") },
        { type: "ContainersReady", status: "False", lastTransitionTime: new Date("2025-06-01T00:00:00Z") },
      ],
    };
    const status = podStatus(before, ready, "127.0.0.1", now);
    assert.equal(status.conditions.filter(({ type }) => type === "PodScheduled").length, 1);
    assert.deepEqual(condition(status, "Ready")?.lastTransitionTime, new Date("2025-06-01T00:00:00Z"));
    assert.equal(condition(status, "ContainersReady")?.lastTransitionTime, now);
  });

  it("gives a pod one address for life, and never a loopback one, which endpoints refuse", () => {
    for (let index = 0; index < 200; index += 1) {
      const address = addressOf(`uid-${index}`);
      assert.match(address, /^10\.245\.\d{1,3}\.([1-9]\d{0,2})$/);
      assert.equal(addressOf(`uid-${index}`), address);
    }
  });
});

describe("the last words of a process", () => {
  it("are not drowned in the list of all flags that follows a wrong one", () => {
    const log = [
      "unknown flag: --x",
      "Usage of kustomize-controller:",
      "      --a string   An a.",
      "  -h, --help   Help.",
      "unknown flag: --x",
    ];
    assert.equal(lastLogLines(log.join("\n")), "unknown flag: --x");
  });

  it("are short enough for a status", () => {
    assert.ok(lastLogLines("x".repeat(5000)).length <= 2048);
  });
});
