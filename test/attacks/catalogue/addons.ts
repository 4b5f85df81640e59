import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Kind, object } from "../../support/objects/object.js";
import { attacksOf, type DeclaredAttack, type Place } from "../attack.js";
import { creates } from "../attempts.js";
import type { SwitchableControl } from "../controls.js";
import { NEIGHBOURS_HOST } from "../tenant-objects.js";
import { forbidden } from "./messages.js";

/** An object of an add-on that only the add-on's policy knows to be wrong. */
function leadingOut(
  id: string,
  title: string,
  layer: { readonly control: SwitchableControl; readonly message: RegExp },
  objectOf: (place: Place) => KubernetesObject,
): DeclaredAttack {
  return { id, title, stoppedBy: [layer], attempt: creates(objectOf) };
}

const of = (kind: Kind, spec: (place: Place) => Fields) => (place: Place) => object(kind, place, { spec: spec(place) });

/** Objects of add-ons that lead out of the namespace. Each field has its case in test/e2e/admission/addon-attacks.ts. */
export const addons = attacksOf("crossing", [
  leadingOut(
    "neighbours-name-certified",
    "has the platform's authority certify the neighbour's host",
    {
      control: "fleet-addon-cert-manager",
      message: /Certificate: spec\.dnsNames\[\], where .* must be a host of the tenant/,
    },
    of("Certificate", () => ({
      secretName: "stolen",
      issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
      dnsNames: [NEIGHBOURS_HOST],
    })),
  ),
  leadingOut(
    "neighbours-secret-read",
    "reads the neighbour's secret through the store that all tenants share",
    {
      control: "fleet-addon-external-secrets",
      message: /ExternalSecret: spec\.data\[\]\.remoteRef\.key, where .* must begin with the name of this namespace/,
    },
    of("ExternalSecret", ({ neighbour }) => ({
      secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
      data: [{ secretKey: "password", remoteRef: { key: `${neighbour}/database` } }],
    })),
  ),
  leadingOut(
    "everybodys-secrets-stopped",
    "has external-secrets fill its memory with a template, so that it fills no Secret of any tenant",
    {
      control: "fleet-addon-external-secrets",
      message: /ExternalSecret: spec\.target\.template\.data must only put values into texts, at most 50 times/,
    },
    of("ExternalSecret", () => ({
      secretStoreRef: { name: "own" },
      target: { template: { data: { a: "{{ range until 2000000000 }}x{{ end }}" } } },
    })),
  ),
  leadingOut(
    "neighbours-metrics-scraped",
    "has Prometheus send a token of its own to the neighbour's Services",
    {
      control: "fleet-addon-prometheus-operator",
      message: /ServiceMonitor: spec\.namespaceSelector\.matchNames\[\] must/,
    },
    of("ServiceMonitor", ({ neighbour }) => ({
      selector: {},
      namespaceSelector: { matchNames: [neighbour] },
      endpoints: [{ port: "http" }],
    })),
  ),
  leadingOut(
    "kedas-identity",
    "has KEDA read a queue with KEDA's own identity in the cloud",
    { control: "fleet-addon-keda", message: /ScaledObject: spec\.triggers\[\]\.type must be cpu or memory or cron/ },
    of("ScaledObject", () => ({
      scaleTargetRef: { name: "web" },
      triggers: [{ type: "aws-sqs-queue", metadata: { identityOwner: "operator" } }],
    })),
  ),
  {
    id: "addon-not-asked-for",
    title: "pushes an object of an add-on that its tenant file does not ask for",
    category: "escalation",
    by: "push",
    stoppedBy: [{ control: "tenant-role", message: forbidden("reconciler", "sealedsecrets") }],
    attempt: (place) => ({
      kind: "push",
      object: object("SealedSecret", { ...place, name: "not-asked-for" }, { spec: { encryptedData: { a: "AgBy" } } }),
    }),
  },
]);
