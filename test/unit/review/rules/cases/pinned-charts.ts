import { digest, flux } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The source of a chart of the tenant `a`. */
const chart = (ref?: object) => flux("source", "OCIRepository", { url: "oci://ghcr.io/acme/shop", ref });
const { tenant: _, ...ofPlatform } = chart();
const messages = ["the chart apps of a follows a range or a tag that may move"];

/** The cases of the rule `pinned-charts`. */
export const pinnedChartsCases: RuleCases = {
  violating: [
    { title: "a chart by a range", after: [chart({ semver: "~1.4" })], messages },
    { title: "a chart by a tag that is no version", after: [chart({ tag: "latest" })], messages },
    { title: "a chart without a version", after: [chart()], messages },
  ],
  clean: [
    { title: "a chart by a version", after: [chart({ tag: "1.4.2" })] },
    { title: "a chart by a digest beside a range", after: [chart({ semver: "~1.4", digest })] },
    { title: "a source of the platform, which other rules judge", after: [ofPlatform] },
  ],
};
