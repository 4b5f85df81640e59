import { planned } from "../../../../support/unit/plan.js";
import { deployment, digest } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `pinned-images`. */
export const pinnedImagesCases: RuleCases = {
  violating: [
    {
      title: "a tag",
      after: [deployment("ghcr.io/fluxcd/source-controller:v1.9.3")],
      messages: ["flux-system/source-controller runs ghcr.io/fluxcd/source-controller:v1.9.3"],
    },
    {
      title: "an init container",
      after: [deployment("busybox", "initContainers")],
      messages: ["flux-system/source-controller runs busybox"],
    },
    {
      title: "a job with a schedule and a pod",
      after: [
        planned("kubernetes:batch/v1:CronJob", "job", {
          metadata: { name: "job" },
          spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: "busybox:1" }] } } } } },
        }),
        planned("kubernetes:core/v1:Pod", "pod", {
          metadata: { name: "pod" },
          spec: { containers: [{ image: "busybox@sha256:0123" }] },
        }),
      ],
      messages: ["job runs busybox:1", "pod runs busybox@sha256:0123"],
    },
  ],
  clean: [{ title: "a digest", after: [deployment(`ghcr.io/fluxcd/source-controller:v1.9.3@${digest}`)] }],
};
