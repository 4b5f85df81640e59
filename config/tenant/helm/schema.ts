import { z } from "zod";
import { durationRule } from "../../rules/amounts.js";
import { chartUrl } from "../../rules/chart-url.js";
import { ambiguity, mapField, objectField, section, textField, violationCheck } from "../../rules/field.js";
import { semverRange } from "../../rules/git-reference.js";
import { dnsLabel, dnsSubdomain } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";

const name = textField(dnsLabel, { description: "Name by which HelmReleases refer to it." });

/** An index can be many megabytes, and charts are released seldom. */
const interval = textField(durationRule("1m", "24h", "all tenants share the controllers, and an index can be large"), {
  description: "Interval at which Flux looks for new versions.",
}).default("10m");

const secret = textField(dnsSubdomain, {
  description: "Secret of the namespace with its credentials. Default: none.",
  examples: ["charts"],
}).exactOptional();

const repositoryUrl = textField(chartUrl(["https", "oci"], "https://charts.example.com/stable"), {
  description: "Address of the charts.",
  examples: ["https://charts.example.com/stable", "oci://ghcr.io/acme/charts"],
});

const artifactUrl = textField(chartUrl(["oci"], "oci://ghcr.io/acme/charts/shop"), {
  description: "Address of the chart.",
  examples: ["oci://ghcr.io/acme/charts/shop"],
});

/** Nothing stands for the tag `latest`, which is a surprise waiting to happen. */
const ref = objectField("The version: one of tag, semver and digest.", {
  tag: textField(
    patternRule({
      pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]*$",
      maxLength: 128,
      form: "a tag",
      fix: "Write it as the registry has it, for instance 1.4.2",
    }),
    { description: "A tag; one of the three. Default: not used.", examples: ["1.4.2"] },
  ).exactOptional(),
  semver: textField(semverRange, {
    description: "The newest chart in a range of versions. Default: not used.",
    examples: ["~1.4"],
  }).exactOptional(),
  digest: textField(
    patternRule({
      pattern: "^sha256:[0-9a-f]{64}$",
      form: "a digest",
      fix: 'Write "sha256:" and 64 digits of 0-9 and a-f',
    }),
    { description: "Digest of the chart's content. Default: not used." },
  ).exactOptional(),
}).superRefine(
  violationCheck((declared) => {
    const fix = "Say one of tag, semver and digest; in an overlay, null takes away what another file says";
    return Object.keys(declared).length === 0 ? { message: "says nothing", fix } : ambiguity(declared, fix);
  }),
);

/** Sources of charts that the platform makes for a tenant. */
export const helm = section(
  "Sources of charts for HelmReleases. The platform creates them in the primary namespace, also at hosts that tenants may not name themselves.",
  {
    repositories: mapField(name, z.strictObject({ url: repositoryUrl, interval, secret }), {
      description: "Repositories of charts, by name: HelmRepositories. Default: none.",
    }).default({}),
    charts: mapField(name, z.strictObject({ url: artifactUrl, interval, ref, secret }), {
      description: "Single charts in OCI registries, by name: OCIRepositories. Default: none.",
    }).default({}),
  },
);
