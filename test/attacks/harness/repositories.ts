import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator } from "../../support/e2e/emulator.js";
import type { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { chartFiles, configMapFile, kustomizationFile } from "../../support/objects/repository-files.js";
import { gitSource, helmChart } from "../../support/objects/sources.js";
import { type Attack, isSwitched, type Link, type Place, type Synced } from "../attack.js";
import { create } from "../request.js";
import type { Caller } from "./caller.js";

/** The repositories that are filled, and the attacks that need it. */
export interface RepositoriesArgs {
  readonly place: Place;
  readonly admin: Caller;
  readonly github: Emulator;
  readonly tenant: Tenant;
  readonly neighbour: Tenant;
  readonly attacks: readonly Attack[];
}

/** Files of the neighbour that are worth stealing. */
const ofNeighbour = {
  "secret/config.yaml": configMapFile("of-the-neighbour"),
  ...chartFiles("chart", configMap({ name: "of-the-neighbours-chart" }), "chart/"),
};

/** Files of a public repository. */
const ofEverybody = {
  "base/kustomization.yaml": kustomizationFile({ resources: ["config.yaml"] }),
  "base/config.yaml": configMapFile("remote-base"),
};

/** Pushes what the attacks need, all in one commit for each repository, and waits until Flux has fetched it. */
export async function fillRepositories(args: RepositoriesArgs): Promise<void> {
  const { place, admin, github, tenant, neighbour, attacks } = args;
  const created = await github.api("POST", "orgs/:owner/repos", { name: "shared-bases", visibility: "public" });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  for (const [path, text] of Object.entries(ofEverybody)) {
    const content = Buffer.from(text).toString("base64");
    const { status, body } = await github.api("PUT", `repos/:owner/shared-bases/contents/${path}`, {
      message: `Add ${path}`,
      content,
    });
    assert.equal(status, 201, JSON.stringify(body));
  }

  await neighbour.clone.write(ofNeighbour);
  const { name, namespace } = neighbour;
  const chart = helmChart({ name: "chart", namespace }, { sourceRef: gitSource(name) });
  const made = await admin.send(create(chart));
  assert.ok(made.ok, JSON.stringify(made.body));

  for (const { object, files = {} } of attacks.flatMap((attack) => syncs(attack, place))) {
    await writeFiles(tenant, `attacks/${object.metadata.name}`, files);
  }
  for (const each of [tenant, neighbour]) {
    const commit = await each.clone.commitAndPush("What the attacks need", {});
    await each.syncNow();
    await each.flux.waitFor(each.source, ({ status }) => status?.artifact?.revision.endsWith(commit) === true);
  }
}

/** The syncs that an attack consists of, its counterpart's too. */
function syncs(attack: Attack, place: Place): Synced[] {
  const attempts = [attack.attempt(place), ...(isSwitched(attack) ? [] : [attack.counterpart(place)])];
  return attempts.filter((attempt) => attempt.kind === "sync");
}

async function writeFiles(
  tenant: Tenant,
  folder: string,
  files: Readonly<Record<string, string | Link>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (typeof content === "string") {
      await tenant.clone.write({ [join(folder, path)]: content });
    } else {
      // The folder comes with the file that stands beside every link.
      await symlink(content.link, join(tenant.clone.directory, folder, path));
    }
  }
}
