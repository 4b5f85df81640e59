import { isPlainObject, type PlainObject, type PlainValue } from "../../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";
import type { Catalogue } from "../../files/tenant-files.js";
import { namespacesOf } from "../namespaces/clashes.js";
import { EVERY_TENANT } from "./schema.js";

interface ServicesArgs {
  readonly members: readonly Member[];
  readonly catalogue: Catalogue;
  readonly stack: string;
  readonly platformExports: PlainObject | undefined;
}

type Fault = Pick<Problem, "message" | "fix">;

/**
 * What is wrong between the services that tenants and the platform export and those that tenants import. What is wrong
 * in itself is passed over: whoever reads the files has said so.
 */
export function serviceProblems(args: ServicesArgs): Problem[] {
  return [
    ...platformProblems(args),
    ...args.members.flatMap((member) => [
      ...["exports", "imports"].flatMap((field) => namespaceProblems(member, field)),
      ...exportProblems(member, args),
      ...importProblems(member, args),
    ]),
  ];
}

/** Values are not repeated: where a stack's configuration is read, any of them could be a secret. */
function platformProblems({ members, catalogue, stack, platformExports = {} }: ServicesArgs): Problem[] {
  const file = `Pulumi.${stack}.yaml`;
  const tenants = members.flatMap((member) => namespacesOf(member)).map(({ name }) => name);
  return Object.entries(platformExports).flatMap(([name, value]) => {
    const said = objectAt(value);
    const path = `fleet:exports.${name}`;
    const listed = texts(said.to).flatMap((tenant, index) =>
      tenant === EVERY_TENANT || catalogue.base.has(tenant)
        ? []
        : [
            {
              file,
              path: `${path}.to[${index}]`,
              message: "is no tenant",
              fix: "Name a tenant of stacks/base/tenants, or *",
            },
          ],
    );
    const fix = "Have the tenant export it";
    const place = { file, path: `${path}.namespace`, message: "is a tenant's, and not the platform's to export", fix };
    return [...listed, ...(tenants.some((namespace) => namespace === said.namespace) ? [place] : [])];
  });
}

function namespaceProblems(member: Member, field: string): Problem[] {
  const names = namespacesOf(member).map(({ name }) => name);
  return entries(member, field).flatMap(({ said, at }) => {
    const { namespace } = said;
    if (typeof namespace !== "string" || names.includes(namespace)) return [];
    const message = `${quote(namespace)} is no namespace of the tenant ${member.name}`;
    const fix = didYouMean(nearMatches(namespace, names), `Name one of: ${names.join(", ")}`);
    return [{ ...at("namespace"), message, fix }];
  });
}

function exportProblems(member: Member, { catalogue }: ServicesArgs): Problem[] {
  return entries(member, "exports").flatMap(({ said, at }) =>
    texts(said.to).flatMap((other, index) => {
      const wrong = nameFault(member, other, catalogue);
      return wrong ? [{ ...at("to", index), ...wrong }] : [];
    }),
  );
}

/** A way to another tenant needs the consent of both: this one's import, and its name in the other one's export. */
function importProblems(member: Member, args: ServicesArgs): Problem[] {
  return entries(member, "imports").flatMap(({ said, at }) => {
    const { tenant, export: name, platform } = said;
    if (typeof platform === "string") {
      const wrong = platformFault(member, platform, args);
      return wrong ? [{ ...at("platform"), ...wrong }] : [];
    }
    if (typeof tenant !== "string") return [];
    const wrong = nameFault(member, tenant, args.catalogue);
    if (wrong) return [{ ...at("tenant"), ...wrong }];
    const exporter = args.members.find((other) => other.name === tenant);
    if (exporter === undefined) {
      const message = `${tenant} is not on the stack ${args.stack}: there is no stacks/${args.stack}/tenants/${tenant}.yaml`;
      return [{ ...at("tenant"), message, fix: `Write null for the import in the overlay of ${member.name}` }];
    }
    const missing = typeof name === "string" ? exportFault(member, exporter, name) : undefined;
    return missing ? [{ ...at("export"), ...missing }] : [];
  });
}

function exportFault(importer: Member, exporter: Member, name: string): Fault | undefined {
  const { name: other, merged } = exporter;
  const place = ["exports", name];
  const found = valueAt(merged, place);
  if (found === undefined) {
    const { file } = fileThatSays(exporter, ["exports"]);
    const near = nearMatches(name, Object.keys(objectAt(merged.exports)));
    return {
      message: `${other} exports no ${quote(name)} (${file})`,
      fix: didYouMean(near, `Have ${other} export it, or remove the import`),
    };
  }
  if (texts(objectAt(found).to).includes(importer.name)) return undefined;
  const { file } = fileThatSays(exporter, [...place, "to"]);
  return {
    message: `${other} does not list ${importer.name} in exports.${name}.to (${file})`,
    fix: `Have ${other} add it there, or remove the import`,
  };
}

function platformFault(importer: Member, name: string, { platformExports, stack }: ServicesArgs): Fault | undefined {
  if (platformExports === undefined) return undefined;
  const file = `Pulumi.${stack}.yaml`;
  const found = Object.hasOwn(platformExports, name) ? platformExports[name] : undefined;
  if (found === undefined) {
    const near = nearMatches(name, Object.keys(platformExports));
    const fix = didYouMean(near, "Ask the platform team for it, or remove the import");
    return { message: `the platform exports no ${quote(name)} (fleet:exports of ${file})`, fix };
  }
  const to = texts(objectAt(found).to);
  if (to.includes(EVERY_TENANT) || to.includes(importer.name)) return undefined;
  return {
    message: `the platform does not list ${importer.name} in fleet:exports.${name}.to (${file})`,
    fix: "Ask the platform team to add it there, or remove the import",
  };
}

/** Why a tenant cannot name this one as another tenant. */
function nameFault(member: Member, other: string, catalogue: Catalogue): Fault | undefined {
  if (other === member.name) {
    return { message: "is the tenant itself, whose pods reach each other anyway", fix: "Remove it" };
  }
  if (catalogue.base.has(other)) return undefined;
  const fix = didYouMean(nearMatches(other, catalogue.base.keys()), "Name a tenant of stacks/base/tenants");
  return { message: `there is no tenant ${quote(other)}`, fix };
}

/** The entries of one of a tenant's maps, each with what says where a field of it is written. */
function entries(member: Member, field: string) {
  return Object.entries(objectAt(member.merged[field])).map(([name, value]) => ({
    said: objectAt(value),
    at: (inner: string, ...rest: readonly number[]) => {
      const place = [field, name, inner];
      return placed(fileThatSays(member, place), [...place, ...rest]);
    },
  }));
}

function texts(value: PlainValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}

function objectAt(value: PlainValue | undefined): PlainObject {
  return isPlainObject(value) ? value : {};
}

function quote(text: string): string {
  return JSON.stringify(text);
}
