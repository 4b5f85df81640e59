import { type KubernetesObject, objectName, withLabels } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE, fluxLabels, INSTANCE_LABEL, PART_OF_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { asDeployment } from "../release/deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "labels";

/** Labels every object and every pod as part of Flux, with its version and the stack. */
export function labelObjects(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  const labels = fluxLabels(context.stack, context.settings.version);
  return objects.map((object) => {
    for (const [key, value] of Object.entries({ [PART_OF_LABEL]: "flux", [INSTANCE_LABEL]: FLUX_NAMESPACE })) {
      const found = object.metadata.labels?.[key];
      if (found !== undefined && found !== value) {
        throw unexpectedManifest(
          context,
          step,
          objectName(object),
          `carries the label ${key}=${found}, and not ${value}`,
        );
      }
    }
    const labelled = withLabels(object, labels);
    return labelled.kind === "Deployment" ? labelPods(labelled, labels) : labelled;
  });
}

function labelPods(object: KubernetesObject, labels: Readonly<Record<string, string>>): KubernetesObject {
  const deployment = asDeployment(object);
  const { template } = deployment.spec;
  const metadata = { ...template.metadata, labels: { ...template.metadata.labels, ...labels } };
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, metadata } } };
}
