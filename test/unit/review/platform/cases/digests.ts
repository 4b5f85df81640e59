import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { digest } from "../../rules/cases/objects.js";
import { infrastructureFile, source } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const only = (text: string) => builtPlatform({ [infrastructureFile]: text });

const pinned = source("OCIRepository", "url: oci://ghcr.io/acme/a", `ref: {tag: 1.2.3, digest: '${digest}'}`);
const tagged = source("OCIRepository", "url: oci://ghcr.io/acme/b", "ref:", "  tag: 1.2.3").replace("charts", "other");

/** The cases of the rule `platform-all-digests`. */
export const allDigestsCases: PlatformCases = {
  violating: [
    {
      title: "a tag beside the digest of another artifact",
      platform: only(`${pinned}---\n${tagged}`),
      violations: [`${infrastructureFile}:13 OCIRepository platform/other names no digest`],
    },
  ],
  clean: [
    { title: "tags alone, which the advisory rule names", platform: only(tagged) },
    { title: "digests alone", platform: only(pinned) },
  ],
};

/** The cases of the rule `platform-digests`. */
export const digestsCases: PlatformCases = {
  violating: [
    {
      title: "an exact tag, which the registry may move",
      platform: only(source("OCIRepository", "url: oci://ghcr.io/acme/charts", "ref:", "  tag: 1.2.3")),
      violations: [`${infrastructureFile}:6 OCIRepository platform/charts names no digest`],
    },
  ],
  clean: [
    {
      title: "a tag beside the digest of another artifact, for another rule",
      platform: only(`${pinned}---\n${tagged}`),
    },
    {
      title: "a digest beside a tag",
      platform: only(source("OCIRepository", `ref: {tag: 1.2.3, digest: '${digest}'}`)),
    },
    { title: "a source of another kind", platform: only(source("HelmRepository", "url: oci://ghcr.io/acme")) },
  ],
};
