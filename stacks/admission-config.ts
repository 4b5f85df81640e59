import { z } from "zod";
import { stackDefaults } from "./defaults.js";
import { choiceField, textField } from "./field.js";
import { gitHubOwner } from "./names.js";
import { patternRule } from "./rule.js";

/** Whether what an admission policy refuses is refused, or passes with a warning and a note in the audit log. */
export const ADMISSION_MODES = ["enforce", "audit"] as const;

/** See {@link ADMISSION_MODES}. */
export type AdmissionMode = (typeof ADMISSION_MODES)[number];

/** Ways in which a Service is reached from outside the cluster, or leads out of its namespace. */
export const SERVICE_EXPOSURES = ["NodePort", "LoadBalancer", "externalIPs", "ExternalName"] as const;

/** One of {@link SERVICE_EXPOSURES}. */
export type ServiceExposure = (typeof SERVICE_EXPOSURES)[number];

const label = "[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?";

/** Host of a URL, with its port where the URL names one; compared as it stands there. */
const sourceHost = patternRule({
  pattern: `^${label}(\\.${label})*(:[0-9]{1,5})?$`,
  maxLength: 259,
  form: "a host: a DNS name or IPv4 address, with :PORT if the URL has one",
  fix: "Write the host alone, like ghcr.io or charts.example.com:8443",
});

/** What a stack's configuration says about admission; see docs/admission.md. */
export const admissionConfig = {
  admission: choiceField(ADMISSION_MODES, {
    description: "What becomes of requests that an admission policy refuses: refused, or only told and logged.",
  }).default(stackDefaults.admission),
  allowedSourceHosts: z
    .array(textField(sourceHost, { description: "A host, with :PORT if the URL names one." }))
    .default([])
    .meta({ description: "Hosts that tenants' Flux sources may fetch from, beside that of the repositories." }),
  allowedSourceOwners: z
    .array(textField(gitHubOwner, { description: "An organisation or user at GitHub." }))
    .default([])
    .meta({ description: "Owners at GitHub that tenants' Flux sources may fetch from, beside the organisation." }),
  serviceExposure: z
    .array(choiceField(SERVICE_EXPOSURES, { description: "A way that tenants' Services may be exposed." }))
    .default([])
    .meta({
      description:
        "How tenants' Services may be reached from outside the cluster, beside an Ingress, and whether they may be names of what is elsewhere.",
    }),
};
