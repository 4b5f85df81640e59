import assert from "node:assert/strict";
import { webAddress } from "../../../../config/rules/web-address.js";
import { assertProblems, load, problemLines } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const hook = "https://hooks.example.com/T1/B2/hunter2";

/** A tenant with these notifications, and a stack with these secrets of its. */
function told(notifications: string, secrets: unknown = { alerts: hook }) {
  return {
    files: { [base]: `name: team-a\nnotifications:\n${notifications.replace(/^/gm, "  ")}\n` },
    config: { secrets: JSON.stringify({ "team-a": secrets }) },
  };
}

/** The same, with an overlay. */
function laidOver(changes: ReturnType<typeof told>, text: string) {
  return { ...changes, files: { ...changes.files, [overlay]: `${text}\n` } };
}

describe("notifications are refused, naming file, line and field, for", () => {
  const cases: readonly (readonly [what: string, said: string, problem: RegExp])[] = [
    [
      "a type that does not exist",
      "alerts: {type: slak, secret: alerts}",
      /team-a\.yaml:3: notifications\.alerts\.type: must be one of slack, .* but is "slak"\. Did you mean slack\?/,
    ],
    ["no type", "alerts: {secret: alerts}", /team-a\.yaml:3: notifications\.alerts\.type: is missing\. Add it/],
    [
      "a field that does not exist",
      "alerts: {type: slack, secret: alerts, severity: info}",
      /notifications\.alerts\.severity: there is no such field/,
    ],
    [
      "an address by http",
      "alerts: {type: generic, secret: alerts, address: 'http://hooks.example.com/'}",
      /notifications\.alerts\.address: ".*" is an http URL, which would show what is sent .* Use https/,
    ],
    [
      "an address with credentials",
      "alerts: {type: generic, secret: alerts, address: 'https://me:pass@hooks.example.com/'}",
      /notifications\.alerts\.address: ".*" contains credentials/,
    ],
    [
      "a signed webhook without address",
      "alerts: {type: generic-hmac, secret: alerts}",
      /notifications\.alerts\.address: is missing: the secret is what requests are signed with/,
    ],
    [
      "Teams with an address that everybody can read",
      "alerts: {type: msteams, secret: alerts, address: 'https://teams.example.com/hook'}",
      /notifications\.alerts\.address: is not for msteams, whose whole address is a secret/,
    ],
    [
      "a Slack bot that is not told where to write",
      "alerts: {type: slack, secret: alerts, address: 'https://slack.com/api/chat.postMessage'}",
      /notifications\.alerts\.channel: is missing: a bot must be told where to write/,
    ],
    [
      "a channel for a Slack webhook",
      "alerts: {type: slack, secret: alerts, channel: payments}",
      /notifications\.alerts\.channel: is for slack with an address and a bot's token/,
    ],
    [
      "an address of a commit's status that is no repository",
      "alerts: {type: github, secret: alerts, address: 'https://github.com/acme'}",
      /notifications\.alerts\.address: is not the page of a repository/,
    ],
    [
      "a sync that is not the tenant's, by its place in the list",
      "alerts:\n  type: slack\n  secret: alerts\n  syncs:\n    - team-a\n    - team-b",
      /team-a\.yaml:8: notifications\.alerts\.syncs\[1\]: "team-b" is no sync of the tenant team-a\. Did you mean team-a\?/,
    ],
  ];
  for (const [what, said, problem] of cases) {
    it(what, () => assertProblems(told(said), problem));
  }

  it("a secret that the stack does not have, with the command that sets it", () => {
    assertProblems(
      told("alerts: {type: slack, secret: slack}", {}),
      /^stacks\/base\/tenants\/team-a\.yaml:3: notifications\.alerts\.secret: "slack" is no secret of the tenant team-a in fleet:secrets of Pulumi\.staging\.yaml\. Set it: pulumi config set --stack staging --path --secret fleet:secrets\.team-a\.slack\.$/,
    );
  });

  it("a missing secret in the overlay that names it", () => {
    assertProblems(
      laidOver(told("alerts: {type: slack, secret: alerts}"), "notifications: {alerts: {secret: other}}"),
      /^Pulumi\.staging\.yaml: fleet:secrets\.team-a\.alerts: team-a refers to it nowhere/,
      /^stacks\/staging\/tenants\/team-a\.yaml:1: notifications\.alerts\.secret: "other" is no secret/,
    );
  });

  it("a secret of another tenant", () => {
    assertProblems(
      {
        files: told("alerts: {type: slack, secret: alerts}").files,
        config: { secrets: JSON.stringify({ "team-b": { alerts: hook } }) },
      },
      /fleet:secrets\.team-b\.alerts: there is no tenant team-b on this stack/,
      /"alerts" is no secret of the tenant team-a/,
    );
  });

  it("a secret that no notification uses, with the command that removes it", () => {
    assertProblems(
      { config: { secrets: JSON.stringify({ "team-a": { old: hook } }) } },
      /^Pulumi\.staging\.yaml: fleet:secrets\.team-a\.old: team-a refers to it nowhere\. Use it .* pulumi config rm --stack staging --path fleet:secrets\.team-a\.old\.$/,
    );
  });

  it("a secret that is not the address that it must be", () => {
    for (const type of ["slack", "msteams", "generic"]) {
      assertProblems(
        told(`alerts: {type: ${type}, secret: alerts}`, { alerts: "xoxb-hunter2" }),
        /notifications\.alerts\.secret: "alerts" must hold the address that it is sent to/,
      );
    }
  });

  it("an overlay's notification of which the base file knows nothing, and that is not complete", () => {
    assertProblems(
      { files: { [overlay]: "notifications: {alerts: {type: slack}}\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: notifications\.alerts\.secret: is missing/,
    );
  });
});

describe("fleet:secrets", () => {
  const problems = (secrets: unknown, environment = {}) =>
    problemLines({
      config: { secrets: typeof secrets === "string" ? secrets : JSON.stringify(secrets) },
      environment,
    }).join("\n");

  it("never shows a value, whatever is wrong with it or around it", () => {
    for (const secrets of [
      '{"team-a": {"slack": "hunter2"',
      "hunter2",
      { "team-a": "hunter2" },
      { "team-a": { slack: 1234567 } },
      { "team-a": 1234567 },
      { "team-a": { slack: { deeper: "hunter2" } } },
      { "team-a": { slack: ["hunter2"] } },
      { "team-a": { slack: "hunter2\n" } },
      { "team-a": { slack: true } },
      { "team-a": { slack: "hunter2" } },
    ]) {
      const text = problems(secrets);
      assert.match(text, /fleet:secrets/, JSON.stringify(secrets));
      assert.doesNotMatch(text, /hunter2|1234567/, JSON.stringify(secrets));
    }
  });

  it("refuses an empty value, and one with the line break of a file", () => {
    assert.match(problems({ "team-a": { slack: "" } }), /fleet:secrets\.team-a\.slack: is empty/);
    assert.match(problems({ "team-a": { slack: "x\n" } }), /slack: begins or ends with white space/);
  });

  it("refuses names that no tenant file could have", () => {
    assert.match(problems({ Team_A: { slack: hook } }), /fleet:secrets\.Team_A: the key is not a DNS label/);
  });

  it("refuses values that were set without --secret, as far as the engine tells", () => {
    const used = told("alerts: {type: slack, secret: alerts}");
    const encrypted = (keys: readonly string[]) => ({ PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(keys) });
    assertProblems({ ...used, environment: encrypted([]) }, /fleet:secrets: is not encrypted\. .*--path --secret/);
    assert.deepEqual(problemLines({ ...used, environment: encrypted(["fleet:secrets"]) }), []);
    assert.deepEqual(problemLines({ config: { secrets: "{}" }, environment: encrypted([]) }), []);
  });

  it("leaves no value in the loaded settings", () => {
    const spec = load(told("alerts: {type: slack, secret: alerts}"));
    assert.doesNotMatch(JSON.stringify(spec), /hunter2/);
    assert.equal(spec.tenants[0]?.notifications.alerts?.secret, "alerts");
  });
});

describe("notifications", () => {
  it("tell what fails, and of a commit everything, unless the file says otherwise", () => {
    const [tenant] = load(
      told(
        "alerts: {type: slack, secret: alerts}\nstatus: {type: github, secret: alerts}\nall: {type: slack, secret: alerts, events: info}",
      ),
    ).tenants;
    assert.deepEqual(
      Object.entries(tenant?.notifications ?? {}).map(([name, { events }]) => [name, events]),
      [
        ["alerts", "error"],
        ["status", "info"],
        ["all", "info"],
      ],
    );
  });

  it("are changed and taken away by an overlay", () => {
    const both = told("alerts: {type: slack, secret: alerts}\nother: {type: slack, secret: alerts}");
    const [tenant] = load(laidOver(both, "notifications: {other: null, alerts: {events: info}}")).tenants;
    assert.deepEqual(tenant?.notifications, { alerts: { type: "slack", secret: "alerts", events: "info", syncs: [] } });
  });
});

describe("a commit status", () => {
  const github = (secret: string) => ({ type: "github", secret, events: "info", syncs: [] });
  const notificationsOf = (changes: Parameters<typeof load>[0]) => load(changes).tenants[0]?.notifications;
  const silent = (secrets: unknown) => ({
    files: { [base]: "name: team-a\n" },
    config: { secrets: JSON.stringify({ "team-a": secrets }) },
  });

  it("needs nothing but a secret of that name, whatever else the tenant is told", () => {
    assert.deepEqual(notificationsOf(silent({ "commit-status": "token" })), {
      "commit-status": github("commit-status"),
    });
    const both = told("alerts: {type: slack, secret: alerts}", { alerts: hook, "commit-status": "token" });
    assert.deepEqual(Object.keys(notificationsOf(both) ?? {}), ["alerts", "commit-status"]);
  });

  it("is none without that secret, and none of another tenant's", () => {
    assert.deepEqual(notificationsOf(silent({})), {});
    const others = { ...silent({}), config: { secrets: JSON.stringify({ "team-b": { "commit-status": "token" } }) } };
    assertProblems(others, /fleet:secrets\.team-b\.commit-status: there is no tenant team-b on this stack/);
  });

  it("is that of the file where it declares one: a second secret is unused", () => {
    const declared = told("status: {type: github, secret: commit-status, syncs: [team-a]}", {
      "commit-status": "token",
    });
    assert.deepEqual(notificationsOf(declared), { status: { ...github("commit-status"), syncs: ["team-a"] } });
    assertProblems(
      told("status: {type: github, secret: alerts}", { alerts: "token", "commit-status": "token" }),
      /fleet:secrets\.team-a\.commit-status: team-a refers to it nowhere/,
    );
    assertProblems(
      told("commit-status: {type: slack, secret: alerts}", { alerts: hook, "commit-status": "token" }),
      /fleet:secrets\.team-a\.commit-status: team-a refers to it nowhere/,
    );
  });
});

describe("an address on the web", () => {
  for (const bad of [
    "",
    "hooks.example.com",
    "ftp://hooks.example.com/",
    "http://hooks.example.com/",
    "https://a b/",
    "https://a\n/",
    "http://127.0.0.1.example.com/",
    "http://0.0.0.0/",
    "https://user@hooks.example.com/",
    "https://xn--charts.example.com/",
    "https://hooks.xn--a-ecp.example/",
    "https://xn--hooks-.example.com/",
    "https://xn--xn---epa.example.com/",
  ]) {
    it(`is not ${JSON.stringify(bad)}`, () => assert.ok(webAddress.check(bad)));
  }
  for (const good of [
    "https://hooks.example.com/a?b=c",
    "http://127.0.0.1:8080/",
    "http://localhost/",
    "http://[::1]:1/",
    "https://xn--mnchen-3ya.example.com/",
    "https://münchen.example.com/",
  ]) {
    it(`is ${good}`, () => assert.equal(webAddress.check(good), undefined));
  }
});
