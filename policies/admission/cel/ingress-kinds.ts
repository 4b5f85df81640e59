import { createOrUpdate, type ResourceRule } from "./policy.js";

/** What an ingress controller, one of Gateway API or external-dns serves, and whose annotations it reads. */
export const ingressKinds: readonly ResourceRule[] = [
  createOrUpdate("networking.k8s.io", ["ingresses"]),
  createOrUpdate("gateway.networking.k8s.io", ["httproutes", "grpcroutes", "tlsroutes"]),
  createOrUpdate("", ["services"]),
];
