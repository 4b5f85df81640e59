import type { FieldForm, FieldRule, TextForm } from "../../../config/addons/field-rule.js";
import { INDENTED_TWICE, MOST_ACTIONS, TEMPLATE_PATTERN } from "../../../config/addons/template-form.js";
import { cel, celList, celString } from "../cel/cel.js";
import { hostOf, isInnerName, isPublic } from "../cel/public-host.js";
import { isListed } from "../hosts.js";

/** The settings of a stack that checks of fields depend on. */
export interface FieldSettings {
  /** Objects that every tenant may refer to: `KIND/NAME`, `KIND/NAMESPACE/NAME`. */
  readonly shared: readonly string[];
}

/** CEL that is true when an object keeps a rule. */
export function keepsRule(rule: FieldRule, settings: FieldSettings): string {
  const check = every("object", rule.at.split("."), (value) => hasForm(value, rule, settings));
  if (rule.when === undefined) return check;
  const { at, is } = rule.when;
  return `(!(${optional("object", at.split("."))}.orValue('') in ${celList(is)}) || ${check})`;
}

/**
 * CEL that is true when every value at a path passes a check. A field that is absent has no value. Lists are walked by
 * macros, so their items are named by their depth.
 */
function every(root: string, path: readonly string[], check: (value: string) => string, depth = 0): string {
  if (path.length === 0) return check(root);
  const index = path.findIndex((name) => name.endsWith("[]"));
  if (index < 0) return `(!${optional(root, path)}.hasValue() || ${check([root, ...path].join("."))})`;
  const list = path.slice(0, index + 1).map((name) => name.replace("[]", ""));
  const item = `item${depth}`;
  return `${optional(root, list)}.orValue([]).all(${item}, ${every(item, path.slice(index + 1), check, depth + 1)})`;
}

function optional(root: string, path: readonly string[]): string {
  return [root, ...path].join(".?");
}

/** CEL that is true when a value has a form. */
function hasForm(value: string, rule: FieldForm, settings: FieldSettings): string {
  switch (rule.form) {
    case "fields":
      return `${value}.all(field, field in ${celList(rule.names)})`;
    case "oneOf":
      return `${celList(rule.names)}.exists(field, field in ${value})`;
    case "namespace":
      return `${value} in ['', request.namespace]`;
    case "value":
      return `${value} in ${JSON.stringify(rule.of)}`;
    case "number":
      return rule.least === undefined
        ? `${value} <= ${rule.most}`
        : `(${value} >= ${rule.least} && ${value} <= ${rule.most})`;
    case "size":
      return `${value}.size() <= ${rule.most}`;
    case "duration":
      return hasLength(value, rule);
    case "relabelings":
      return keepLengths(value);
    case "template":
      return rule.of === "text" ? isCheapTemplate(value) : areCheapTemplates(value);
    case "text":
      return hasTextForm(value, rule);
    case "keys":
      return `${value}.all(field, ${hasTextForm("field", rule)})`;
    case "reference":
      return isAllowedReference(value, rule, settings);
    case "host":
      return `[${value}].all(host, ${isListed})`;
    case "address":
      return rule.of === "public"
        ? `(${value}.matches('^https://') && ${isPublic(hostOf(value))})`
        : `(${value}.matches('^https?://') && ${isInnerName(hostOf(value))})`;
    case "below-namespace":
      return `${value}.matches('^' + request.namespace + '(/[A-Za-z0-9_][A-Za-z0-9._-]*)+$')`;
    case "absent":
      return "false";
  }
}

/** CEL that is true when a length of time is within its bounds, or is none. Units of days are none of CEL's. */
function hasLength(value: string, { least, most }: Extract<FieldForm, { readonly form: "duration" }>): string {
  const length = `duration(${value})`;
  return cel`
    (
      ${value}.matches(${celString(DURATION)})
      && (
        ${length} == duration('0s')
        || (${length} >= duration(${celString(least)}) && ${length} <= duration(${celString(most)}))
      )
    )
  `;
}

/** Durations that CEL and Go read. */
const DURATION = "^(0|([0-9]{1,9}([.][0-9]{1,9})?(ms|s|m|h))+)$";

/**
 * CEL that is true when no relabeling joins labels that another one writes. A chain of those doubles a label at each step.
 * One that reads a single label, and inserts it once, only adds its own text.
 */
function keepLengths(value: string): string {
  return cel`
    ${value}.all(
      one,
      (one.?sourceLabels.orValue([]).size() <= 1 && one.?replacement.orValue('').split('$').size() <= 2)
      || !one.?sourceLabels.orValue([]).exists(
        label,
        ${value}.exists(other, other.?targetLabel.orValue('') == label)
      )
    )
  `;
}

/** CEL that is true when a template is cheap to render. */
function isCheapTemplate(value: string): string {
  return `(${isCheapText(value)} && ${value}.split('{{').size() <= ${MOST_ACTIONS + 1})`;
}

/** CEL that is true when all templates of a map are cheap, also together. */
function areCheapTemplates(value: string): string {
  return cel`
    (
      ${value}.all(key, ${isCheapText(`${value}[key]`)})
      && ${value}.map(key, ${value}[key]).join(' ').split('{{').size() <= ${String(MOST_ACTIONS + 1)}
    )
  `;
}

/** CEL that is true when each action of a template is cheap. */
function isCheapText(text: string): string {
  return `${text}.matches(${celString(TEMPLATE_PATTERN)}) && !${text}.matches(${celString(INDENTED_TWICE)})`;
}

function hasTextForm(value: string, { pattern, except = [] }: TextForm): string {
  const matches = `${value}.matches(${celString(pattern)})`;
  return except.length === 0 ? matches : `(${matches} && !(${value} in ${celList(except)}))`;
}

/** CEL that is true when a reference names an object of the namespace, or one that the stack shares. */
function isAllowedReference(
  value: string,
  { groups, defaultKind = "", own, shared }: Extract<FieldForm, { readonly form: "reference" }>,
  settings: FieldSettings,
): string {
  const kind = `${value}.?kind.orValue(${celString(defaultKind)})`;
  const namespace = `${value}.?namespace.orValue('')`;
  const inNamespace = `(${kind} in ${celList(own)} && ${namespace} in ['', request.namespace])`;
  const listed = settings.shared.filter((one) => one.startsWith(`${shared}/`));
  const name = `${kind} + '/' + (${namespace} == '' ? '' : ${namespace} + '/') + ${value}.?name.orValue('')`;
  return cel`
    (
      ${value}.?group.orValue('') in ${celList(groups)}
      && (${listed.length === 0 ? inNamespace : `${inNamespace} || ${name} in ${celList(listed)}`})
    )
  `;
}
