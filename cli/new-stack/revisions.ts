import { isMap, isScalar, Scalar } from "yaml";
import { placedParts } from "../../config/tenant/parts.js";
import type { TenantSpec } from "../../config/tenant/schema.js";
import type { Renaming } from "./platform-files.js";
import type { EditedDocument } from "./yaml-text.js";

/** The fields of a tenant of the source that decide on the revisions of its syncs. */
export type SyncedTenant = Pick<TenantSpec, "name" | "repositories" | "syncs">;

/**
 * Has an overlay say which branch, or range of versions, each sync follows, where the source leaves it to a default or to the
 * base file. Such a revision moves by itself, so a reader of a stack with a predecessor must see it. Pinned syncs stay pinned.
 * @returns whether a line was added
 */
export function sayRevisions(document: EditedDocument, tenant: SyncedTenant, { from, to }: Renaming): boolean {
  const command = `npx fleet promote ${from} ${to} --tenant ${tenant.name}`;
  const unsaid = placedParts("sync", tenant.syncs).filter(({ ref, place }) => {
    return ref.commit === undefined && ref.tag === undefined && !saysRevision(document, [...place, "ref"]);
  });
  for (const { ref, repository, place } of unsaid) {
    const { defaultBranch } = tenant.repositories.find(({ name }) => name === repository) ?? tenant.repositories[0];
    const key = new Scalar("ref");
    key.commentBefore = ` With a branch or a range, each push reaches this stack at once. To pin what ${from} runs: ${command}`;
    const field = ref.semver === undefined ? "branch" : "semver";
    const value = ref.semver ?? ref.branch ?? defaultBranch;
    const section = sectionAt(document, place);
    // Nulls in it take back what the base file says.
    if (isMap(section.get("ref", true))) section.setIn(["ref", field], value);
    else section.add(document.createPair(key, { [field]: value }));
  }
  return unsaid.length > 0;
}

/** Whether an overlay says a revision, or takes back the base file's on purpose. */
function saysRevision(document: EditedDocument, place: readonly string[]): boolean {
  const node = document.getIn(place, true);
  if (!isMap(node)) return isScalar(node);
  return ["branch", "semver"].some((field) => typeof node.get(field) === "string");
}

/** The map at a place, in lines of its own: it gets a comment. */
function sectionAt(document: EditedDocument, place: readonly string[]) {
  for (let length = 0; length <= place.length; length += 1) {
    const around = place.slice(0, length);
    const node = length === 0 ? document.contents : document.getIn(around, true);
    if (isMap(node)) node.flow = false;
    else document.setIn(around, document.createNode({}));
  }
  const section = document.getIn(place, true);
  if (!isMap(section)) throw new Error(`${place.join(".")} is no map`);
  section.flow = false;
  return section;
}
