import assert from "node:assert/strict";
import { EngineProgress, parsePlanned, parseStep, summary } from "../../../cli/start/engine-output.js";
import { failure, firstUpdateVariables, StackLockedError } from "../../../cli/start/pulumi-up.js";
import { processesNote, renderFleet, renderStatus, shortRepository, shortRevision } from "../../../cli/start/tables.js";
import { failureMessage } from "../../../cli/start/tenant-syncs.js";
import { notReadyReason } from "../../../operate/flux-object.js";

describe("parseStep", () => {
  for (const line of ["", "Updating (staging):", "@ updating....", "    + 106 created", "  error: x created"]) {
    it(`takes no other line for a resource: ${JSON.stringify(line)}`, () => {
      assert.equal(parseStep(line), undefined);
    });
  }

  it("counts a resource when it is finished, not when it begins", () => {
    const line = " +  kubernetes:core/v1:Namespace team-payments-namespace creat";
    assert.deepEqual(parseStep(`${line}ing (0s)`)?.finished, false);
    assert.deepEqual(parseStep(`${line}ed (0.37s) `), {
      type: "kubernetes:core/v1:Namespace",
      name: "team-payments-namespace",
      state: "created",
      finished: true,
    });
  });

  it("knows replacements and deletions", () => {
    assert.equal(parseStep(" +- tls:index/privateKey:PrivateKey key replaced (1s)")?.state, "replaced");
    assert.equal(parseStep(" -  tls:index/privateKey:PrivateKey key deleted (1s)")?.state, "deleted");
    assert.equal(parseStep(" ~  kubernetes:core/v1:Secret git updating (0s)")?.finished, false);
  });
});

describe("parsePlanned", () => {
  for (const [line, count] of [
    ["    + 159 to create", 159],
    ["    ~ 3 to update", 3],
    ["    - 12 to delete", 12],
    ["    +-1 to replace", 1],
    ["    159 unchanged", undefined],
    ["    4 changes. 155 unchanged", undefined],
    ["    + 159 created", undefined],
    [" +  kubernetes:core/v1:Namespace 7 to create", undefined],
  ] as const) {
    it(`takes ${count ?? "nothing"} from ${JSON.stringify(line)}`, () => assert.equal(parsePlanned(line), count));
  }
});

describe("EngineProgress", () => {
  const told = (...lines: string[]) => {
    const progress = new EngineProgress();
    const steps = lines.map((line) => progress.take(line));
    const last = steps.at(-1);
    assert.ok(last);
    return progress.line(last, 21.4);
  };

  it("says how many there are in all, which the preview announced", () => {
    const preview = ["Resources:", "    + 157 to create", "    ~ 1 to update", "    +-1 to replace", "    5 unchanged"];
    assert.equal(
      told(
        ...preview,
        " +  kubernetes:core/v1:Namespace a created (1s)",
        " +  kubernetes:core/v1:Secret b creating (0s)",
      ),
      "1 of 159, 21 s: Secret b creating",
    );
  });

  it("counts a replacement once, for all its steps", () => {
    const key = "tls:index/privateKey:PrivateKey key";
    const steps = [
      ` ++ ${key} created replacement (1s)`,
      ` +- ${key} replaced (1s)`,
      ` -- ${key} deleted original (0s)`,
    ];
    assert.match(told("    +-1 to replace", ...steps), /^1 of 1, /);
  });

  it("counts a component when it begins, for the engine does not say when it ends", () => {
    const component = " +  fleet:tenant:Tenant team-a creating (0s)";
    assert.match(told("    + 2 to create", component, component), /^1 of 2, /);
  });

  it("is complete when everything is done that was announced, and not before", () => {
    const progress = new EngineProgress();
    const complete = (line: string) => {
      progress.take(line);
      return progress.complete;
    };
    assert.ok(!complete("Updating (staging):"));
    assert.ok(!complete("    + 1 to create"));
    assert.ok(!complete(" +  kubernetes:core/v1:Secret git creating (0s)"));
    assert.ok(complete(" +  kubernetes:core/v1:Secret git created (0s)"));
  });

  it("claims no total that was not announced", () => {
    assert.equal(told(" ~  kubernetes:core/v1:Secret git updated (0s)"), "1 done, 21 s: Secret git updated");
  });
});

describe("the progress of the engine's preview", () => {
  const previewAfter = (...lines: string[]) => {
    const progress = new EngineProgress();
    for (const line of lines) progress.take(line);
    return progress.previewLine(12.4);
  };

  it("shows the time before the engine has printed anything, and while nothing changes", () => {
    assert.equal(previewAfter(), "preview, 12 s: no change so far");
    assert.equal(previewAfter("Previewing update (staging):", ""), "preview, 12 s: no change so far");
  });

  it("counts the changes that the engine finds, and no other line", () => {
    const found = [
      " +  pulumi:pulumi:Stack fleet-staging create ",
      " +  kubernetes:core/v1:Namespace team-a-namespace create ",
      " ~  kubernetes:core/v1:Secret git update [diff: ~data]",
      "    pulumi:pulumi:Stack fleet-staging  2 messages",
      "Diagnostics:",
    ];
    assert.equal(previewAfter("Previewing update (staging):", ...found), "preview, 12 s: 3 changes so far");
  });

  it("ends when the update begins", () => {
    assert.equal(
      previewAfter("Previewing update (staging):", "Resources:", "    + 2 to create", "Updating (staging):"),
      undefined,
    );
  });
});

describe("the failure of an engine", () => {
  const ended = { reason: "exit code 255", isFirst: false, isKilled: false };
  const locked = [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
    "  file:///b/.pulumi/locks/organization/fleet/staging/3cea.json: created by ann@laptop (pid 9781) at 2026-11-26T08:47:22Z",
  ];

  it("names the other engine that works on the stack, and gives no advice that would harm it", () => {
    const error = failure("staging", { ...ended, log: ["Previewing update (staging):", ...locked] });
    assert.ok(error instanceof StackLockedError);
    assert.match(error.message, /^Another `pulumi` works on the stack staging/);
    assert.match(error.message, /\n {2}\| ann@laptop \(pid 9781\) since 2026-11-26T08:47:22Z\n/);
    assert.match(error.message, /wait until it has ended/);
    assert.doesNotMatch(error.message, /cancel|delete|stop/);
  });

  it("shows the end of the log in any other case", () => {
    const error = failure("staging", { ...ended, log: ["error: it is on fire"] });
    assert.ok(!(error instanceof StackLockedError));
    assert.match(error.message, /failed for the stack staging \(exit code 255\).*\n {2}\| error: it is on fire\n/);
    assert.doesNotMatch(error.message, /purge/);
  });

  it("says how to begin anew after a first update, which may have been killed without a state", () => {
    const log = ["error: repository.name: the repository acme/platform exists and is not in the stack's state"];
    const { message } = failure("staging", { ...ended, log, isFirst: true });
    assert.match(
      message,
      /run the same command again.*\nIf an earlier first update was killed: .*npx fleet sandbox down --purge/,
    );
  });

  it("does not say that a killed first update continues, and that a later one has lost its state", () => {
    const killed = { ...ended, reason: "SIGKILL", isKilled: true, log: [" +  random created"] };
    const { message } = failure("staging", { ...killed, isFirst: true });
    assert.match(
      message,
      /\(SIGKILL\).*\n.*\nA first update that was killed .*\nWhat to do: run `npx fleet sandbox down --purge`/,
    );
    assert.doesNotMatch(message, /continues where it stopped/);
    const later = failure("staging", killed).message;
    assert.match(later, /continues where it stopped/);
    assert.doesNotMatch(later, /purge/);
  });
});

describe("the first update of a stack", () => {
  it("writes no checkpoints, unless the environment says otherwise", () => {
    assert.deepEqual(firstUpdateVariables({}), { PULUMI_SKIP_CHECKPOINTS: "true" });
    assert.deepEqual(firstUpdateVariables({ PULUMI_SKIP_CHECKPOINTS: "false" }), { PULUMI_SKIP_CHECKPOINTS: "false" });
  });
});

describe("the note about processes after a failure", () => {
  const part = (action: "started" | "restarted" | "running") => ({ name: "github", action });

  it("advises to stop only what the command itself started", () => {
    assert.match(processesNote([part("running"), part("started")]), /npm run stop/);
    assert.match(processesNote([part("restarted")]), /npm run stop/);
    const foreign = processesNote([part("running"), part("running")]);
    assert.doesNotMatch(foreign, /npm run stop/);
    assert.match(foreign, /npx fleet sandbox status/);
    assert.equal(processesNote(), "");
  });
});

describe("summary", () => {
  it("says nothing false when the engine counted nothing", () => {
    assert.equal(summary(["Outputs:", "    a: 1"]), "done");
  });

  it("repeats the engine's own count", () => {
    assert.equal(
      summary(["Resources:", "    + 3 created", "    103 unchanged", "Duration: 5s"]),
      "+ 3 created, 103 unchanged",
    );
  });
});

describe("complaintOf", () => {
  const ready = (status: string, more: object = {}) => ({
    metadata: { name: "a", generation: 2 },
    status: { conditions: [{ type: "Ready", status, message: "its own words", observedGeneration: 2, ...more }] },
  });

  it("does not take a missing or silent object for a Ready one", () => {
    assert.match(notReadyReason(undefined) ?? "", /does not exist/);
    assert.match(notReadyReason({ metadata: { name: "a" }, status: { conditions: [] } }) ?? "", /no Ready condition/);
  });

  it("does not take an answer about an older definition for the present one", () => {
    assert.match(notReadyReason(ready("True", { observedGeneration: 1 })) ?? "", /latest generation/);
  });

  it("shows words of a tenant on one line, and no character that a terminal or a runner obeys", () => {
    const message = "kustomize build failed:\n::error file=x::all is lost\r\n\u001b]0;owned\u0007\u202e";
    assert.equal(
      notReadyReason(ready("False", { message })),
      "kustomize build failed: ::error file=x::all is lost \\u{1b}]0;owned\\u{7}\\u{202e}",
    );
  });

  it("repeats the object's own words, and is silent about a Ready one", () => {
    assert.equal(notReadyReason(ready("False")), "its own words");
    assert.equal(notReadyReason(ready("True")), undefined);
  });
});

describe("failureMessage", () => {
  it("names every object that is not Ready", () => {
    const tenant = { name: "a", namespace: "a", repository: "r", ready: false };
    const syncs = [
      { ...tenant, notReady: ["GitRepository a/a: no key"] },
      { ...tenant, notReady: ["Kustomization b/b: denied"] },
    ];
    const message = failureMessage(syncs, 1000, new Error("late"));
    assert.match(message, /GitRepository a\/a: no key/);
    assert.match(message, /Kustomization b\/b: denied/);
  });

  it("says what it knows when it could not even look", () => {
    assert.match(failureMessage([], 1000, new Error("connection refused")), /connection refused/);
  });
});

describe("tables", () => {
  it("show a tenant's place and the commands for the very repository that exists", () => {
    const sync = {
      name: "team-a",
      namespace: "a",
      repository: "ssh://git@127.0.0.1:22/acme/team-a.git",
      notReady: [],
    };
    const text = renderFleet({
      stack: "staging",
      owner: "acme",
      took: "1 s",
      syncs: [{ ...sync, ready: true, revision: `main@sha1:${"4cca3320".repeat(5)}` }],
    });
    assert.match(text, /team-a .*acme\/team-a .* a .*main@sha1:4cca3320 .*True/);
    assert.match(text, /git clone "\$\{GITHUB_BASE_URL\}acme\/team-a\.git"/);
  });

  it("say how to start when nothing runs", () => {
    assert.match(renderStatus({ stateDirectory: "/s", parts: [], memory: 0 }), /npx fleet sandbox up$/m);
  });

  it("show a dead part as dead", () => {
    const parts = [{ name: "github", state: "dead", addresses: {}, processes: [] }] as const;
    assert.match(renderStatus({ stateDirectory: "/s", parts, memory: 0 }), /github.*\n.*dead/);
  });

  it("shorten what can be recognised and nothing else", () => {
    assert.equal(shortRepository("https://github.com/acme/x.git"), "acme/x");
    assert.equal(shortRepository("git@github.com:acme/x.git"), "acme/x");
    assert.equal(shortRevision("main@sha1:0123456789abcdef"), "main@sha1:01234567");
    assert.equal(shortRevision("-"), "-");
  });
});
