import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { infrastructureFile, release, sync } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const only = (...documents: readonly string[]) => builtPlatform({ [infrastructureFile]: documents.join("---\n") });
const namespace = (name: string, apiVersion = "v1") =>
  `apiVersion: ${apiVersion}\nkind: Namespace\nmetadata: {name: ${name}}\n`;

/** The cases of the rule `platform-tenants`. */
export const tenantsCases: PlatformCases = {
  violating: [
    {
      title: "the namespaces of a tenant and of Flux",
      platform: only(namespace("team-search"), namespace("flux-system")),
      violations: [
        `${infrastructureFile}:3 Namespace team-search is the namespace of a tenant`,
        `${infrastructureFile}:7 Namespace flux-system is the namespace of Flux`,
      ],
    },
    {
      title: "an object in a tenant's namespace",
      platform: only("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  namespace: team-search\n"),
      violations: [
        `${infrastructureFile}:5 ServiceAccount team-search/a goes to team-search, which belongs to a tenant`,
      ],
    },
    {
      title: "a sync and a release into a tenant's namespace",
      platform: only(
        sync("a", "targetNamespace: team-search"),
        release("b", "targetNamespace: platform", "storageNamespace: team-search"),
      ),
      violations: [
        `${infrastructureFile}:5 Kustomization flux-system/a goes to team-search, which belongs to a tenant`,
        `${infrastructureFile}:12 HelmRelease platform/b goes to team-search, which belongs to a tenant`,
      ],
    },
  ],
  clean: [
    {
      title: "namespaces of the platform, and kinds of the same name",
      platform: only(namespace("platform"), namespace("team-search", "mesh.example.com/v1")),
    },
    { title: "a release into a namespace of the platform", platform: only(release("b", "targetNamespace: platform")) },
  ],
};
