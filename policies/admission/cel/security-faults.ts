import { cel, celList, celString } from "./cel.js";
import { containers, pod } from "./pod-template-kinds.js";
import type { Expressions } from "./policy.js";

/** Label of a namespace with the level of Pod Security that the API server enforces on pods. */
const LEVEL_LABEL = "pod-security.kubernetes.io/enforce";

/** Capabilities that the level `baseline` lets containers add. */
const baselineCapabilities = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"],
  ...["SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

/** Settings of the kernel that a pod has for itself. */
const safeSysctls = [
  "kernel.shm_rmid_forced",
  ...["ip_local_port_range", "ip_local_reserved_ports", "ip_unprivileged_port_start", "ping_group_range"].map(ipv4),
  ...["tcp_fin_timeout", "tcp_keepalive_intvl", "tcp_keepalive_probes", "tcp_keepalive_time", "tcp_rmem"].map(ipv4),
  ...["tcp_syncookies", "tcp_wmem"].map(ipv4),
];

/** Types of SELinux for containers. */
const containerTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/** A rule of pods: its fix, and CEL of the names of what breaks it, empty if nothing does. */
export type Rule = readonly [fix: string, broken: string];

/** Rules of `baseline`, and of `restricted` as well. */
const baseline: readonly Rule[] = [
  [
    "remove hostNetwork, hostPID and hostIPC",
    ofPod(["hostNetwork", "hostPID", "hostIPC"].map((field) => `variables.pod.?${field}.orValue(false)`).join(" || ")),
  ],
  [
    "use no volume of the type hostPath",
    "variables.pod.?volumes.orValue([]).filter(one, has(one.hostPath)).map(one, one.name).join(', ')",
  ],
  ["remove securityContext.privileged", ofContainers("privileged.orValue(false)")],
  [
    "remove securityContext.procMount",
    cel`
      variables.ownUsers && variables.level == 'baseline' ? ''
      : ${ofContainers("procMount.orValue('Default') != 'Default'")}
    `,
  ],
  ["remove appArmorProfile.type Unconfined", ofBoth("appArmorProfile.?type.orValue('') == 'Unconfined'")],
  [
    "remove capabilities.add",
    ofContainers("capabilities.?add.orValue([]).exists(name, !(name in variables.capabilities))"),
  ],
  [
    "remove host from probes and lifecycle hooks",
    cel`
      variables.containers.filter(
        one,
        [
          one.?livenessProbe,
          one.?readinessProbe,
          one.?startupProbe,
          one.?lifecycle.?postStart,
          one.?lifecycle.?preStop
        ].exists(probe, probe.?httpGet.?host.orValue('') != '' || probe.?tcpSocket.?host.orValue('') != '')
      ).map(one, one.name).join(', ')
    `,
  ],
  [
    "remove securityContext.sysctls",
    cel`
      variables.context.?sysctls.orValue([]).map(one, one.name).filter(
        name,
        !(name in ${celList(safeSysctls)})
      ).join(', ')
    `,
  ],
  [
    "remove user, role and other types than container_t from seLinuxOptions",
    ofBoth(cel`
      seLinuxOptions.optMap(
        one,
        !(one.?type.orValue('') in ${celList(containerTypes)})
        || one.?user.orValue('') != ''
        || one.?role.orValue('') != ''
      ).orValue(false)
    `),
  ],
  ["remove windowsOptions.hostProcess", ofBoth("windowsOptions.?hostProcess.orValue(false)")],
  [
    "remove seccompProfile.type Unconfined",
    `variables.level == 'restricted' ? '' : ${ofBoth("seccompProfile.?type.orValue('') == 'Unconfined'")}`,
  ],
];

/**
 * Rules of `restricted` alone. Pods for Windows are free of those on privileges, capabilities and system calls, and pods
 * with users of their own of those on users.
 */
const restricted: readonly Rule[] = [
  [
    "set securityContext.allowPrivilegeEscalation: false",
    ofContainers("allowPrivilegeEscalation.orValue(!variables.windows)"),
  ],
  [
    "set securityContext.capabilities.drop: [ALL]",
    ofContainers("capabilities.?drop.orValue(variables.windows ? ['ALL'] : []).all(name, name != 'ALL')"),
  ],
  [
    "set securityContext.runAsNonRoot: true",
    cel`
      variables.ownUsers ? ''
      : ${ofContainers("runAsNonRoot.orValue(variables.context.?runAsNonRoot.orValue(false)) == false")}
    `,
  ],
  ["set no securityContext.runAsUser: 0", `variables.ownUsers ? '' : ${ofBoth("runAsUser.orValue(1) == 0")}`],
  [
    "set securityContext.seccompProfile.type: RuntimeDefault",
    ofContainers(cel`
      seccompProfile.?type.orValue(
        variables.context.?seccompProfile.?type.orValue(variables.windows ? 'RuntimeDefault' : '')
      ) in ['', 'Unconfined']
    `),
  ],
];

/**
 * Variables about the violations of Pod Security by `variables.pod`: `level` of the namespace, and `faults`, a list of
 * texts, each a fix with the names of the containers that need it.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @see https://github.com/kubernetes/pod-security-admission/tree/v0.36.0/policy
 */
export const securityFaults: Expressions = {
  pod,
  containers,
  level: `namespaceObject.metadata.?labels[?${celString(LEVEL_LABEL)}].orValue('privileged')`,
  context: "variables.pod.?securityContext.orValue({})",
  windows: "variables.pod.?os.?name.orValue('') == 'windows'",
  // The pod's users are not those of its node.
  ownUsers: "variables.pod.?hostUsers.orValue(true) == false",
  capabilities: `variables.level == 'restricted' ? ['NET_BIND_SERVICE'] : ${celList(baselineCapabilities)}`,
  baseline: listOf(baseline),
  restricted: listOf(restricted),
  broken: cel`
    (variables.level in ['baseline', 'restricted'] ? variables.baseline : [])
    + (variables.level == 'restricted' ? variables.restricted : [])
  `,
  faults: textsOf("variables.broken"),
};

function ipv4(name: string): string {
  return `net.ipv4.${name}`;
}

/** CEL of the names of the containers whose security context breaks a rule. @param broken after `securityContext.?` */
function ofContainers(broken: string): string {
  return `${containersThat(broken)}.join(', ')`;
}

/** As {@link ofContainers}, and `pod` if the pod's own security context breaks the rule. */
function ofBoth(broken: string): string {
  return `(${containersThat(broken)} + (variables.context.?${broken} ? ['pod'] : [])).join(', ')`;
}

function containersThat(broken: string): string {
  return `variables.containers.filter(one, one.?securityContext.?${broken}).map(one, one.name)`;
}

function ofPod(broken: string): string {
  return `(${broken} ? 'pod' : '')`;
}

/** CEL of a list of rules. */
export function listOf(rules: readonly Rule[]): string {
  return `[${rules.map(([fix, broken]) => `[${celString(fix)}, ${broken}]`).join(", ")}]`;
}

/** CEL of the texts of the rules that are broken. @param rules CEL of the list */
export function textsOf(rules: string): string {
  return `${rules}.filter(rule, rule[1] != '').map(rule, rule[0] + ' (' + rule[1] + ')')`;
}
