import { publicHostViolation } from "./public-host.js";
import { atMost, hintOf, patternRule, refuse, ruleOf } from "./rule.js";

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

const form = patternRule({
  pattern: `^[A-Za-z0-9.:\\[\\]-]+(/${component})+$`,
  maxLength: 255,
  form: "the name of an image",
  fix: "Write registry and path: ghcr.io/acme/shop",
});

/**
 * Name of an image with its registry, and without tag or digest: those are what is looked for.
 * The registry is named, because a name without one would be looked for at docker.io. The controllers speak TLS to
 * every registry but those on their own loopback, on private addresses and in `.local`, where they speak plain HTTP
 * without being asked to; so of these, only loopback is allowed, which no other machine can listen to.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * @see https://github.com/google/go-containerregistry/blob/v0.21.6/pkg/name/registry.go Scheme
 */
export const imageName = ruleOf(
  { pattern: form.pattern, maxLength: 255, hint: hintOf("the name of an image", "Write it like ghcr.io/acme/shop") },
  atMost(255, "Choose a shorter one"),
  refuse(/:\/\//, "has a scheme", "Leave it out: ghcr.io/acme/shop"),
  refuse(/\/[^/]*[:@][^/]*$/, "has a tag or a digest", "Leave it out: range says which versions are meant"),
  (value) => {
    if (/^[^/]*[.:][^/]*\//.test(value)) return undefined;
    const fix = `Write the registry too, for instance docker.io/${value.includes("/") ? "" : "library/"}${value}`;
    return { message: "does not name its registry", fix };
  },
  form.check,
  (value) => publicHostViolation(value.slice(0, value.indexOf("/")), true),
);
