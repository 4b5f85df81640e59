import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair } from "@fleet/sandbox/github/key-pair";
import { CoreV1Api } from "@kubernetes/client-node";
import { messageOf } from "../../../lib/diagnostics/problem.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { GitClone } from "../../support/e2e/git-clone.js";
import { deployKeys } from "../../support/e2e/github-view.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { sshVariables } from "../../support/e2e/ssh.js";
import type { GitUse, KeyName, Place } from "../attack.js";

interface KeysArgs {
  readonly sandbox: TestSandbox;
  readonly environment: TestEnvironment;
  readonly github: Emulator;
  readonly place: Place;
}

/** Deploy keys as the hostile tenant uses them, and as their registrations are changed to let it through. */
export class Keys {
  private constructor(
    private readonly args: KeysArgs,
    /** Which key → its public half, and the variables by which git uses it alone. */
    private readonly known: Readonly<
      Record<KeyName, { readonly publicKey: string; readonly variables: Record<string, string> }>
    >,
  ) {}

  /** Takes the tenant's own keys from their Secrets, and makes one that was registered and is not any more. */
  static async of(args: KeysArgs): Promise<Keys> {
    const { environment, place } = args;
    const core = environment.kubernetes.client(CoreV1Api);
    const fromSecret = async (which: KeyName, name: string) => {
      const { data } = await core.readNamespacedSecret({ namespace: place.namespace, name });
      const text = (field: string): string => Buffer.from(data?.[field] ?? "", "base64").toString("utf8");
      return { publicKey: text("identity.pub"), variables: await variables(args, which, text("identity")) };
    };
    const removed = generateKeyPair("ed25519");
    const keys = new Keys(args, {
      own: await fromSecret("own", "tenant-git"),
      write: await fromSecret("write", "tenant-git-write"),
      removed: { publicKey: removed.public, variables: await variables(args, "removed", removed.private) },
    });
    await keys.register("removed", place.tenant);
    await keys.unregister("removed", place.tenant);
    return keys;
  }

  /** Uses a key. @returns what git says when it is refused; undefined when it is not */
  async use({ use, repository, key = "own" }: GitUse): Promise<string | undefined> {
    const { sandbox, place } = this.args;
    const directory = await sandbox.scratch("clone");
    const name = this.repository(repository);
    const url = `${place.organisation}/${name}.git`;
    const { variables } = this.known[key];
    // The test is about the push alone, so the history comes by HTTP, without the key.
    const from = use === "clone" ? url : name;
    try {
      const clone = await GitClone.clone({ repository: from, variables, directory });
      await clone.git("remote", "set-url", "origin", url);
      if (use === "push") {
        await clone.commit("Past every review", { [`by-key-${key}`]: "by key\n" });
        await clone.push();
      } else if (use === "force-push") {
        await clone.git("commit", "--quiet", "--amend", "--message", "Rewritten");
        await clone.push("--force");
      } else if (use === "push-tag") {
        await clone.git("tag", "by-key");
        await clone.git("push", "--quiet", "origin", "by-key");
      }
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** A repository's name. */
  repository(which: GitUse["repository"]): string {
    const { tenant, neighbour } = this.args.place;
    return { tenant, neighbour, platform: "platform" }[which];
  }

  /** Registers a key at a repository. @param readOnly @default true */
  async register(which: KeyName, repository: string, readOnly = true): Promise<void> {
    const { status, body } = await this.args.github.api("POST", `repos/:owner/${repository}/keys`, {
      title: `of an attack: ${which}`,
      key: this.known[which].publicKey.trim(),
      read_only: readOnly,
    });
    assert.equal(status, 201, JSON.stringify(body));
  }

  /** Removes every ruleset of a repository. */
  async removeRulesets(repository: string): Promise<void> {
    const { github } = this.args;
    const { status, body } = await github.api("GET", `repos/:owner/${repository}/rulesets`);
    assert.equal(status, 200, JSON.stringify(body));
    for (const { id } of body as readonly { id: number }[]) {
      const removed = await github.api("DELETE", `repos/:owner/${repository}/rulesets/${id}`);
      assert.equal(removed.status, 204, JSON.stringify(removed.body));
    }
  }

  /** Removes a key from a repository, if it is there. */
  async unregister(which: KeyName, repository: string): Promise<void> {
    const { github } = this.args;
    const [type, blob] = this.known[which].publicKey.trim().split(" ");
    for (const { id, key } of await deployKeys(github, repository)) {
      if (!key.startsWith(`${type} ${blob}`)) continue;
      const { status } = await github.api("DELETE", `repos/:owner/${repository}/keys/${id}`);
      assert.equal(status, 204);
    }
  }
}

async function variables({ sandbox, environment, place }: KeysArgs, name: string, privateKey: string) {
  const directory = await sandbox.scratch(name);
  const identity = join(directory, "identity");
  await writeFile(identity, privateKey, { mode: 0o600 });
  const ssh = await sshVariables(environment, place.namespace, { directory, identity });
  return { ...environment.variables, ...ssh };
}
