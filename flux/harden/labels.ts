import { withLabels } from "../../lib/kubernetes/object.js";
import { fluxLabels, INSTANCE_LABEL, PART_OF_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { deployments } from "../release/deployment.js";
import type { Step } from "./step.js";

/** Labels every object and every pod as part of Flux, with its version and the stack. */
export const labelObjects: Step = (objects, { stack, settings, unexpected }) => {
  const labels = fluxLabels(stack, settings.version);
  const labelled = objects.map((object) => {
    for (const key of [PART_OF_LABEL, INSTANCE_LABEL]) {
      const found = object.metadata.labels?.[key];
      if (found === undefined || found === labels[key]) continue;
      throw unexpected(object, `carries the label ${key}=${found}, and not ${labels[key]}`);
    }
    return withLabels(object, labels);
  });
  return deployments.map(labelled, (deployment) => {
    const { template } = deployment.spec;
    const metadata = { ...template.metadata, labels: { ...template.metadata.labels, ...labels } };
    return { ...deployment, spec: { ...deployment.spec, template: { ...template, metadata } } };
  });
};
