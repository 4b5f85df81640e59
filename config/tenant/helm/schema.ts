import { z } from "zod";
import { chartUrl } from "../../rules/chart-url.js";
import { durationRule } from "../../rules/duration.js";
import { resettable, textField } from "../../rules/field.js";
import { semverRange } from "../../rules/git-reference.js";
import { dnsLabel, dnsSubdomain } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";

/** What a source of charts gets that does not say otherwise. */
export const helmDefaults = {
  /** An index can be many megabytes, and charts are released seldom. */
  interval: "10m",
} as const;

const name = textField(dnsLabel, { description: "Name by which HelmReleases refer to it." });

const common = {
  interval: textField(
    durationRule({ least: "1m", most: "24h", why: "all tenants share the controllers, and an index can be large" }),
    { description: "How often it is looked at.", default: helmDefaults.interval },
  ),
};

const secret = textField(dnsSubdomain, {
  description: "Secret of the namespace that opens it. Default: none.",
  examples: ["charts"],
});

const repositoryUrl = textField(chartUrl(["https", "oci"], "https://charts.example.com/stable"), {
  description: "Where the charts are.",
  examples: ["https://charts.example.com/stable", "oci://ghcr.io/acme/charts"],
});

const chartUrlField = textField(chartUrl(["oci"], "oci://ghcr.io/acme/charts/shop"), {
  description: "Where the chart is.",
  examples: ["oci://ghcr.io/acme/charts/shop"],
});

const refFields = {
  tag: textField(
    patternRule({
      pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]*$",
      maxLength: 128,
      form: "a tag",
      fix: "Write it as the registry has it, for instance 1.4.2",
    }),
    { description: "A tag; one of the three. Default: not used.", examples: ["1.4.2"] },
  ),
  semver: textField(semverRange, {
    description: "The newest chart in a range of versions. Default: not used.",
    examples: ["~1.4"],
  }),
  digest: textField(
    patternRule({
      pattern: "^sha256:[0-9a-f]{64}$",
      form: "a digest",
      fix: 'Write "sha256:" and 64 digits of 0-9 and a-f',
    }),
    { description: "Exactly this content. Default: not used." },
  ),
};

const ref = z.strictObject(refFields).partial();

/** What is not said is the tag `latest`, which is a surprise waiting to happen. */
const exactlyOne = ref.superRefine((value, context) => {
  const said = Object.keys(value);
  if (said.length === 1) return;
  const message =
    said.length === 0 ? "says nothing" : `says ${said.join(" and ")}, of which Flux would follow only one`;
  const fix = "Say one of tag, semver and digest; in an overlay, null takes away what the base file says";
  context.addIssue({ code: "custom", message, params: { fix } });
});

const repository = { url: repositoryUrl, ...common };
const chart = { url: chartUrlField, ...common, ref: exactlyOne };
const refOverlay = z
  .strictObject({
    tag: refFields.tag.nullable(),
    semver: refFields.semver.nullable(),
    digest: refFields.digest.nullable(),
  })
  .partial()
  .meta({ description: "Which version, laid over the base file's; null takes one away." });

const texts = {
  repositories: "Repositories of charts, by name: HelmRepositories. Default: none.",
  charts: "Single charts in OCI registries, by name: OCIRepositories. Default: none.",
};
const interval = common.interval.optional();

/** Sources of charts that the platform makes for a tenant, complete. */
export const helm = z.strictObject({
  repositories: z.record(name, z.strictObject({ ...repository, secret: secret.optional() })),
  charts: z.record(name, z.strictObject({ ...chart, secret: secret.optional() })),
});

/** The same in a base file. */
export const helmFile = z
  .strictObject({
    repositories: z
      .record(name, z.strictObject({ ...repository, interval, secret: secret.optional() }))
      .meta({ description: texts.repositories }),
    charts: z
      .record(name, z.strictObject({ ...chart, interval, secret: secret.optional() }))
      .meta({ description: texts.charts }),
  })
  .partial();

const overlaid = (text: string) => `${text} Laid over those of the base file; null takes one away.`;

/** The same in an overlay. */
export const helmOverlay = z
  .strictObject({
    repositories: z
      .record(
        name,
        z
          .strictObject({
            url: repositoryUrl.optional(),
            interval: resettable(common.interval),
            secret: resettable(secret),
          })
          .nullable(),
      )
      .meta({ description: overlaid(texts.repositories) }),
    charts: z
      .record(
        name,
        z
          .strictObject({
            url: chartUrlField.optional(),
            interval: resettable(common.interval),
            secret: resettable(secret),
            ref: refOverlay.optional(),
          })
          .nullable(),
      )
      .meta({ description: overlaid(texts.charts) }),
  })
  .partial();
