import assert from "node:assert/strict";
import { CoreV1Api } from "@kubernetes/client-node";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { WebServer } from "../../support/e2e/web-server.js";
import { configMap } from "../../support/objects/configuration.js";

const team = "team-chat";
const token = "the-token-of-the-bot";

/** Paths at which the services listen that messages are sent to. */
const at = { channel: "services/T0/B0/X0", bot: "api/chat.postMessage", card: "workflows/invoke" } as const;

/** The fields of a Slack message that the tests read. */
interface SlackMessage {
  readonly channel?: string;
  readonly attachments: readonly { readonly color: string; readonly author_name: string; readonly text: string }[];
}

/** The fields of a Teams message that the tests read. */
interface TeamsMessage {
  readonly type: string;
  readonly attachments: readonly { readonly contentType: string }[];
}

/** A commit's status at GitHub, as far as the tests look at it. */
interface CommitStatus {
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

/**
 * Slack, Teams and GitHub, as notification-controller tells each of a commit that is applied and of one that fails. The
 * first two are played by a server that only listens.
 */
describe("A tenant's notifications come", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, async (sandbox, { variables }) => {
    chat = await WebServer.start();
    sandbox.endsBefore(chat);
    return {
      base: {
        notifications: {
          channel: { type: "slack", secret: "channel", events: "info" },
          bot: { type: "slack", address: `${chat.url}${at.bot}`, channel: "deploys", secret: "bot" },
          card: { type: "msteams", secret: "card" },
        },
      },
      secrets: {
        channel: `${chat.url}${at.channel}`,
        bot: token,
        card: `${chat.url}${at.card}`,
        // A commit status needs nothing but this secret.
        "commit-status": variables.GITHUB_TOKEN ?? "",
      },
    };
  });
  let chat: WebServer;
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let tenant: Tenant;
  /** Commits: one that is applied, and the next one, which is not. */
  let well: string;
  let badly: string;

  before(async () => {
    ({ sandbox, staging } = await shared());
    tenant = await Tenant.of(sandbox, staging, team);
    well = await tenant.push(configMap({ name: "shown" }));
    await tenant.applied(well);
    badly = await tenant.push(configMap({ name: "Not_Shown" }));
    await tenant.attempted(badly);
  });

  /** The messages that a service received. */
  const received = (service: keyof typeof at) => chat.requests.filter(({ path }) => path === `/${at[service]}`);
  /** Waits until a service receives a message with these texts. */
  const told = (service: keyof typeof at, ...texts: readonly string[]) =>
    waitFor(() => received(service).find(({ body }) => texts.every((text) => body.includes(text))), {
      timeout: 120_000,
      describe: () => `${service} receives ${texts.join(" and ")}: ${JSON.stringify(received(service))}`,
    });

  it("to Slack at the secret address of a channel: what goes well and what does not", async () => {
    for (const [commit, text, color] of [
      [well, `ConfigMap/${team}/shown created`, "good"],
      [badly, "Not_Shown", "danger"],
    ] as const) {
      const { body, headers } = await told("channel", commit, text);
      const { channel, attachments } = JSON.parse(body) as SlackMessage;
      assert.equal(channel, "");
      assert.equal(headers.authorization, undefined);
      assert.equal(attachments[0]?.author_name, `kustomization/${team}.${team}`);
      assert.equal(attachments[0].color, color);
      assert.match(attachments[0].text, new RegExp(text));
    }
  });

  it("to Slack as a bot that says who it is and where it writes: what fails, and nothing else", async () => {
    const { body, headers } = await told("bot", badly);
    assert.equal(headers.authorization, `Bearer ${token}`);
    assert.equal((JSON.parse(body) as SlackMessage).channel, "deploys");
    // The channel has been told of it, so this one would have been too.
    await told("channel", well);
    assert.ok(!received("bot").some((request) => request.body.includes(well)));
  });

  it("to Microsoft Teams as a card: what fails", async () => {
    const { body } = await told("card", badly, "Not_Shown");
    const { type, attachments } = JSON.parse(body) as TeamsMessage;
    assert.equal(type, "message");
    assert.equal(attachments[0]?.contentType, "application/vnd.microsoft.card.adaptive");
  });

  /** The log of notification-controller about messages that it could not send. */
  const failures = async (): Promise<readonly (string | undefined)[]> => {
    const core = staging.kubernetes.client(CoreV1Api);
    const { items } = await core.listNamespacedEvent({ namespace: tenant.namespace });
    return items.filter(({ involvedObject }) => involvedObject.kind === "Alert").map(({ message }) => message);
  };

  it("to GitHub as statuses of the very commits, in the tenant's repository, although the file names neither", async () => {
    const github = await sandbox.github();
    const statuses = async (commit: string) => {
      const { status, body } = await github.api("GET", `repos/:owner/${tenant.repository}/commits/${commit}/statuses`);
      assert.equal(status, 200);
      return body as readonly CommitStatus[];
    };
    for (const [commit, wanted] of [
      [well, "success"],
      [badly, "failure"],
    ] as const) {
      const [newest] = await waitFor(
        async () => {
          const found = await statuses(commit);
          return found[0]?.state === wanted && found;
        },
        {
          timeout: 120_000,
          describe: async () =>
            `${commit} is a ${wanted}: ${JSON.stringify([await statuses(commit), await failures()])}`,
        },
      );
      assert.equal(newest?.context, `staging/${tenant.namespace}/${team}`);
      // Flux tells GitHub which step failed, and keeps the reason for itself.
      assert.equal(newest?.description, wanted === "success" ? "reconciliation succeeded" : "reconciliation failed");
    }
  });
});
