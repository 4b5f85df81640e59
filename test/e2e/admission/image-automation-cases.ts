import { type Case, objectOf, type Place, type Spec } from "./cases.js";

const apiVersion = "image.toolkit.fluxcd.io/v1";

/** Policy fleet-image-automation, where the registries of `registryCases` are allowed and a tenant's branch is `trunk`. */
export function imageAutomationCases(place: Place): Case[] {
  const repository = (spec: Spec) =>
    objectOf(place, apiVersion, "ImageRepository", { interval: "1m", image: "ghcr.io/acme/app", ...spec });
  const policy = (spec: Spec) =>
    objectOf(place, apiVersion, "ImagePolicy", {
      imageRepositoryRef: { name: "mine" },
      policy: { semver: { range: "1.x" } },
      ...spec,
    });
  const here = /image automation must stay in this namespace/;
  const registry = /images must be from an allowed registry: .* write spec\.image in full/;
  const encrypted = /scans must be encrypted, and must not use a proxy/;
  return [
    {
      title: "an ImagePolicy of another tenant's images",
      object: policy({ imageRepositoryRef: { name: "theirs", namespace: "team-b" } }),
      refused: here,
    },
    {
      title: "an automation of another tenant's source",
      object: automation(place, branches("main", "automation"), { sourceRef: { ...source, namespace: "team-b" } }),
      refused: here,
    },
    {
      title: "an ImageRepository for another tenant",
      object: repository({ accessFrom: { namespaceSelectors: [{ matchLabels: {} }] } }),
      refused: here,
    },
    { title: "a scan elsewhere", object: repository({ image: "quay.io/acme/app" }), refused: registry },
    { title: "a scan of another owner", object: repository({ image: "ghcr.io/evil/app" }), refused: registry },
    { title: "a scan of another owner's at Docker Hub", object: repository({ image: "evil/app" }), refused: registry },
    { title: "a scan without TLS", object: repository({ insecure: true }), refused: encrypted },
    { title: "a scan by a proxy", object: repository({ proxySecretRef: { name: "proxy" } }), refused: encrypted },
    {
      title: "a scan with the controller's cloud identity",
      object: repository({ provider: "aws" }),
      refused: /a scan without its own account would use the cloud identity of the platform's controller/,
    },
    {
      title: "a scan every second",
      object: repository({ interval: "1s" }),
      refused: /intervals must be 10s or longer/,
    },
    {
      title: "a scan that takes an hour",
      object: repository({ timeout: "6m" }),
      refused: /timeouts must be 5m or shorter/,
    },
    ...pushCases(place).map((one) => ({
      ...one,
      refused: /image automation must push to a branch of its own, not to a default branch \(main, master, trunk\)/,
    })),
    { title: "an ImagePolicy", object: policy({}) },
    {
      title: "an ImagePolicy that says its own namespace",
      object: policy({ imageRepositoryRef: { name: "mine", namespace: place.namespace } }),
    },
    { title: "a scan", object: repository({}) },
    { title: "a scan at Docker Hub", object: repository({ image: "nginx" }) },
    {
      title: "a scan with a cloud identity of its own",
      object: repository({ provider: "aws", serviceAccountName: "mine" }),
    },
    { title: "a push to a branch of its own", object: automation(place, branches("main", "image-updates")) },
    {
      title: "a push from a branch that is no default branch",
      object: automation(place, branches("next", "next-image-updates"), {
        sourceRef: { ...source, namespace: place.namespace },
      }),
    },
  ];
}

/** What may push to a default branch, or hides whether it does: allowed in a namespace with the annotation. */
export function pushCases(place: Place): Case[] {
  const checkout = { ref: { branch: "main" } };
  const push = { branch: "image-updates" };
  return [
    { title: "a push to the default branch", object: automation(place, branches("next", "main")) },
    {
      title: "a push to the default branch of another repository",
      object: automation(place, branches("main", "trunk")),
    },
    { title: "a push to what was checked out", object: automation(place, branches("next", "next")) },
    { title: "a push to wherever the source is", object: automation(place, {}) },
    { title: "a push to what was checked out, unsaid", object: automation(place, { checkout }) },
    { title: "a push from wherever the source is", object: automation(place, { push }) },
    {
      title: "a push from a branch by another name",
      object: automation(place, { checkout: { ref: { name: "refs/heads/next" } }, push: { branch: "next" } }),
    },
    {
      title: "a push from a branch that something else overrides",
      object: automation(place, {
        checkout: { ref: { branch: "other", name: "refs/heads/next" } },
        push: { branch: "next" },
      }),
    },
    {
      title: "a push by a refspec as well",
      object: automation(place, { checkout, push: { ...push, refspec: "HEAD:refs/heads/main" } }),
    },
    {
      title: "a push with options, which can merge it",
      object: automation(place, { checkout, push: { ...push, options: { "merge_request.target": "main" } } }),
    },
  ];
}

const source = { kind: "GitRepository", name: "mine" };

function branches(checkout: string, push: string): Spec {
  return { checkout: { ref: { branch: checkout } }, push: { branch: push } };
}

function automation(place: Place, git: Spec, spec: Spec = {}) {
  return objectOf(place, apiVersion, "ImageUpdateAutomation", {
    interval: "1m",
    sourceRef: source,
    git: { commit: { author: { email: "flux@example.com" } }, ...git },
    update: { strategy: "Setters", path: "./deploy" },
    ...spec,
  });
}
