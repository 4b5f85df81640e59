import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { deployment, infrastructureFile, release } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const only = (...documents: readonly string[]) => builtPlatform({ [infrastructureFile]: documents.join("---\n") });
const values = (...lines: readonly string[]) => release("proxy", "values:", ...lines.map((line) => `  ${line}`));
const at = (line: number, message: string) => `${infrastructureFile}:${line} HelmRelease platform/proxy ${message}`;
const configMap = (text: string, name = "proxy-values") => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: platform}
data: {values.yaml: "${text}"}
`;
const fromConfigMap = release("proxy", "valuesFrom: [{kind: ConfigMap, name: proxy-values}]");

/** The cases of the rule `platform-hardening`. */
export const hardeningCases: PlatformCases = {
  violating: [
    {
      title: "values that give a pod the node",
      platform: only(
        values("hostNetwork: true", "pod: {hostPID: true, hostIPC: true}", "securityContext:", "  privileged: true"),
      ),
      violations: [
        at(6, "sets hostNetwork: true"),
        at(7, "sets hostPID: true"),
        at(7, "sets hostIPC: true"),
        at(9, "sets privileged: true"),
      ],
    },
    {
      title: "values that give a container more than it has by itself",
      platform: only(
        values(
          "a: {allowPrivilegeEscalation: true, runAsNonRoot: false, runAsUser: 0}",
          "b: {capabilities: {drop: [ALL], add: [NET_ADMIN]}}",
          "c: {seccompProfile: {type: Unconfined}}",
        ),
      ),
      violations: [
        at(6, "sets allowPrivilegeEscalation: true"),
        at(6, "sets runAsNonRoot: false"),
        at(6, "sets runAsUser: 0"),
        at(7, "adds NET_ADMIN"),
        at(8, "sets the profile Unconfined"),
      ],
    },
    {
      title: "texts that stand for true, false and root",
      platform: only(values("a: {privileged: 'true', hostPID: 'YES', runAsNonRoot: 'false', runAsUser: '0'}")),
      violations: [
        at(6, "sets privileged: true"),
        at(6, "sets hostPID: YES"),
        at(6, "sets runAsNonRoot: false"),
        at(6, "sets runAsUser: 0"),
      ],
    },
    {
      title: "variables whose values no rule knows",
      platform: only(
        values("a: {privileged: '\u0024{x}', runAsNonRoot: '\u0024{x}', runAsUser: '\u0024{x:=1}'}"),
        deployment("proxy:1").replace(":1'}", ":1', securityContext: {privileged: '\u0024{x}'}}"),
      ),
      violations: [
        at(6, "sets privileged: \u0024{x}"),
        at(6, "sets runAsNonRoot: \u0024{x}"),
        at(6, "sets runAsUser: \u0024{x:=1}"),
        `${infrastructureFile}:15 Deployment platform/proxy sets privileged: \u0024{x}`,
      ],
    },
    {
      title: "connections that check no certificate",
      platform: only(values("api: {insecureSkipTLSVerify: true}", "args: [--kubelet-insecure-tls, --v=2]")),
      violations: [at(6, "sets insecureSkipTLSVerify: true"), at(7, "passes --kubelet-insecure-tls")],
    },
    {
      title: "values in a ConfigMap of fleet/, and others that no rule can read",
      platform: only(fromConfigMap, configMap("web: {privileged: true}")),
      violations: [at(10, "sets privileged: true at web.privileged")],
    },
    {
      title: "values that no rule can read",
      platform: only(fromConfigMap, configMap("{")),
      violations: [at(10, "has values in values.yaml that no rule can read")],
    },
    {
      title: "a pod of its own manifests",
      platform: only(deployment("proxy:1").replace(":1'}", ":1', securityContext: {privileged: true}}")),
      violations: [`${infrastructureFile}:8 Deployment platform/proxy sets privileged: true`],
    },
  ],
  clean: [
    {
      title: "values that keep it on",
      platform: only(
        values(
          "a: {privileged: false, runAsNonRoot: true, runAsUser: 1000, hostNetwork: false}",
          "b: {capabilities: {drop: [ALL], add: []}}",
          "args: [--insecure=false, --secure]",
        ),
      ),
    },
    {
      title: "a ConfigMap that no release names",
      platform: only(fromConfigMap, configMap("privileged: true", "other")),
    },
    { title: "an object of another kind with such fields", platform: only(configMap("privileged: true")) },
    { title: "a pod with nothing of that", platform: only(deployment("proxy:1")) },
  ],
};
