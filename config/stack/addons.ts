import { z } from "zod";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { KnownAddon } from "../addons/addon.js";
import { KNOWN_ADDONS, meantAddon } from "../addons/known-addons.js";
import { choiceField, listOf, numberField, textField, withoutRepeats } from "../rules/field.js";
import { dnsLabel, dnsSubdomain, kindName } from "../rules/names.js";
import { patternRule, refuse, ruleOf } from "../rules/rule.js";

/** Add-ons that the project has, by the group of their kinds. */
const groupsOfKnown = new Map(
  [...KNOWN_ADDONS.values()].flatMap(({ name, kinds }) => kinds.map(({ group }) => [group, name] as const)),
);

const otherGroup = "Name the group of the add-on's own definitions, like databases.example.com";

/**
 * Group of a stack's own add-on. Kubernetes and Flux have theirs for rights, policies and syncs: with these, a tenant
 * could leave its namespace.
 */
const addonGroup = ruleOf(
  dnsSubdomain,
  refuse(/^[^.]*$/, "is a group of Kubernetes itself", otherGroup),
  refuse(/(^|\.)(k8s|kubernetes)\.io$/, "is a group of Kubernetes itself", otherGroup),
  refuse(/(^|\.)(fluxcd\.io|fluxcd\.controlplane\.io)$/, "is a group of Flux", otherGroup),
  (group) => {
    const known = groupsOfKnown.get(group);
    if (known === undefined) return undefined;
    return { message: `belongs to ${known}, which comes with the project`, fix: `Offer ${known}, with its policy` };
  },
);

const addonVersion = patternRule({
  pattern: "^v[0-9]+((alpha|beta)[0-9]+)?$",
  maxLength: 20,
  form: "a version of an API",
  fix: "Write it as manifests do, without the group: v1beta1",
});

const plural = patternRule({
  pattern: "^[a-z][a-z0-9]*$",
  maxLength: 63,
  form: "the plural of a kind, in lower case",
  fix: "Write it as kubectl api-resources shows it: databases",
});

/** A field of objects, not within a list of lists. `in`, `true`, `false` and `null` are no names in CEL. */
const fieldPath = ruleOf(
  patternRule({
    pattern: "^spec(\\.[A-Za-z][A-Za-z0-9_]*(\\[\\])?)+$",
    maxLength: 200,
    form: "the path of a field below spec",
    fix: "Write it like spec.backup.namespace, or spec.replicas[].namespace for each item of a list",
  }),
  refuse(/\.(in|true|false|null)(\.|\[|$)/, "has a part that no policy can name", "Refuse the field around it"),
);

const fieldNames = z.array(
  textField(
    patternRule({
      pattern: "^[A-Za-z][A-Za-z0-9_]*$",
      maxLength: 63,
      form: "the name of a field",
    }),
  ),
);
const path = textField(fieldPath, { description: "Path of a field." });
const paths = (description: string) => z.array(path).default([]).meta({ description });

const amount = (description: string) =>
  numberField(1, 10_000, "quotas count objects, and each is in the memory of the API server", description);

const kind = z.strictObject({
  kind: textField(kindName, { description: "Kind, as manifests name it." }),
  plural: textField(plural, { description: "Its plural, as kubectl api-resources shows it." }),
  access: choiceField(["write", "read"], {
    description: "Whether tenants create its objects, or read those of a controller.",
  }).default("write"),
  most: amount("Objects of the kind in each namespace. Default: as many as limits.objects.").exactOptional(),
  namespaces: paths("Fields with the name of a namespace, which must be the object's own."),
  absent: paths("Fields that tenants must not set."),
  values: z
    .record(path, z.array(z.string()).min(1, "has no values"))
    .default({})
    .meta({ description: "Fields with one of a few values, by path." }),
  fields: z
    .record(path, fieldNames)
    .default({})
    .meta({ description: "Maps with no other fields than these, by path." }),
  publicAddresses: paths("Addresses that the controller connects to: https, and a host with a public name."),
});

const addon = z.strictObject({
  shared: listOf(
    z.string(),
    "Objects outside of tenants' namespaces that tenants may refer to: KIND/NAME, or KIND/NAMESPACE/NAME.",
  ).superRefine(withoutRepeats((text: string) => text)),
  most: z
    .record(textField(plural), amount("Objects in each namespace."))
    .default({})
    .meta({ description: "Objects of each kind in each namespace, in place of the add-on's own amounts." }),
  purpose: z
    .string()
    .max(200, "is longer than 200 characters")
    .exactOptional()
    .meta({ description: "Use of a stack's own add-on, in one line." }),
  group: textField(addonGroup, { description: "API group of a stack's own add-on." }).exactOptional(),
  version: textField(addonVersion, { description: "Version of that group." }).exactOptional(),
  kinds: z
    .array(kind)
    .superRefine(withoutRepeats(({ plural }) => plural, undefined, "plural"))
    .exactOptional()
    .meta({ description: "Kinds of a stack's own add-on." }),
});

type AddonSettings = z.output<typeof addon>;
type Report = (path: readonly (string | number)[], message: string, fix: string) => void;

/** The add-ons that a stack's infrastructure has for tenants. */
export const addonsConfig = z
  .record(textField(dnsLabel, { description: "Name of the add-on." }), addon)
  .superRefine((addons, context) => {
    const definitions = new Map<string, string>();
    for (const [name, settings] of Object.entries(addons)) {
      const report: Report = (place, message, fix) =>
        context.addIssue({ code: "custom", path: [name, ...place], message, params: { fix } });
      const known = KNOWN_ADDONS.get(name);
      if (known === undefined) checkOwn(name, settings, { definitions, report });
      else checkKnown(known, settings, report);
    }
  })
  .default({})
  .meta({
    description:
      "Add-ons that the infrastructure has for tenants, by name: those of docs/addons.md, or a stack's own with group, version and kinds.",
  });

/** A known add-on, whose kinds and policy come with the project. */
function checkKnown(known: KnownAddon, settings: AddonSettings, report: Report): void {
  const { name } = known;
  for (const field of ["purpose", "group", "version", "kinds"] as const) {
    if (settings[field] === undefined) continue;
    report(
      [field],
      `collides with the add-on ${name}, which comes with the project`,
      "Remove it, or choose another name",
    );
  }
  const plurals = known.kinds.filter(({ access }) => access === "write").map((one) => one.plural);
  for (const written of Object.keys(settings.most)) {
    if (plurals.includes(written)) continue;
    const fix = didYouMean(nearMatches(written, plurals), `Name one of: ${plurals.join(", ")}`);
    report(["most", written], `is no kind that tenants create with ${name}`, fix);
  }
  for (const [index, written] of settings.shared.entries()) {
    const fault = sharedFault(written, known);
    if (fault !== undefined) report(["shared", index], fault.message, fault.fix);
  }
}

/** A shared object that tenants could not refer to by the add-on's kinds. */
function sharedFault(written: string, { name, sharedKinds }: KnownAddon) {
  if (sharedKinds.length === 0) return { message: `has no effect: ${name} shares no objects`, fix: "Remove it" };
  const [kind = "", ...names] = written.split("/");
  const shared = sharedKinds.find((one) => one.kind === kind);
  const forms = sharedKinds.map((one) => `${one.kind}/${one.namespaced ? "NAMESPACE/" : ""}NAME`).join(", ");
  const isSound = shared !== undefined && names.length === (shared.namespaced ? 2 : 1);
  if (isSound && names.every((one) => dnsSubdomain.check(one) === undefined)) return undefined;
  return { message: "is no object that tenants can share", fix: `Write it as ${forms}` };
}

interface OwnChecks {
  /** Add-on of each definition, by `PLURAL.GROUP`. */
  readonly definitions: Map<string, string>;
  readonly report: Report;
}

/** A stack's own add-on, which must say what it is. */
function checkOwn(name: string, settings: AddonSettings, { definitions, report }: OwnChecks): void {
  const { group, version, kinds } = settings;
  if (group === undefined && version === undefined && kinds === undefined) {
    const known = [...KNOWN_ADDONS.keys()];
    const meant = meantAddon(name, known);
    if (meant !== name) {
      const message = "is a name that tenant files may use, and not the add-on's own";
      report([], message, `Write ${meant}. Tenant files may go on with ${name}`);
      return;
    }
    const otherwise = `Name one of: ${known.join(", ")}; or define it with group, version and kinds`;
    report([], "is no add-on that comes with the project", didYouMean(nearMatches(name, known), otherwise));
    return;
  }
  if (group === undefined) report(["group"], "is missing", "Add it");
  if (version === undefined) report(["version"], "is missing", "Add it");
  if (kinds === undefined || kinds.length === 0) report(["kinds"], "names no kind", "Add one");
  if (settings.shared.length > 0) report(["shared"], "is for add-ons that come with the project", "Remove it");
  if (Object.keys(settings.most).length > 0) report(["most"], "is set in the kinds of an own add-on", "Move it there");
  for (const [index, { plural }] of (kinds ?? []).entries()) {
    const definition = `${plural}.${group}`;
    const other = definitions.get(definition);
    if (other !== undefined && other !== name)
      report(["kinds", index], `is a kind of ${other} already`, "Keep one of them");
    definitions.set(definition, name);
  }
}
