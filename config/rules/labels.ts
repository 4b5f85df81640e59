import { dnsSubdomain } from "./names.js";
import { atMost, demand, hintOf, refuse, ruleOf } from "./rule.js";

const name = "[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?";
const fix = "Write a key like cost-center or example.com/cost-center";

/**
 * Key of a label of something that is only looked for: whatever Kubernetes allows.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const labelKey = ruleOf(
  {
    pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
    maxLength: 317,
    hint: hintOf("a label key", fix),
  },
  refuse(/\/.*\//s, 'is not a label key: it has more than one "/"', fix),
  (value) => {
    const [prefix = "", name] = value.split("/");
    if (name === undefined || dnsSubdomain.check(prefix) === undefined) return undefined;
    return { message: 'is not a label key: what is before the "/" must be a DNS name of at most 253 characters', fix };
  },
  refuse(/(^|\/)[^/]{64,}$/, "is not a label key: its name is longer than 63 characters", fix),
  demand(
    new RegExp(`(^|/)${name}$`),
    'is not a label key: its name needs letters, digits, "-", "_" or ".", with a letter or digit at both ends',
    fix,
  ),
);

/** Keys of the platform or of Kubernetes, and why: single ones, and those of a domain with all below it. */
const ownedKeys: readonly (readonly [RegExp, string])[] = [
  [/^kubernetes\.io\/metadata\.name$/, "Kubernetes sets it, and network policies trust it"],
  [/^app\.kubernetes\.io\/managed-by$/, "it says what this program owns"],
  [/^([^/]*\.)?pod-security\.kubernetes\.io\//, "the platform decides what pods may do"],
  [/^([^/]*\.)?fluxcd\.io\//, "Flux and the platform's sharding read them"],
  [/^([^/]*\.)?fleet\.dev\//, "they say what this program owns"],
  [/^([^/]*\.)?pulumi\.com\//, "they steer how this program applies objects"],
];

/**
 * Key of a label or annotation in a tenant's file: what Kubernetes allows, less what the platform owns. A value from a
 * tenant file would either be overwritten silently or undo a protection.
 */
export const tenantKey = ruleOf(
  labelKey,
  ...ownedKeys.map(([key, why]) => refuse(key, `belongs to the platform: ${why}`, "Remove it")),
);

/** A key of labels and annotations, or all keys of a domain, written as `DOMAIN/*`. */
export const tenantKeys = ruleOf({ pattern: "^[^/]+(/[^/]+)?$", maxLength: 317 }, (value) =>
  // The name stands for all names of the domain.
  tenantKey.check(value.replace(/\/\*$/, "/name")),
);

/** Value of a label, by the same page. */
export const labelValue = ruleOf(
  {
    pattern: `^(${name})?$`,
    maxLength: 63,
    hint: hintOf('a label value: letters, digits, "-", "_" and ".", with a letter or digit at both ends'),
  },
  atMost(63, "Shorten it, or use an annotation"),
  demand(
    new RegExp(`^(${name})?$`),
    'is not a label value: letters, digits, "-", "_" and ".", with a letter or digit at both ends',
    "Change it, or use an annotation, which takes any text",
  ),
);
