import { hostAndPort, publicHostViolation } from "./public-host.js";
import { patternRule, type Rule, type Violation } from "./rule.js";

/** Letters, digits and single separators; what an OCI registry calls a name. */
const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

const form = patternRule({
  pattern: `^[A-Za-z0-9.:\\[\\]-]+(/${component})+$`,
  maxLength: 255,
  form: "the name of an image",
  fix: "Write registry and path: ghcr.io/acme/shop",
});

/**
 * Name of an image with its registry, and without tag or digest: those are what is looked for.
 *
 * The registry is named, because a name without one would be looked for at docker.io. The controllers speak TLS to
 * every registry but those on their own loopback, on private addresses and in `.local`, where they speak plain HTTP
 * without being asked to; so of these, only loopback is allowed, which no other machine can listen to.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * @see https://github.com/google/go-containerregistry/blob/v0.21.6/pkg/name/registry.go Scheme
 */
export const imageName: Rule = {
  ...form,
  check(value) {
    if (value.includes("://")) return { message: "has a scheme", fix: "Leave it out: ghcr.io/acme/shop" };
    const [authority = "", ...path] = value.split("/");
    if (path.length > 0 && /[:@]/.test(path.at(-1) ?? "")) {
      return { message: "has a tag or a digest", fix: "Leave it out: range says which versions are meant" };
    }
    if (path.length === 0 || !/[.:]/.test(authority)) {
      const fix = `Write the registry too, for instance docker.io/${path.length === 0 ? "library/" : ""}${value}`;
      return { message: "does not name its registry", fix };
    }
    return form.check(value) ?? registryViolation(authority);
  },
};

function registryViolation(authority: string): Violation | undefined {
  const { host, port } = hostAndPort(authority);
  if (port === null) return { message: "has no port after the colon", fix: "Write a number from 1 to 65535" };
  const onLoopback = host === "127.0.0.1" && port !== undefined;
  return onLoopback ? undefined : publicHostViolation(host);
}
