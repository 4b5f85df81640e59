import { kinds } from "../kinds.js";
import { cel, celString, specChanges } from "./cel/cel.js";
import { createOrUpdate, type Expressions, type PolicyDefinition } from "./cel/policy.js";

/** Characters of a class, `[^a-z0-9_-]`: with other ranges a controller could refuse its whole configuration. */
const characterClass = "\\[\\^?(a-z|A-Z|0-9|[/_.])+-?\\]";
const escaped = "\\\\[dDwWsS.*+?()|/-]";

/**
 * The form of a path, and of a regular expression for one: letters and classes with at most one quantifier, and groups
 * without groups in them, which are not repeated. No such expression is invalid in one engine and valid in another. Two
 * repetitions without bounds at most, so that an engine that tries all divisions ends soon.
 */
function expression(letters: string): string {
  const atom = `([${letters}]|${escaped}|${characterClass})[*+?]?`;
  return `(${atom}|[$]|\\((\\?:)?(${atom}|[|$^])*\\)\\??)*`;
}

const path = `^\\^?${expression("A-Za-z0-9._~%@:,=&!/-")}$`;
const value = `^\\^?${expression("A-Za-z0-9 ._~%@:,;=&!<>#/-")}$`;
const headerName = "^[A-Za-z0-9_.-]*$";
const headerValue = "^[A-Za-z0-9 _.,:;/@%+=~^*()|?&!<>\\[\\]'#-]*$";
/** A path that replaces the one of the request. */
const newPath = "^[A-Za-z0-9._~%@:,=&!*+/-]*$";

const bounded = (text: string) => `${text}.split('*').size() + ${text}.split('+').size() <= 4`;

/** CEL that is true when the name and the value of each match in a list are plain. */
function plainMatches(list: string): string {
  return cel`
    match.?${list}.orValue([]).all(
      one,
      one.?name.orValue('').matches('${headerName}')
      && one.?value.orValue('').matches(${celString(value)})
      && (one.?type.orValue('Exact') == 'Exact' || ${bounded("one.value")})
    )
  `;
}

/** Names of objects, which Gateway API leaves to the controllers. */
const objectName = "^[a-z0-9.-]*$";
const origin = "^[A-Za-z0-9_.:/*-]*$";

/** CEL that is true when the texts of a list in a filter match. */
function plainTexts(list: string, pattern: string): string {
  return `${list}.orValue([]).all(text, text.matches('${pattern}'))`;
}

/** CEL that is true when all texts that a controller copies from a list of filters are plain. */
function plainFilters(list: string): string {
  return cel`
    ${list}.all(
      filter,
      [filter.?requestHeaderModifier, filter.?responseHeaderModifier].all(
        modifier,
        (modifier.?set.orValue([]) + modifier.?add.orValue([])).all(
          one,
          one.?name.orValue('').matches('${headerName}') && one.?value.orValue('').matches(${celString(headerValue)})
        )
        && modifier.?remove.orValue([]).all(name, name.matches('${headerName}'))
      )
      && [filter.?requestRedirect.?path, filter.?urlRewrite.?path].all(
        path,
        path.?replaceFullPath.orValue('').matches('${newPath}')
        && path.?replacePrefixMatch.orValue('').matches('${newPath}')
      )
      && ${plainTexts("filter.?cors.?allowOrigins", origin)}
      && ${plainTexts("filter.?cors.?allowMethods", origin)}
      && ${plainTexts("filter.?cors.?allowHeaders", origin)}
      && ${plainTexts("filter.?cors.?exposeHeaders", origin)}
      && filter.?externalAuth.?http.?path.orValue('').matches('${newPath}')
      && ${plainTexts("filter.?externalAuth.?http.?allowedHeaders", headerName)}
      && ${plainTexts("filter.?externalAuth.?http.?allowedResponseHeaders", headerName)}
      && ${plainTexts("filter.?externalAuth.?grpc.?allowedHeaders", headerName)}
      && filter.?extensionRef.?name.orValue('').matches('${objectName}')
    )
  `;
}

const variables: Expressions = {
  rules: "object.spec.?rules.orValue([])",
  matches: "variables.rules.map(rule, rule.?matches.orValue([]))",
};

/**
 * The policy on texts of Ingresses and routes that a controller copies into a configuration of its own, which all
 * tenants share. Kubernetes lets a path hold every character. A backtick ends a text in a rule of Traefik, so the rest
 * of the path can name another tenant's host; quotes, braces and line breaks do the same in nginx.
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
 */
export const paths: PolicyDefinition = {
  name: "fleet-paths",
  resourceRules: createOrUpdate(
    kinds("networking.k8s.io", "ingresses"),
    kinds("gateway.networking.k8s.io", "httproutes", "grpcroutes"),
  ),
  matchConditions: specChanges,
  variables,
  validations: [
    {
      expression: cel`
        variables.rules.all(
          rule,
          (rule.?http.?paths.orValue([]).map(one, one.?path.orValue(''))
          + rule.?matches.orValue([]).map(match, match.?path.?value.orValue(''))).all(
            path,
            path.matches(${celString(path)}) && ${bounded("path")}
          )
        )
      `,
      message:
        "paths must be plain, because controllers copy them into their configuration: write letters, digits and . _ ~ % @ : , = & ! / -; a regular expression may have [a-z0-9] and groups without groups in them, and at most two of * and +",
    },
    {
      expression: cel`
        variables.matches.all(
          matches,
          matches.all(
            match,
            ${plainMatches("headers")}
            && ${plainMatches("queryParams")}
            && match.?method.?service.orValue('').matches(${celString(value)})
            && match.?method.?method.orValue('').matches(${celString(value)})
          )
        )
      `,
      message:
        "matches must be plain, because controllers copy them into their configuration: remove quotes, backticks and braces from headers, queryParams and method; a regular expression may have at most two of * and +",
    },
    {
      expression: cel`
        variables.rules.all(
          rule,
          ${plainFilters("rule.?filters.orValue([])")}
          && rule.?sessionPersistence.?sessionName.orValue('').matches('${headerName}')
          && rule.?backendRefs.orValue([]).all(backend, ${plainFilters("backend.?filters.orValue([])")})
        )
      `,
      message:
        "filters must be plain, because controllers copy them into their configuration: remove double quotes, backticks, braces, dollar signs and line breaks from headers, paths, origins and names",
    },
  ],
};
