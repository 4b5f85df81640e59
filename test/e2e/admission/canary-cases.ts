import { canary, webDeployment } from "../../support/objects/network.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Policy fleet-canaries. */
export function canaryCases(place: Place): Case[] {
  const metric = (namespace?: string) => ({ name: "errors", templateRef: { name: "errors", namespace } });
  const alert = (namespace?: string) => ({ name: "us", severity: "info", providerRef: { name: "us", namespace } });
  const measured = { metrics: [metric("team-b")] };
  const told = { alerts: [alert("team-b")] };
  return [
    ...refused(/a Canary must refer to objects of its own namespace: remove the namespace/, {
      "a Canary measured by another tenant's template, with that one's password": canary(place, {
        analysis: { metrics: [metric(), metric("team-b")] },
      }),
      "a Canary that tells another tenant's channel": canary(place, { analysis: told }),
      "a Canary measured by another tenant's template, by the analysis' former name": canary(place, {
        canaryAnalysis: measured,
      }),
      "a Canary that tells another tenant's channel, by the analysis' former name": canary(place, {
        canaryAnalysis: told,
      }),
      ...each(["targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef"], (field) => [
        `a Canary whose ${field} is in another namespace`,
        canary(place, { [field]: { ...webDeployment, namespace: "team-b" } }),
      ]),
    }),
    ...allowed({
      "a Canary without analysis": canary(place),
      "a Canary that names what is its own, and says so": canary(place, {
        targetRef: { ...webDeployment, namespace: place.namespace },
        analysis: { metrics: [metric(), metric(place.namespace)], alerts: [alert(place.namespace)] },
      }),
    }),
  ];
}
