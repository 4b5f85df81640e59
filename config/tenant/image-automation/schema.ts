import { z } from "zod";
import { durationRule, LEAST_INTERVAL } from "../../rules/amounts.js";
import { booleanField, objectField, section, textField, violationCheck } from "../../rules/field.js";
import { repositoryPath, semverRange } from "../../rules/git-reference.js";
import { imageName } from "../../rules/image-name.js";
import { branchName, dnsLabel, dnsSubdomain } from "../../rules/names.js";
import { patternRule, ruleOf } from "../../rules/rule.js";
import { extractViolation, tagPattern } from "../../rules/tag-filter.js";
import { crossesMajors, majorsOf } from "../../rules/version-majors.js";
import { ofOneTenant, overlayOnly } from "../forms.js";

/** Branch of image updates unless a tenant file names another one; a person merges it. */
export const DEFAULT_IMAGE_BRANCH = "image-updates";

const interval = durationRule(
  LEAST_INTERVAL,
  "24h",
  "all tenants share the controllers, and registries count requests",
);

const imageRange = ruleOf(semverRange, (value) => {
  const majors = majorsOf(value);
  if (majors !== undefined && majors.length > 0) return undefined;
  const message = majors === undefined ? "is not a range that Flux can read" : "matches no version at all";
  return { message, fix: 'Write it like "~1.4"' };
});

const filterTags = objectField("Tags that count: `{pattern, extract}`. Default: all that are versions.", {
  pattern: textField(tagPattern, {
    description: "Regular expression that a tag must match, in RE2's dialect.",
    examples: ["^v(?P<version>.*)$"],
  }),
  extract: textField(
    { pattern: "", check: () => undefined },
    { description: "Part of the tag that is the version. Default: the whole tag.", examples: ["$version"] },
  ).optional(),
}).superRefine(
  violationCheck(
    ({ pattern, extract }) => (extract === undefined ? undefined : extractViolation(pattern, extract)),
    "extract",
  ),
);

const image = z
  .strictObject({
    image: textField(imageName, {
      description: "Name of the image, with its registry and without a tag.",
      examples: ["ghcr.io/acme/shop"],
    }),
    range: textField(imageRange, {
      description: "Range of versions, all of one major version. The newest one is used.",
      examples: ["~1.4", ">=1.4.0 <2.0.0"],
    }),
    acrossMajors: booleanField("Whether the range may cover several major versions.").default(false),
    /** A registry counts requests; a release can wait this long. */
    interval: textField(interval, { description: "Interval at which the registry is asked for tags." }).default("5m"),
    secret: textField(dnsSubdomain, {
      description:
        "Secret of the namespace with the registry's credentials, of the type kubernetes.io/dockerconfigjson. Default: none.",
      examples: ["registry"],
    }).exactOptional(),
    filterTags: filterTags.exactOptional(),
  })
  // A new major version may break a workload, so no update crosses one by accident.
  .superRefine(
    violationCheck(({ range, acrossMajors }) => {
      if (acrossMajors === true || crossesMajors(range) !== true) return undefined;
      const fix = 'Narrow it, for instance to "~1.4" or ">=1.4.0 <2.0.0", or say acrossMajors: true';
      return { message: "can match versions of several major versions", fix };
    }, "range"),
  );

const noImage = {
  message: "names no image, so there is nothing to update",
  fix: "Name an image, or leave imageAutomation out",
};

const author = section("The author of the commits.", {
  name: textField(
    patternRule({ pattern: "^[^\\p{Cc}<>]+$", maxLength: 100, form: "one line without < and >", fix: "Write a name" }),
    { description: "Name of the commits' author." },
  ).default("Image updates"),
  /** The domain .invalid has no owner (RFC 2606), so GitHub takes no account for the author. */
  email: textField(
    patternRule({
      pattern: "^[^\\s<>@]+@[^\\s<>@]+$",
      maxLength: 254,
      form: "an e-mail address",
      fix: "Write one like image-updates@example.com",
    }),
    { description: "Address of the commits' author." },
  ).default("image-updates@fleet.invalid"),
});

const fields = objectField("Updates of images in the tenant's primary repository. In overlays only.", {
  branch: textField(branchName, {
    description: "Branch of the tenant's primary repository that updates are pushed to.",
    default: DEFAULT_IMAGE_BRANCH,
  }).exactOptional(),
  path: textField(repositoryPath, {
    description: "Folder of the repository whose manifests are updated.",
  }).default("./deploy"),
  interval: textField(interval, {
    description: "Longest time between two searches of the repository. A new version starts one at once.",
  }).default("5m"),
  author,
  pushToDefaultBranch: booleanField(
    "Whether updates are pushed to the default branch, where they take effect without a review.",
  ).default(false),
  images: z
    .record(textField(dnsLabel, { description: "Name by which manifests refer to the image." }), image)
    .superRefine(violationCheck((named) => (Object.keys(named).length > 0 ? undefined : noImage)))
    .meta({ description: "Images that are kept up to date, by the name that manifests use." }),
});

/** The update of a tenant's images. */
export const imageAutomation = ofOneTenant(
  overlayOnly(fields.exactOptional(), "clusters that push to one branch would undo each other's commits"),
  "each tenant has images of its own",
);

/** Image automation with the branch that it pushes to unless the file says otherwise. */
export function completeImageAutomation(declared: z.output<typeof fields>, defaultBranch: string) {
  return { branch: declared.pushToDefaultBranch ? defaultBranch : DEFAULT_IMAGE_BRANCH, ...declared };
}

/** Name of the GitRepository that a tenant's image automation pushes through, and of the automation itself. */
export function imageUpdatesName(tenant: string): string {
  return `${tenant}-image-updates`;
}
