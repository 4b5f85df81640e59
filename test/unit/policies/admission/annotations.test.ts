import assert from "node:assert/strict";
import { labelKey } from "../../../../config/rules/labels.js";
import {
  annotationForms,
  FREE_PREFIXES,
  KNOWN_ANNOTATIONS,
} from "../../../../policies/admission/annotations/known-annotations.js";
import { VALUE_FORMS } from "../../../../policies/admission/annotations/value-forms.js";
import { named, policies } from "../../../support/unit/policies.js";

const keys = Object.entries(KNOWN_ANNOTATIONS).flatMap(([prefix, names]) =>
  Object.values(names).flatMap((list) => list.split(" ").map((name) => `${prefix}/${name}`)),
);

/** Words in the names of annotations that hold configuration, or name what others own. */
const dangerous =
  /snippet|group\.(name|order)|(^|-)arn$|static-ip|eip|pre-shared|sans$|subject|tls\.domains|snis|(check|agent)-addr|destination|regex$|pattern|attributes\.|subnets|security-groups|log.*bucket/;

describe("the known annotations", () => {
  it("are keys that Kubernetes accepts, each with one form", () => {
    for (const key of keys) assert.equal(labelKey.check(key), undefined, key);
    assert.deepEqual(keys, [...new Set(keys)]);
    assert.deepEqual([...annotationForms().keys()], [...keys].sort());
  });

  it("have no name of configuration, or of what others own", () => {
    assert.deepEqual(
      keys.filter((key) => dangerous.test(key) && !/use-regex$/.test(key)),
      [],
    );
  });

  it("have every form that exists", () => {
    assert.deepEqual([...new Set(annotationForms().values())].sort(), Object.keys(VALUE_FORMS).sort());
  });

  it("are of no prefix whose values are free", () => {
    assert.deepEqual(
      Object.keys(KNOWN_ANNOTATIONS).filter((prefix) => FREE_PREFIXES.includes(prefix)),
      [],
    );
  });
});

describe("the forms of annotations' values", () => {
  it("match whole values", () => {
    for (const [form, pattern] of Object.entries(VALUE_FORMS)) assert.match(pattern, /^(\(\?i\))?\^.*\$$/, form);
  });

  it("have no letter that ends a text or a line of a configuration, but where JSON or a replacement needs it", () => {
    for (const [form, pattern] of Object.entries(VALUE_FORMS)) {
      const filled = pattern
        .replace("(?i)", "")
        .replaceAll("NAMESPACE", "team-a")
        .replace("DOMAIN", "[.]cluster[.]local");
      const expression = new RegExp(filled);
      for (const letter of ["`", ";", "'", "\n", "\t", "#", "<", ">"]) {
        for (const text of [letter, `a${letter}`, `a${letter}b`, `http://web.team-a.svc/${letter}`]) {
          assert.doesNotMatch(text, expression, `${form} ${JSON.stringify(text)}`);
        }
      }
    }
  });
});

describe("the form of hosts in annotations", () => {
  const hosts = new RegExp(VALUE_FORMS.hosts);

  it("has no regular expression, which nginx would take for one", () => {
    for (const text of ["~^.+[.]example[.]com$", "~.example.com", "a.example.com; }"]) assert.doesNotMatch(text, hosts);
    assert.match("A.apps.example.com, *.example.com", hosts);
  });
});

describe("the setting of annotations", () => {
  const variable = (name: string, annotations: readonly string[] = []) =>
    named("fleet-ingress-reach", policies({ annotations })).policy.spec.variables?.find((one) => one.name === name)
      ?.expression ?? "";

  it("adds keys, and prefixes with the slash at their end", () => {
    const allowed = ["example.com/*", "nginx.ingress.kubernetes.io/auth-url"];
    assert.deepEqual(JSON.parse(variable("freePrefixes", allowed)), [
      ...FREE_PREFIXES.map((prefix) => `${prefix}/`),
      "example.com/",
    ]);
    assert.deepEqual(JSON.parse(variable("freeKeys", allowed)), ["nginx.ingress.kubernetes.io/auth-url"]);
  });

  it("is empty by default", () => {
    assert.deepEqual(JSON.parse(variable("freeKeys")), []);
    assert.equal(JSON.parse(variable("freePrefixes")).length, FREE_PREFIXES.length);
  });
});
