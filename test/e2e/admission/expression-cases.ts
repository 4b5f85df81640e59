import { alert, provider, receiver } from "../../support/objects/notifications.js";
import type { Fields } from "../../support/objects/object.js";
import { helmRelease, kustomization } from "../../support/objects/syncs.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Eight loops, one in the other: with ten levels, a worker is held for an hour. */
const nested = `${"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(x, ".repeat(8)}true${")".repeat(8)}`;
/** A list that is as large as the square of another. */
const squared = "self.spec.patches.map(x, self.spec.patches).size() > 0";
/** A text that grows by a factor with each function, without a loop. */
const replaced = `'a'${".replace('', 'bbbbbbbb')".repeat(9)}`;
const ready = "dep.status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')";
const healthy = "status.conditions.exists(e, e.type == 'Ready' && (e.status == 'True' || e.reason == 'Done'))";

const expensive = /expressions must be cheap to evaluate, because all tenants share the controllers/;
const long = /expressions must have at most 512 characters each and 4096 in all/;
/** An expression of an allowed form with this many characters. */
const ofLength = (length: number) => `status.${"a".repeat(length - 7)}`;

const check = (exprs: Fields) => ({ healthCheckExprs: [{ apiVersion: "example.com/v1", kind: "Thing", ...exprs }] });
const after = (...readyExprs: readonly string[]) => ({
  dependsOn: readyExprs.map((readyExpr, index) => ({ name: `other-${index}`, readyExpr })),
});

/** Expressions in Kustomizations and HelmReleases. */
export function syncExpressions(place: Place): Case[] {
  const kinds = { Kustomization: kustomization, HelmRelease: helmRelease };
  const both = (title: string, spec: Fields) =>
    Object.entries(kinds).map(([kind, make]) => [`a ${kind} ${title}`, make(place, spec)] as const);
  const costly = [nested, squared, `${replaced} == ''`];
  return [
    ...refused(
      expensive,
      each(
        costly.flatMap((expression, index) => [
          ...both(`that is ready after costly expression ${index}`, after("dep.status.ready", expression)),
          ...both(`with health by costly expression ${index}`, check({ current: expression })),
          ...both(`with failure by costly expression ${index}`, check({ current: "true", failed: expression })),
          ...both(`with progress by costly expression ${index}`, check({ current: "true", inProgress: expression })),
        ]),
        (pair) => pair,
      ),
    ),
    ...refused(
      long,
      each(
        [
          ...both("with a long expression", check({ current: ofLength(513) })),
          ...both("with many expressions", after(...Array.from({ length: 9 }, () => ofLength(456)))),
        ],
        (pair) => pair,
      ),
    ),
    ...allowed(
      Object.fromEntries([
        ...both("after another", after(`${ready} &&\n  dep.metadata.generation == dep.status.observedGeneration\n`)),
        ...both(
          "with health by a condition",
          check({ current: healthy, failed: "status.phase in ['Failed']", inProgress: "!has(status.phase)" }),
        ),
        ...both("with as many expressions as there may be", after(...Array.from({ length: 8 }, () => ofLength(512)))),
        ...both("with an empty expression", after("")),
      ]),
    ),
  ];
}

/** Expressions and patterns in Providers, Receivers and Alerts. */
export function notificationExpressions(place: Place): Case[] {
  const issuer = (fields: Fields) =>
    receiver(place, {
      type: "generic-oidc",
      secretRef: undefined,
      oidcProviders: [
        { issuerURL: "https://issuer.example.com", validations: [{ expression: "true", message: "never" }], ...fields },
      ],
    });
  const validations = (expression: string) => [{ expression, message: "never" }];
  const filtered = (filter: string) => [
    { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "mine", filter },
  ];
  const status = (commitStatusExpr: string) =>
    provider(place, { type: "github", address: "https://github.com/acme/app", commitStatusExpr });
  const patterns = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => String(index).padStart(length, "x"));
  return [
    ...refused(expensive, {
      "a commit status that is multiplied": status(replaced),
      "a commit status that is formatted": status("'%s%s'.format([event, event])"),
      "a Receiver with a costly filter": receiver(place, { resourceFilter: nested }),
      "a Receiver with a costly filter of a resource": receiver(place, { resources: filtered(nested) }),
      "a Receiver with a costly check of a token": issuer({ validations: validations(nested) }),
      "a Receiver with a variable that doubles": issuer({ variables: [{ name: "a", expression: "vars.b + vars.b" }] }),
    }),
    ...refused(long, {
      "a long commit status": status(ofLength(513)),
      "a Receiver with a long filter": receiver(place, { resourceFilter: ofLength(513) }),
      "a Receiver with a long check of a token": issuer({ validations: validations(ofLength(513)) }),
    }),
    ...refused(/Alerts must have at most 20 patterns of 256 characters in each list/, {
      "an Alert with many patterns": alert(place, [{ kind: "Kustomization", name: "*" }], {
        inclusionList: patterns(21, 8),
      }),
      "an Alert with a long pattern": alert(place, [{ kind: "Kustomization", name: "*" }], {
        exclusionList: patterns(1, 257),
      }),
    }),
    ...allowed({
      "a commit status of the environment": status(
        "(event.involvedObject.kind + '/' + event.metadata.env).lowerAscii()",
      ),
      "a Receiver for the image of a tag": receiver(place, {
        resourceFilter:
          "req.tag.split('/').last().value().split(':').first().value() == res.metadata.annotations['image']",
        resources: filtered("res.metadata.labels['environment'] == 'production'"),
      }),
      "a Receiver for one repository's workflow": issuer({
        variables: [
          { name: "owner", expression: "claims.repository_owner" },
          { name: "known", expression: "[vars.owner + '/a', vars.owner + '/b']" },
        ],
        validations: validations("claims.repository in vars.known && claims.ref == 'refs/heads/main'"),
      }),
      "an Alert with some patterns": alert(place, [{ kind: "Kustomization", name: "*" }], {
        exclusionList: patterns(20, 256),
      }),
    }),
  ];
}
