import { podStep } from "./controller.js";

/**
 * Gives every controller the class that the release gives to all but the reporting ones. Without a class, a controller
 * has the priority of ordinary pods: on a node without memory the kubelet may evict it before a tenant's pod, and then no
 * tenant hears of a failed sync.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction
 */
export const setPriority = podStep(() => ({ priorityClassName: "system-cluster-critical" }));
