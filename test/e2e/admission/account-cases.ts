import type { Case, Place } from "./cases.js";

/** Policy fleet-identities, where the stack adds the annotation `cloud.example.com/identity`. */
export function identityCases({ namespace }: Place): Case[] {
  const account = (annotations: Readonly<Record<string, string>>) => ({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "of-a-test", namespace, annotations },
  });
  const refused = /only the platform may create service accounts with a cloud identity: remove the annotation/;
  return [
    ...[
      "azure.workload.identity/client-id",
      "azure.workload.identity/tenant-id",
      "cloud.example.com/identity",
      "eks.amazonaws.com/audience",
      "eks.amazonaws.com/role-arn",
      "iam.gke.io/gcp-service-account",
    ].map((key) => ({ title: `an account with the annotation ${key}`, object: account({ [key]: "mine" }), refused })),
    { title: "an account without annotation", object: account({}) },
    { title: "an account with an annotation of its own", object: account({ "example.com/role-arn": "x" }) },
  ];
}
