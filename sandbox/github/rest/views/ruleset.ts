import { mayAct } from "../../rules/evaluate.js";
import type { RulesetRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";

/** A ruleset in full. */
export function rulesetView(urls: Urls, owner: string, repository: string, ruleset: RulesetRecord) {
  return {
    ...rulesetSummary(urls, owner, repository, ruleset),
    bypass_actors: ruleset.bypassActors,
    conditions: ruleset.refName === null ? {} : { ref_name: ruleset.refName },
    rules: ruleset.rules,
    current_user_can_bypass: canBypass(ruleset),
  };
}

/** A ruleset as lists show it. */
export function rulesetSummary(urls: Urls, owner: string, repository: string, ruleset: RulesetRecord) {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: "Repository",
    source: `${owner}/${repository}`,
    enforcement: ruleset.enforcement,
    node_id: nodeId("RepositoryRuleset", ruleset.id),
    _links: {
      self: { href: `${urls.repository(repository)}/rulesets/${ruleset.id}` },
      html: { href: urls.page(`${owner}/${repository}/rules/${ruleset.id}`) },
    },
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
  };
}

function canBypass({ bypassActors }: RulesetRecord): "always" | "pull_requests_only" | "never" {
  const modes = bypassActors.filter((bypass) => mayAct(bypass, "owner")).map(({ bypass_mode }) => bypass_mode);
  if (modes.some((mode) => mode !== "pull_request")) return "always";
  return modes.length > 0 ? "pull_requests_only" : "never";
}
