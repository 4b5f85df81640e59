import type { KubernetesObject } from "../../../lib/kubernetes/object.js";

/** A question to the API server: may this account of Flux's namespace do that? */
export interface Question {
  readonly account: string;
  readonly verb: string;
  /** `kustomizations.kustomize.toolkit.fluxcd.io`, `secrets`, `serviceaccounts/token`. */
  readonly resource: string;
  readonly namespace: string;
}

/** The question as one says it: `source-controller create secrets in team`. */
export function asText({ account, verb, resource, namespace }: Question): string {
  return `${account} ${verb} ${resource} in ${namespace}`;
}

/** The access reviews to send; each answer is in `status.allowed`. */
export function accessReviews(questions: readonly Question[]): KubernetesObject {
  const items = questions.map(({ account, verb, resource: text, namespace }) => {
    const [kind = "", subresource] = text.split("/");
    const [resource, ...group] = kind.split(".");
    return {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user: `system:serviceaccount:flux-system:${account}`,
        groups: ["system:serviceaccounts", "system:serviceaccounts:flux-system", "system:authenticated"],
        resourceAttributes: { namespace, verb, group: group.join("."), resource, ...(subresource && { subresource }) },
      },
    };
  });
  return { apiVersion: "v1", kind: "List", metadata: { name: "" }, items };
}

/** Each controller's own kinds. */
export const kindsOf: Readonly<Record<string, readonly string[]>> = {
  "source-controller": ["gitrepositories", "ocirepositories", "buckets", "helmrepositories", "helmcharts"].map(
    (kind) => `${kind}.source.toolkit.fluxcd.io`,
  ),
  "kustomize-controller": ["kustomizations.kustomize.toolkit.fluxcd.io"],
  "helm-controller": ["helmreleases.helm.toolkit.fluxcd.io"],
  "notification-controller": ["alerts", "providers", "receivers"].map(
    (kind) => `${kind}.notification.toolkit.fluxcd.io`,
  ),
  "image-reflector-controller": ["imagerepositories", "imagepolicies"].map((kind) => `${kind}.image.toolkit.fluxcd.io`),
  "image-automation-controller": ["imageupdateautomations.image.toolkit.fluxcd.io"],
};
