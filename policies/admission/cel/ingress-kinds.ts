import { type ResourceRule, whenWritten } from "./policy.js";

/** What an ingress controller, one of Gateway API or external-dns serves, and whose annotations it reads. */
export const servedKinds: readonly ResourceRule[] = [
  whenWritten("networking.k8s.io", ["ingresses"]),
  whenWritten("gateway.networking.k8s.io", ["httproutes", "grpcroutes", "tlsroutes"]),
  whenWritten("", ["services"]),
];
