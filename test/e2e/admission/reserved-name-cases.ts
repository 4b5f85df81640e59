import { configMap, secret, serviceAccount } from "../../support/objects/configuration.js";
import { networkPolicy } from "../../support/objects/network.js";
import { alert, provider, receiver } from "../../support/objects/notifications.js";
import { account, roleBinding } from "../../support/objects/rbac.js";
import { gitRepository } from "../../support/objects/sources.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";
import { ownRole } from "./role-binding-cases.js";

/** Names that the platform's objects have or may have. */
const reservedNames = {
  ConfigMap: ["fleet-common-ca"],
  Secret: [
    "fleet-common-proxy",
    "fleet-pull-registry",
    "tenant-git",
    "tenant-git-write",
    "tenant-git--token",
    "tenant-notify-chat",
    "tenant-webhook",
    "tenant-verify-team-a",
    "ci-robot-token",
    "fleet-platform-x",
  ],
  ServiceAccount: ["ci-robot", "fleet-platform-x"],
  RoleBinding: ["viewers", "operators", "canaries", "ci-robot", "role-support", "fleet-platform-x"],
  NetworkPolicy: ["tenant", "export-api", "fleet-platform-x"],
  GitRepository: ["team-a-image-updates", "fleet-platform-x"],
  Provider: ["tenant-notify-chat", "fleet-platform-x"],
  Alert: ["tenant-notify-chat", "fleet-platform-x"],
  Receiver: ["tenant-webhook", "tenant-webhook-app", "fleet-platform-x"],
};

const freeNames = {
  // Elastic's charts have objects called fleet-server, and Rancher's fleet-agent.
  ConfigMap: ["fleet-server", "tenant-git", "fleet-common"],
  Secret: [
    "tenant",
    "tenant-gitea",
    "tenant-verifier",
    "git-write",
    "ci",
    "my-fleet-platform-x",
    "fleet-server-agent-config",
  ],
  ServiceAccount: ["robot", "reconcilers", "operators", "fleet-server"],
  RoleBinding: ["viewer", "tenant", "roles", "web-role-support", "fleet-server"],
  NetworkPolicy: ["tenants", "exports", "web", "fleet-agent"],
  GitRepository: ["image-updates", "tenant-git"],
  Provider: ["tenant-webhook", "chat"],
  Alert: ["tenant", "chat"],
  Receiver: ["tenant-notify-chat", "push"],
};

/** Policy fleet-reserved-names. */
export function reservedNameCases(place: Place): Case[] {
  const { namespace, organisation } = place;
  const make = {
    ConfigMap: (name: string) => configMap({ name, namespace }),
    Secret: (name: string) => secret({ name, namespace }, { key: "value" }),
    ServiceAccount: (name: string) => serviceAccount({ name, namespace }),
    RoleBinding: (name: string) =>
      roleBinding({ name, namespace }, `Role/${ownRole(place).metadata.name}`, account("web", namespace)),
    NetworkPolicy: (name: string) => networkPolicy({ name, namespace }),
    GitRepository: (name: string) => gitRepository({ name, namespace }, `${organisation}/app.git`),
    Provider: (name: string) => provider({ name, namespace }),
    Alert: (name: string) => alert({ name, namespace }, [{ kind: "Kustomization", name: "*" }]),
    Receiver: (name: string) => receiver({ name, namespace }),
  };
  const objects = (names: Readonly<Record<keyof typeof make, readonly string[]>>) =>
    each(
      Object.entries(names).flatMap(([kind, all]) =>
        all.map((name) => [`a ${kind} ${name}`, make[kind as keyof typeof make](name)] as const),
      ),
      (pair) => pair,
    );
  return [
    ...refused(
      /the name [a-z-]+ is reserved for an object that the platform creates when a tenant file asks for it: set another/,
      objects(reservedNames),
    ),
    ...allowed(objects(freeNames)),
  ];
}
