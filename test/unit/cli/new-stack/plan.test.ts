import assert from "node:assert/strict";
import fc from "fast-check";
import { newOverlay } from "../../../../cli/new-stack/overlay.js";
import { newOwners } from "../../../../cli/new-stack/owners.js";
import { planNewStack } from "../../../../cli/new-stack/plan.js";
import { newPlatformFiles, renamedPath } from "../../../../cli/new-stack/platform-files.js";
import { newSettings } from "../../../../cli/new-stack/settings.js";
import { stackName } from "../../../../config/rules/names.js";
import { type Sections, tenantSpec } from "../../../support/unit/spec.js";

const renaming = { from: "staging", to: "prod-us" };

const settings = `# The settings of a cluster.

# Of the cloud.
secretsprovider: awskms://alias/staging
encryptedkey: aKey
environment: [aws/staging]

config:
  # Every resource names its provider.
  pulumi:disable-default-providers: ["*"]
  # The cluster's name.
  fleet:cluster: eu-1
  fleet:repositoryOwner: owner # creates the repositories
  # Nothing before it.
  fleet:promotesFrom: dev
  fleet:promotionOverride: {reason: Once, until: 2026-12-24T18:00}
  fleet:adopt:
    repositories: [team-a]
  fleet:soak: 1h
  fleet:webhookUrl: https://hooks.example.com
  fleet:variables:
    region: "eu" # far away
  fleet:gitTokens:
    platform: {read: {secure: p}}
    team-a: {read: {secure: a}, write: {secure: w}}
    team-b: {read: {secure: b}}
  fleet:pullSecrets:
    hub:
      registry: docker.io
      username: bot
      password: {secure: hub}
  secrets:
    team-b:
      chat:
        secure: chat
encryptionsalt: v1:salt
`;

describe("the settings of a new stack", () => {
  const found = newSettings({ stack: "staging", text: settings, target: "prod-us" }, ["team-a"]);

  it("have nothing that belongs to the source", () => {
    for (const text of [found.text, found.trial]) {
      assert.doesNotMatch(text, /aKey|salt|awskms|environment|eu-1|Once|adopt|dev\b|team-b|chat/);
    }
    assert.doesNotMatch(found.text, /secure|webhookUrl|gitTokens/);
    const own = ["encryptedkey", "encryptionsalt", "environment", "secretsprovider"];
    const left = ["fleet:cluster", "fleet:promotesFrom", "fleet:promotionOverride", "fleet:adopt"];
    assert.deepEqual(found.leftOut, [...own, ...left]);
  });

  it("name the values to set, of the tenants that the stack gets, and have them in the trial", () => {
    const git = ["gitTokens.platform.read", "gitTokens.team-a.read", "gitTokens.team-a.write"];
    assert.deepEqual(found.secretsToSet, [...git, "pullSecrets.hub.password"]);
    assert.deepEqual(found.settingsToSet, ["webhookUrl"]);
    assert.match(found.trial, /webhookUrl: https.*platform:.*read:.*secure: p.*team-a:.*secure: hub/s);
    assert.equal(found.secretsProvider, "awskms://alias/staging");
  });

  it("follow the source, and keep the comments and the order of the rest", () => {
    assert.equal(
      found.text,
      `# The settings of a cluster.

config:
  # Every resource names its provider.
  pulumi:disable-default-providers: ["*"]
  fleet:repositoryOwner: owner # creates the repositories
  # Nothing reaches this cluster that staging has not run: docs/promotion.md.
  fleet:promotesFrom: staging
  # One broken tenant holds back only itself.
  fleet:promotionNeeds: ready
  # With a branch, each push reaches this cluster at once. To pin what staging runs: npx fleet promote staging prod-us --platform.
  fleet:platformRevision:
    branch: main
  fleet:soak: 1h
  fleet:variables:
    region: "eu" # far away
  fleet:pullSecrets:
    hub:
      registry: docker.io
      username: bot
`,
    );
  });

  it("keep the needs and the revision of the platform that the source says, and name the default branch of its repository", () => {
    const textOf = (...lines: readonly string[]) => {
      const text = ["config:", "  repositoryOwner: dev", ...lines, ""].join("\n");
      return newSettings({ stack: "staging", text, target: "prod-us" }, []).text;
    };
    const commit = "abcdef0123".repeat(4);
    const needs = "  promotionNeeds: applied";
    const pinned = textOf("  promotesFrom: dev", needs, "  platformRevision:", `    commit: ${commit}`);
    assert.match(pinned, new RegExp(`promotesFrom: staging\n${needs}\n {2}platformRevision:\n {4}commit: .*${commit}`));
    assert.equal(pinned.split("promotionNeeds").length, 2);
    assert.match(textOf("  platformRepository: {defaultBranch: trunk}"), /platformRevision:\n {4}branch: trunk\n/);
  });

  it("know keys without the name of the project", () => {
    const text = "config:\n  cluster: eu-1\n  repositoryOwner: staging\n  secrets: {team-a: {x.y: {secure: s}}}\n";
    const plain = newSettings({ stack: "staging", text, target: "prod-us" }, ["team-a"]);
    assert.deepEqual(plain.secretsToSet, ['secrets.team-a["x.y"]']);
    assert.match(
      plain.text,
      /^config:\n {2}repositoryOwner: staging\n {2}# Nothing.*\n {2}promotesFrom: staging\n {2}# One broken.*\n {2}promotionNeeds: ready\n {2}# With a branch.*\n {2}platformRevision:\n {4}branch: main\n$/,
    );
  });
});

describe("the overlay of a tenant on a new stack", () => {
  const pinned: Sections = { sync: { ref: { tag: "v1.2.3" } } };
  const of = (text: string, sections: Sections = pinned) => newOverlay(text, renaming, tenantSpec("team-a", sections));

  it("is the source's to the byte where nothing in it belongs to the source", () => {
    const texts = [
      "",
      "{}\n",
      "# just as in base\n{ }",
      "limits:   {size: medium}\nhosts: []\nimageAutomation: null\n",
    ];
    for (const text of texts) assert.deepEqual(of(text), { text, leftOut: [] });
  });

  it("has no host, image automation, identity or suspension of the source", () => {
    const { text, leftOut } = of(`# yaml-language-server: $schema=../../tenant-overlay.schema.json
hosts: [shop.staging.example.com]
# Why medium.
limits: {size: medium}
serviceAccounts:
  app:
    annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/staging"}
sync:
  suspend: true
  suspendUntil: 2026-12-24
  freeze: {until: 2026-12-24, reason: Migration}
syncs:
  charts:
    suspend: true
imageAutomation:
  images: {a: {image: example.com/a, range: ~1.0}}
`);
    const accounts = "serviceAccounts.app.annotations";
    const ofSyncs = ["sync.suspend", "sync.suspendUntil", "sync.freeze", "syncs.charts.suspend"];
    assert.deepEqual(leftOut, ["hosts", "imageAutomation", accounts, ...ofSyncs]);
    const schema = "# yaml-language-server: $schema=../../tenant-overlay.schema.json\n";
    const kept = "# Why medium.\nlimits: {size: medium}\nserviceAccounts:\n  app: {}\nsyncs:\n  charts: {}\n";
    assert.equal(text, `${schema}${kept}`);
  });

  it("applies the folder of the new stack", () => {
    const path = (stack: string) => `sync:\n  path: ./apps/${stack}/web # own\nsyncs: {b: {path: ./staging-b}}\n`;
    assert.equal(of(path("staging")).text, path("prod-us"));
  });

  it("says which branch or range each sync follows, unless it is pinned or said already", () => {
    const command = "npx fleet promote staging prod-us --tenant team-a";
    const comment = `# With a branch or a range, each push reaches this stack at once. To pin what staging runs: ${command}`;
    const main = `sync:\n  ${comment}\n  ref:\n    branch: main\n`;
    for (const text of ["", "{}\n", "sync: {}\n"]) assert.equal(of(text, {}).text, main);
    assert.equal(of("# Why.\n{}\n", {}).text, `# Why.\n${main}`);
    assert.equal(of("sync: {timeout: 5m}\n", {}).text, `sync:\n  timeout: 5m\n${main.slice("sync:\n".length)}`);
    const range = of("", { sync: { ref: { semver: "~1.4" } } });
    assert.equal(range.text, main.replace("branch: main", "semver: ~1.4"));
    const further = of("sync:\n  ref: {branch: next}\n", { sync: { ref: { branch: "next" } }, syncs: { charts: {} } });
    const own = `syncs:\n  charts:\n    ${comment}\n    ref:\n      branch: main\n`;
    assert.equal(further.text, `sync:\n  ref: {branch: next}\n${own}`);
    assert.equal(of("sync:\n  ref: {tag: null}\n", {}).text, "sync:\n  ref: {tag: null, branch: main}\n");
    for (const text of ["sync:\n  ref: null\n", "sync: {ref: {semver: ~2.0}}\n"]) assert.equal(of(text, {}).text, text);
  });
});

describe("the platform's files of a new stack", () => {
  it("are the folders and files with the source's name that its cluster refers to", () => {
    const variable = "$" + "{cluster_stack}";
    const files = {
      "fleet/README.md": "staging",
      "fleet/clusters/prod-eu/kustomization.yaml": "resources: [../../infrastructure/prod-eu]\n",
      "fleet/clusters/staging/kustomization.yaml":
        'resources:\n  - "../../infrastructure/overlays/staging" # own\n  - sync.yaml\n',
      "fleet/clusters/staging/sync.yaml": `spec:\n  path: ./fleet/apps/${variable}/\n---\nspec:\n  path: ./fleet/shared/\n`,
      "fleet/clusters/staging/notes.txt": "./fleet/apps/staging",
      "fleet/infrastructure/overlays/staging/kustomization.yaml":
        "resources: [../../base, ../../values/staging.yaml]\n",
      "fleet/infrastructure/base/kustomization.yaml": "resources: [staging/a.yaml]\n",
      "fleet/infrastructure/base/staging/a.yaml": "kind: A\n",
      "fleet/infrastructure/values/staging.yaml": "environment: staging\npath: fleet/clusters/none/staging\n",
      "fleet/apps/staging/kustomization.yaml": "resources: []\n",
      "fleet/unused/staging/kustomization.yaml": "resources: []\n",
      "fleet/shared/kustomization.yaml": "resources: []\n",
    };
    assert.deepEqual(newPlatformFiles(files, renaming), {
      "fleet/apps/prod-us/kustomization.yaml": "resources: []\n",
      "fleet/clusters/prod-us/kustomization.yaml":
        'resources:\n  - "../../infrastructure/overlays/prod-us" # own\n  - sync.yaml\n',
      "fleet/clusters/prod-us/notes.txt": "./fleet/apps/staging",
      "fleet/clusters/prod-us/sync.yaml": files["fleet/clusters/staging/sync.yaml"],
      "fleet/infrastructure/overlays/prod-us/kustomization.yaml":
        "resources: [../../base, ../../values/prod-us.yaml]\n",
      "fleet/infrastructure/values/prod-us.yaml": "environment: staging\npath: fleet/clusters/none/staging\n",
    });
  });

  it("keep the folders of the layout, whatever the stacks are called", () => {
    for (const from of ["fleet", "clusters", "infrastructure"]) {
      const folder = `fleet/clusters/${from}/kustomization.yaml`;
      const files = {
        [folder]: `resources: [../../infrastructure/${from}]\n`,
        [`fleet/infrastructure/${from}/kustomization.yaml`]: "resources: [../base]\n",
        "fleet/infrastructure/base/kustomization.yaml": "resources: []\n",
      };
      assert.deepEqual(newPlatformFiles(files, { from, to: "live" }), {
        "fleet/clusters/live/kustomization.yaml": "resources: [../../infrastructure/live]\n",
        "fleet/infrastructure/live/kustomization.yaml": "resources: [../base]\n",
      });
    }
  });
});

describe("CODEOWNERS of a new stack", () => {
  it("has a line after each line for the source, and no other", () => {
    const text =
      "# staging\n* @a\n/stacks/staging/ @b # staging\n/Pulumi.staging.yaml\t@c\n/x-staging/ @d\n\n/fleet/ @e\n";
    const lines = text.split("\n");
    lines.splice(4, 0, "/Pulumi.prod-us.yaml\t@c");
    lines.splice(3, 0, "/stacks/prod-us/ @b # staging");
    assert.equal(newOwners(text, renaming), lines.join("\n"));
    assert.equal(newOwners(lines.join("\n"), renaming), lines.join("\n"));
  });
});

/** Names of stacks, short ones and those of the layout's folders above all. */
const name = fc
  .oneof(
    fc.constantFrom("fleet", "stacks", "clusters", "tenants", "a", "0"),
    fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/),
  )
  .filter((text) => stackName.check(text) === undefined);

describe("the plan of a new stack, for any two names,", () => {
  it("creates files of the new stack alone, which name the source only where they must", () => {
    fc.assert(
      fc.property(name, name, (from, to) => {
        fc.pre(from !== to);
        const plan = planNewStack(
          {
            settings: `config:\n  fleet:repositoryOwner: ${from}\n`,
            overlays: new Map([["team", "{}\n"]]),
            platform: {
              [`fleet/clusters/${from}/kustomization.yaml`]: `resources: [../../infrastructure/${from}]\n`,
              [`fleet/infrastructure/${from}/kustomization.yaml`]: "resources: [../Base]\n",
            },
            owners: undefined,
            waivers: undefined,
          },
          { from, to },
          [tenantSpec("team", { sync: { ref: { tag: "v1" } } })],
        );
        assert.deepEqual(Object.keys(plan.created), [
          `Pulumi.${to}.yaml`,
          `fleet/clusters/${to}/kustomization.yaml`,
          `fleet/infrastructure/${to}/kustomization.yaml`,
          `stacks/${to}/tenants/team.yaml`,
        ]);
        const cluster = plan.created[`fleet/clusters/${to}/kustomization.yaml`];
        assert.equal(cluster, `resources: [../../infrastructure/${to}]\n`);
        assert.deepEqual(plan.trial, plan.created);
      }),
    );
  });

  it("renames a path to one that leads back", () => {
    fc.assert(
      fc.property(name, name, fc.array(name, { maxLength: 3 }), (from, to, rest) => {
        fc.pre(from !== to && !rest.includes(to));
        const path = ["fleet", "clusters", ...rest, from, "kustomization.yaml"].join("/");
        const target = renamedPath(path, { from, to });
        assert.notEqual(target, path);
        assert.equal(renamedPath(target, { from: to, to: from }), path);
      }),
    );
  });
});
