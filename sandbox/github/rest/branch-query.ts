import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bare, type Emulator } from "../context.js";
import type { BareRepository } from "../git/bare-repository.js";
import type { RepositoryRecord } from "../state/records.js";
import { sees } from "./access.js";
import type { Principal } from "./identity.js";

/** A field of the query: its alias, and the names of the variables that hold owner, repository and branch. */
export interface BranchField {
  readonly alias: string;
  readonly owner: string;
  readonly name: string;
  readonly ref: string;
}

/** The query, without the characters that mean nothing. */
const whole = /^query\((?:\$\w+:String!)+\)\{(?<fields>.+)\}$/;
const one =
  /(?<alias>\w+):repository\(owner:\$(?<owner>\w+) name:\$(?<name>\w+)\)\{ref\(qualifiedName:\$(?<ref>\w+)\)\{target\{oid\}\}\}/g;

/** The fields of a query for the heads of branches, all names in variables. Undefined for any other query. */
export function branchFields(query: string): readonly BranchField[] | undefined {
  const plain = query.replaceAll(/[\s,]+/g, " ").replaceAll(/ ?([(){}:$!]) ?/g, "$1");
  const { fields } = whole.exec(plain.trim())?.groups ?? {};
  const found = [...(fields ?? "").matchAll(one)];
  if (fields === undefined || found.map(([text]) => text).join("") !== fields) return undefined;
  return found.map(({ groups = {} }) => {
    const { alias = "", owner = "", name = "", ref = "" } = groups;
    return { alias, owner, name, ref };
  });
}

/** Part of an answer of GraphQL that names a fault. */
interface Fault {
  readonly message: string;
  /** @default - the query itself is wrong */
  readonly type?: string;
  readonly path?: readonly string[];
}

/** An answer of GraphQL. */
interface GraphQlAnswer {
  /** @default - the query itself is wrong */
  readonly data?: Readonly<Record<string, unknown>>;
  /** @default - none */
  readonly errors?: readonly Fault[];
}

/**
 * The heads of branches. A repository that the account does not see is null, with an error of its own; a branch that does not exist is
 * null without one.
 * @see https://docs.github.com/graphql/reference/queries#repository
 */
export async function branchHeads(
  emulator: Emulator,
  principal: Principal,
  {
    fields,
    variables,
  }: { readonly fields: readonly BranchField[]; readonly variables: Readonly<Record<string, string>> },
): Promise<GraphQlAnswer> {
  const missing = fields
    .flatMap(({ owner, name, ref }) => [owner, name, ref])
    .find((key) => variables[key] === undefined);
  if (missing !== undefined) {
    return { errors: [{ message: `Variable $${missing} of type String! was provided invalid value` }] };
  }
  const data: Record<string, unknown> = {};
  const errors: Fault[] = [];
  for (const { alias, ...keys } of fields) {
    const {
      owner = "",
      name = "",
      ref = "",
    } = Object.fromEntries(Object.entries(keys).map(([key, variable]) => [key, variables[variable]]));
    const repository = visible(emulator, principal, { owner, name });
    if (repository === undefined) {
      const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
      errors.push({ type: "NOT_FOUND", path: [alias], message });
    }
    const oid = repository && (await headOf(bare(emulator, repository), ref));
    data[alias] = repository === undefined ? null : { ref: oid === undefined ? null : { target: { oid } } };
  }
  return errors.length === 0 ? { data } : { data, errors };
}

/** The repository of a name, or of a former name: GitHub follows renames. */
function visible(
  emulator: Emulator,
  principal: Principal,
  { owner, name }: { readonly owner: string; readonly name: string },
): RepositoryRecord | undefined {
  if (owner.toLowerCase() !== emulator.owner.toLowerCase()) return undefined;
  const { catalogue } = emulator;
  const found = catalogue.repository(name) ?? catalogue.formerRepository(name);
  return found !== undefined && sees(emulator, principal, found) ? found : undefined;
}

/** The commit of a branch. Most have a file of their own: a process of Git for each branch of a query would take seconds. */
async function headOf(repository: BareRepository, ref: string): Promise<string | undefined> {
  if (/^refs\/heads(?:\/\w[\w.-]*)+$/.test(ref)) {
    // Git packs branches, too, and then knows them alone.
    const text = await readFile(join(repository.directory, ref), "utf8").catch(() => "");
    if (/^[0-9a-f]{40}\n$/.test(text)) return text.trim();
  }
  // Git would take another text for an option.
  if (!ref.startsWith("refs/")) return undefined;
  return (await repository.refs(ref)).find(({ name }) => name === ref)?.sha;
}
