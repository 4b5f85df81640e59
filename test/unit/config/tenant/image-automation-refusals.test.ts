import assert from "node:assert/strict";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";
import { asking, base, config, pullRequests, shop, withImage } from "../../../support/unit/image-automation-files.js";

describe("image automation is refused, naming file and field, for", () => {
  it("a base file, which would have every cluster push to one branch", () => {
    assertProblems(
      { config, files: { [base]: JSON.stringify({ name: "team-a", imageAutomation: { images: { shop } } }) } },
      /^stacks\/base\/tenants\/team-a\.yaml:1: imageAutomation: belongs to one stack: .*Move it to the overlay of one stack\.$/,
    );
  });

  it("a stack without the controllers for it, and names them", () => {
    assertProblems(
      { ...asking({ images: { shop } }), config: { extraComponents: ["image-reflector-controller"] } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: imageAutomation: needs image-automation-controller, which fleet:extraComponents of Pulumi\.staging\.yaml does not list/,
    );
    assertProblems(
      { ...asking({ images: { shop } }), config: {} },
      /imageAutomation: needs image-reflector-controller and image-automation-controller, which/,
    );
  });

  it("a stack that promotes from another one, which would not have run what is found", () => {
    const promoting = { ...config, promotesFrom: "prod-eu" };
    assertProblems(
      { ...asking({ images: { shop } }), config: promoting, allowUnpinned: true },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: imageAutomation: scans registries for staging, which promotes from prod-eu: .* Move it to stacks\/prod-eu\/tenants\/team-a\.yaml, and have staging follow/,
    );
  });

  it("no images, so that there is no key that can push and nothing to push", () => {
    assertProblems(asking({}), /imageAutomation\.images: is missing\. Add it/);
    assertProblems(asking({ images: {} }), /imageAutomation\.images: names no image, so there is nothing to update/);
  });

  it("the default branch, when nothing says that it is meant", () => {
    assertProblems(
      asking({ images: { shop }, branch: "main" }),
      /imageAutomation\.branch: "main" is the default branch, where updates would take effect before anybody/,
    );
    assertProblems(
      asking({ images: { shop } }, {}, { ...pullRequests, defaultBranch: "image-updates" }),
      /imageAutomation\.branch: "image-updates" is the default branch/,
    );
  });

  it("a branch that a sync applies, on this stack and on another one", () => {
    const following = { sync: { ref: { branch: "image-updates" } } };
    assertProblems(
      asking({ images: { shop } }, following),
      /imageAutomation\.branch: "image-updates" is the branch that the sync team-a applies, so updates would take effect/,
    );
    const elsewhere = asking({ images: { shop } });
    const files = { ...elsewhere.files, "stacks/prod-eu/tenants/team-a.yaml": JSON.stringify(following) };
    assertProblems(
      { ...elsewhere, files },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: imageAutomation: pushes to the branch "image-updates", which prod-eu applies/,
    );
    load({
      ...elsewhere,
      files: { ...files, "stacks/prod-eu/tenants/team-a.yaml": '{"sync":{"ref":{"branch":"main"}}}' },
    });
  });

  it("a default branch to which its key could push", () => {
    const open =
      /imageAutomation: puts a key that can push into the tenant's namespace, and the default branch is open to it\. Write repository: \{protection: \{pullRequest: true\}\} into stacks\/base\/tenants\/team-a\.yaml, or say pushToDefaultBranch: true\.$/;
    assertProblems(asking({ images: { shop } }, {}, {}), open);
    assertProblems(asking({ images: { shop } }, {}, { protection: { enabled: false } }), open);
    assertProblems(asking({ images: { shop } }, {}, { protection: { checks: ["test"] } }), open);
  });

  it("a repository that another tenant has too, which its key could change", () => {
    const changes = asking({ images: { shop } }, {}, { name: "mono", existing: true });
    for (const other of ["repository: {name: mono, existing: true}", "repositories: {Mono: {existing: true}}"]) {
      assertProblems(
        { ...changes, files: { ...changes.files, "stacks/base/tenants/team-b.yaml": `name: team-b\n${other}\n` } },
        /^stacks\/staging\/tenants\/team-a\.yaml:1: imageAutomation: puts a key that can push into the tenant's namespace, and team-b is in the same repository/,
      );
    }
  });

  it("consent to push where GitHub would refuse it", () => {
    const closed =
      /imageAutomation\.pushToDefaultBranch: is true, and GitHub would refuse each update: the default branch demands/;
    const consent = { images: { shop }, pushToDefaultBranch: true };
    assertProblems(asking(consent), closed);
    assertProblems(asking(consent, {}, { protection: { checks: ["test"] } }), closed);
  });

  it("two branches at once", () => {
    assertProblems(
      asking({ images: { shop }, branch: "updates", pushToDefaultBranch: true }, {}, {}),
      /imageAutomation\.branch: is "updates", while pushToDefaultBranch: true has updates pushed to "main"/,
    );
  });

  it("a range across majors without consent", () => {
    assertProblems(
      withImage({ range: ">=1.4.0" }),
      /imageAutomation\.images\.shop\.range: ">=1\.4\.0" can match versions of several major versions\. Narrow it/,
    );
    assertProblems(withImage({ range: "*", acrossMajors: false }), /range: "\*" can match versions of several/);
  });

  const refused: readonly (readonly [what: string, image: Readonly<Record<string, unknown>>, problem: RegExp])[] = [
    ["a range that is none", { range: "newest" }, /shop\.range: "newest" is not/],
    ["a range that Flux could not read", { range: "1x.2" }, /shop\.range: "1x\.2" is not a range that Flux can read/],
    ["a range without any version", { range: ">=2 <1" }, /shop\.range: ">=2 <1" matches no version at all/],
    ["an image with a tag", { image: "ghcr.io/acme/shop:1.4" }, /shop\.image: .* has a tag or a digest/],
    ["an image with a digest", { image: "ghcr.io/acme/shop@sha256:00" }, /shop\.image: .* has a tag or a digest/],
    ["an image with a scheme", { image: "https://ghcr.io/acme/shop" }, /shop\.image: .* has a scheme/],
    ["an image without a registry", { image: "acme/shop" }, /does not name its registry.*docker\.io\/acme\/shop/],
    ["an image that is one word", { image: "nginx" }, /does not name its registry.*docker\.io\/library\/nginx/],
    ["an image in capitals", { image: "ghcr.io/Acme/shop" }, /is not the name of an image/],
    [
      "a private address, which would be asked without TLS",
      { image: "10.0.0.7/shop" },
      /has the address 10\.0\.0\.7 for its host/,
    ],
    [
      "a name in .local, which would be asked without TLS",
      { image: "hub.local/shop" },
      /end in \.local are not public/,
    ],
    ["a service of the cluster", { image: "hub.payments.svc/shop" }, /names that end in \.svc are not public/],
    ["a machine of the cluster", { image: "hub:5000/shop" }, /shop\.image: .* the host hub/],
    ["a port that is none", { image: "ghcr.io:99999/acme/shop" }, /shop\.image: .* port/],
    ["a name that is no DNS label", {}, /images\.Shop: the key is not a DNS label/],
    ["a Secret's name that is none", { secret: "My Secret" }, /shop\.secret: "My Secret" is not a DNS name/],
    ["a look every second", { interval: "1s" }, /shop\.interval: "1s" is not between 10s and 24h/],
    ["an expression that is none", { filterTags: { pattern: "v(" } }, /pattern: "v\(" is not a regular expression/],
    ["an expression that Flux cannot have", { filterTags: { pattern: "v(?=1)" } }, /looks ahead or behind/],
    [
      "a group that it refers back to",
      { filterTags: { pattern: "^(v)\\1$" } },
      /refers back to a group \(\\1\), which/,
    ],
    ["too many repetitions", { filterTags: { pattern: "^a{1001}$" } }, /repeats a part more than 1000 times, which/],
    [
      "a group that the expression does not have",
      { filterTags: { pattern: "^v(?P<version>.*)$", extract: "$release" } },
      /filterTags\.extract: "\$release" names the group release, which the pattern does not have\. Name one of: \$version/,
    ],
    [
      "a number of a group that is not there",
      { filterTags: { pattern: "^v(.*)$", extract: "$2" } },
      /extract: "\$2" names the group 2, which/,
    ],
    [
      "no group at all",
      { filterTags: { pattern: "^v(.*)$", extract: "version" } },
      /extract: "version" takes nothing out of the tag/,
    ],
  ];
  for (const [what, image, problem] of refused) {
    it(what, () => {
      const name = what.includes("DNS label") ? "Shop" : "shop";
      assertProblems(asking({ images: { [name]: { ...shop, ...image } } }), problem);
    });
  }

  it("an author that Git could not write down", () => {
    assertProblems(
      asking({ images: { shop }, author: { name: "A <b>", email: "no-address" } }),
      /imageAutomation\.author\.email: "no-address" is not an e-mail address/,
      /imageAutomation\.author\.name: "A <b>" is not one line without < and >/,
    );
  });

  it("limits without room for its Secret and its GitRepository", () => {
    assertProblems(
      asking({ images: { shop } }, { limits: { secrets: 1, fluxObjects: 1 } }),
      /imageAutomation: needs a GitRepository of its own, and limits\.fluxObjects leaves room for 1/,
      /imageAutomation: needs a Secret with a key of its own, and limits\.secrets leaves room for 1/,
    );
  });

  it("a sync whose source would have the same name", () => {
    assertProblems(
      asking({ images: { shop } }, { syncs: { "team-a-image-updates": { path: "./other" } } }),
      /imageAutomation: makes a GitRepository team-a-image-updates, which is that of the sync of the same name/,
    );
  });

  describe("a branch that another stack's automation pushes to", () => {
    const other = "stacks/prod-eu/tenants/team-a.yaml";
    const both = (own: object, others: object, repository = pullRequests as object): Changes => ({
      ...asking({ images: { shop }, ...own }, {}, { ...repository }),
      files: {
        ...asking({ images: { shop }, ...own }, {}, { ...repository }).files,
        [other]: JSON.stringify({ imageAutomation: { images: { shop }, ...others } }),
      },
    });
    const toMain = { pushToDefaultBranch: true };

    it("be it the default one", () => {
      const problem =
        /^stacks\/staging\/tenants\/team-a\.yaml:1: imageAutomation: pushes to the branch "image-updates" as stacks\/prod-eu\/tenants\/team-a\.yaml does, and each stack would undo/;
      assertProblems(both({}, {}), problem);
      assertProblems(both({ path: "./a" }, { path: "./b" }), problem);
      assertProblems(both({ branch: "up" }, { branch: "up" }), /pushes to the branch "up" as/);
      for (const path of ["./deploy/staging", "./", "./deploy/"]) {
        assertProblems(both({ ...toMain, path }, toMain, {}), /pushes to the branch "main" as/);
      }
    });

    it("unless the branches differ, or updates of different folders are pushed to the default branch", () => {
      for (const changes of [
        both({ branch: "updates-staging" }, {}),
        both({ ...toMain, path: "./deploy/staging" }, { ...toMain, path: "./deploy/staging-eu" }, {}),
        { ...both({}, {}), files: { ...both({}, {}).files, [other]: "{}\n" } },
        { ...both({}, {}), files: { ...both({}, {}).files, [other]: undefined } },
      ]) {
        assert.ok(load(changes).tenants[0]?.imageAutomation);
      }
    });
  });

  it("everything at once", () => {
    assertProblems(
      { ...asking({ images: { shop }, branch: "main" }, { limits: { secrets: 1 } }), config: {} },
      /imageAutomation: needs a Secret/,
      /imageAutomation: needs image-/,
      /imageAutomation\.branch/,
    );
    const images = { shop: { image: "shop", range: "*" } };
    assertProblems(
      { ...asking({ images, branch: "main" }, { limits: { secrets: 1 } }), config: {} },
      /imageAutomation: needs a Secret/,
      /imageAutomation: needs image-/,
      /images\.shop\.image/,
      /images\.shop\.range/,
    );
  });
});
