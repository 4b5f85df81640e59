import type { Rule, Violation } from "./rule.js";

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const prefixPart = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Domains, with all below them, whose labels and annotations steer the platform: see the reason beside each. */
const ownedDomains: readonly (readonly [domain: string, reason: string])[] = [
  ["pod-security.kubernetes.io", "the platform decides what pods may do"],
  ["fluxcd.io", "Flux and the platform's sharding read them"],
  ["fleet.dev", "they say what this program owns"],
  ["pulumi.com", "they steer how this program applies objects"],
];

/** Single keys that the platform, or Kubernetes, sets itself. */
const ownedKeys: readonly (readonly [key: string, reason: string])[] = [
  ["kubernetes.io/metadata.name", "Kubernetes sets it, and network policies trust it"],
  ["app.kubernetes.io/managed-by", "it says what this program owns"],
];

/**
 * Key of a label or annotation in a tenant's file: what Kubernetes allows, less what the platform owns.
 *
 * A value from a tenant file would either be overwritten silently or undo a protection.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const tenantKey: Rule = {
  pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
  maxLength: 317,
  check: (value) => malformedKey(value) ?? ownedKey(value),
};

/**
 * Key of a label of something that is only looked for: whatever Kubernetes allows.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const labelKey: Rule = { ...tenantKey, check: malformedKey };

function malformedKey(key: string): Violation | undefined {
  const fix = "Write a key like cost-center or example.com/cost-center";
  const parts = key.split("/");
  if (parts.length > 2) return { message: 'is not a label key: it has more than one "/"', fix };
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix !== undefined && (prefix.length > 253 || !prefixPart.test(prefix))) {
    return { message: 'is not a label key: what is before the "/" must be a DNS name of at most 253 characters', fix };
  }
  if (name.length > 63) return { message: "is not a label key: its name is longer than 63 characters", fix };
  if (!namePart.test(name)) {
    return {
      message:
        'is not a label key: its name needs letters, digits, "-", "_" or ".", with a letter or digit at both ends',
      fix,
    };
  }
  return undefined;
}

function ownedKey(key: string): Violation | undefined {
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const reason =
    ownedKeys.find(([owned]) => owned === key)?.[1] ??
    ownedDomains.find(([owned]) => domain === owned || domain.endsWith(`.${owned}`))?.[1];
  return reason === undefined ? undefined : { message: `belongs to the platform: ${reason}`, fix: "Remove it" };
}

/**
 * Value of a label.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const labelValue: Rule = {
  pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
  maxLength: 63,
  check(value) {
    if (value.length > 63) return { message: "is longer than 63 characters", fix: "Shorten it, or use an annotation" };
    if (value === "" || namePart.test(value)) return undefined;
    return {
      message: 'is not a label value: letters, digits, "-", "_" and ".", with a letter or digit at both ends',
      fix: "Change it, or use an annotation, which takes any text",
    };
  },
};
