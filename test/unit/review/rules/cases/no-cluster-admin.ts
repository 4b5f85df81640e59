import { account, binding, everything, platformAdmin } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `no-cluster-admin`. */
export const noClusterAdminCases: RuleCases = {
  violating: [
    {
      title: "a tenant's account",
      after: [binding("cluster-admin", [account("reconciler", "a")], "a")],
      messages: ["a/reconciler becomes cluster-admin of the whole cluster by the binding one"],
    },
    {
      title: "a controller beside the platform's reconciler",
      after: [binding("cluster-admin", [platformAdmin, account("kustomize-controller", "flux-system")])],
      messages: ["flux-system/kustomize-controller becomes cluster-admin of the whole cluster by the binding one"],
    },
    {
      title: "a group",
      after: [binding("cluster-admin", [{ kind: "Group", name: "developers" }])],
      messages: ["the group developers becomes cluster-admin of the whole cluster by the binding one"],
    },
    {
      title: "the platform's reconciler by a binding of a tenant",
      after: [binding("cluster-admin", [platformAdmin], "a")],
      messages: ["flux-system/platform-reconciler becomes cluster-admin of the whole cluster by the binding one"],
    },
    {
      title: "a role with the same rule under another name",
      after: [everything, binding("everything", [account("reconciler", "a")], "a")],
      messages: ["a/reconciler becomes cluster-admin of the whole cluster by the binding one"],
    },
  ],
  clean: [
    { title: "the platform's reconciler", after: [binding("cluster-admin", [platformAdmin])] },
    { title: "another role", after: [binding("view", [account("reconciler", "a")], "a")] },
  ],
};
