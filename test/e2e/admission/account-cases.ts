import { serviceAccount } from "../../support/objects/configuration.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Policy fleet-identities, where the stack adds the annotation `cloud.example.com/identity`. */
export function identityCases(place: Place): Case[] {
  const keys = [
    "azure.workload.identity/client-id",
    "azure.workload.identity/tenant-id",
    "cloud.example.com/identity",
    "eks.amazonaws.com/audience",
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
  ];
  const annotated = (annotations: Readonly<Record<string, string>>) => serviceAccount({ ...place, annotations });
  return [
    ...refused(
      /only the platform may create service accounts with a cloud identity: remove the annotation/,
      each(keys, (key) => [`an account with the annotation ${key}`, annotated({ [key]: "mine" })]),
    ),
    ...refused(
      /annotations of service accounts must be known to grant nothing: remove [^ ]+, or write them without a prefix/,
      each(["vault.hashicorp.com/alias-metadata-team", "pod-identity.example.org/role-name"], (key) => [
        `an account with the unknown annotation ${key}`,
        annotated({ [key]: "mine" }),
      ]),
    ),
    ...allowed({
      "an account without annotation": annotated({}),
      "an account with an annotation of its own": annotated({ owner: "x" }),
      "an account with an annotation that the stack lists": annotated({ "example.com/owner": "x" }),
      "an account of a chart": annotated({ "helm.sh/hook": "pre-install", "meta.helm.sh/release-name": "web" }),
    }),
  ];
}
