import { createOrUpdate, type ResourceRule } from "./policy.js";

/** Kinds whose hosts and annotations an ingress controller, a Gateway API controller or external-dns reads. */
export const ingressKinds: readonly ResourceRule[] = [
  createOrUpdate("networking.k8s.io", ["ingresses"]),
  createOrUpdate("gateway.networking.k8s.io", ["httproutes", "grpcroutes", "tlsroutes"]),
  createOrUpdate("", ["services"]),
];
