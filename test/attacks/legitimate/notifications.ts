import { alert, provider, receiver } from "../../support/objects/notifications.js";
import type { Place } from "../attack.js";

/** Providers of the team's own. */
export function providers(place: Place) {
  return {
    "a Provider to Slack": provider(place, { type: "slack", channel: "shop", secretRef: { name: "slack" } }),
    "a Provider to an event hub with a cloud identity of its own": provider(place, {
      type: "azureeventhub",
      channel: "shop",
      address: "shop",
      serviceAccountName: "shop",
    }),
    "a Provider to a topic at Google with a cloud identity of its own": provider(place, {
      type: "googlepubsub",
      channel: "shop",
      address: "shop",
      serviceAccountName: "shop",
    }),
    "a Provider to Microsoft Teams": provider(place, { type: "msteams", secretRef: { name: "teams" } }),
    "a Provider to a webhook": provider(place, {
      type: "generic-hmac",
      address: "https://hooks.example.com/shop",
      secretRef: { name: "hook" },
    }),
    ...commitProviders(place),
    "a Provider to PagerDuty": provider(place, {
      type: "pagerduty",
      channel: "shop",
      address: "https://events.pagerduty.com",
    }),
    "a Provider to Discord": provider(place, { type: "discord", secretRef: { name: "discord" } }),
  };
}

/** Providers that set the status of commits. */
function commitProviders(place: Place) {
  return {
    "a Provider to commits on Azure DevOps": provider(place, {
      type: "azuredevops",
      address: "https://dev.azure.com/shop/shop/_git/shop",
      secretRef: { name: "devops" },
      serviceAccountName: "shop",
    }),
    "a Provider to commits on GitHub": provider(place, {
      type: "github",
      address: "https://github.com/acme/shop",
      secretRef: { name: "github" },
    }),
    "a Provider to commits on GitHub, with a status of its own for each environment": provider(place, {
      type: "github",
      address: "https://github.com/acme/shop",
      commitStatusExpr: "(event.involvedObject.name + '/' + event.metadata.environment).lowerAscii()",
      secretRef: { name: "github" },
    }),
    "a Provider to commits on GitLab": provider(place, {
      type: "gitlab",
      address: "https://gitlab.com/shop/shop",
      secretRef: { name: "gitlab" },
    }),
  };
}

/** Alerts of the team's own. */
export function alerts(place: Place) {
  const everySync = [{ kind: "Kustomization", name: "*" }];
  return {
    "an Alert about sources of one label": alert(place, [
      { kind: "GitRepository", name: "*", matchLabels: { team: "shop" } },
    ]),
    "an Alert without routine events": alert(place, everySync, { exclusionList: ["^Fetched revision"] }),
    "an Alert about some failures": alert(place, everySync, { inclusionList: [".*timeout.*", ".*not found.*"] }),
    "an Alert about failures": alert(place, everySync, { eventSeverity: "error" }),
    "an Alert about everything of its own": alert(
      place,
      ["GitRepository", "Kustomization", "HelmRelease"].map((kind) => ({ kind, name: "*" })),
      { eventMetadata: { environment: "staging" } },
    ),
  };
}

/** Receivers of the team's own. */
export function receivers(place: Place) {
  return {
    "a Receiver of GitHub's pushes": receiver(place, { type: "github", events: ["ping", "push"] }),
    "a Receiver of GitLab's pushes": receiver(place, { type: "gitlab", events: ["Push Hook"] }),
    "a Receiver of a registry's pushes": receiver(place, { type: "dockerhub" }),
    "a Receiver of a registry's pushes, for the source of the pushed image": receiver(place, {
      type: "generic",
      resourceFilter: "req.image.split('/').last().value() == res.metadata.annotations['image']",
    }),
    "a Receiver of Bitbucket's pushes": receiver(place, { type: "bitbucket", events: ["repo:push"] }),
    "a Receiver of Nexus' uploads": receiver(place, { type: "nexus" }),
    "a Receiver of signed calls": receiver(place, { type: "generic-hmac" }),
    "a Receiver of any call": receiver(place, { type: "generic" }),
  };
}
