import assert from "node:assert/strict";
import { matrixTables } from "../../../../operate/report/matrix-tables.js";
import type { Proof, ReportedCell } from "../../../../operate/report/report.js";
import { soundProof } from "../../../support/unit/reports.js";

const namespaces = { payments: "team-payments", search: "team-search", shop: "team-shop" };

/** The matrix of an account of team-payments: place → right → what is expected, found and proved. */
function shown(...cells: readonly ReportedCell[]) {
  const accounts: Proof["accounts"] = [{ account: "payments/default", tenant: "team-payments", cells: [...cells] }];
  const [table] = matrixTables(soundProof({ namespaces, accounts }));
  const [row] = table?.rows ?? [];
  return (table?.places ?? []).map((place, index) => {
    const cell = row?.cells[index] ?? assert.fail(place);
    const secrets = cell.rights.find(({ right }) => right === "get secrets") ?? assert.fail(place);
    return { place, summary: cell.summary, text: `${secrets.expected}, ${secrets.found}`, proofs: secrets.proofs };
  });
}

const texts = (...cells: readonly ReportedCell[]) =>
  shown(...cells).map(({ place, summary, text }) => `${place}: ${summary}: ${text}`);

describe("the tables of the access matrix", () => {
  it("deny by the number of bindings that were read, and leave the tenant's own namespaces to it", () => {
    assert.deepEqual(texts(), [
      "payments (own): no right: the tenant decides, denied",
      "2 namespaces of other tenants: no right: denied, denied",
      "flux-system: no right: denied, denied",
      "whole cluster: no right: denied, denied",
    ]);
    for (const { proofs } of shown()) assert.deepEqual(proofs, ["none of 69 bindings gives it"]);
  });

  it("show a right in the whole cluster in every place, with the binding", () => {
    const bindings = ["ClusterRoleBinding rogue"];
    const cells = shown({ right: "get secrets", expected: false, found: true, bindings });
    assert.deepEqual(
      cells.map(({ summary, text }) => `${summary}: ${text}`),
      [
        "1 of 5 differ: denied, allowed",
        "1 of 5 differ: denied, allowed in each",
        "1 of 5 differ: denied, allowed",
        "1 of 5 differ: denied, allowed",
      ],
    );
    for (const { proofs } of cells)
      assert.deepEqual(proofs, ["ClusterRoleBinding rogue gives it in the whole cluster"]);
  });

  it("name the one of many namespaces in which a right is, and one that no tenant has", () => {
    const bindings = ["RoleBinding x"];
    const right = { right: "get secrets", expected: false, found: true, bindings };
    assert.deepEqual(texts({ ...right, namespace: "shop" }, { ...right, namespace: "kube-system" }), [
      "payments (own): no right: the tenant decides, denied",
      "2 namespaces of other tenants: 1 of 5 differ: denied, allowed in shop",
      "flux-system: no right: denied, denied",
      "kube-system: 1 of 5 differ: denied, allowed",
      "whole cluster: no right: denied, denied",
    ]);
  });

  it("name the review that answered, and do not take that of the whole cluster for one of a namespace", () => {
    const reviewed = { right: "get secrets", expected: false, found: false, bindings: [], review: false };
    const cells = shown(reviewed, { ...reviewed, namespace: "search" });
    const review = (place: string) => [
      "none of 69 bindings gives it",
      `SubjectAccessReview about ${place} at 2026-11-27T10:00:00.000Z: expected denied, answered denied`,
    ];
    assert.deepEqual(
      cells.map(({ proofs }) => proofs),
      [
        ["none of 69 bindings gives it"],
        review("search"),
        ["none of 69 bindings gives it"],
        review("the whole cluster"),
      ],
    );
  });

  it("show a right that the plan gives and the cluster lacks", () => {
    const cell = { right: "get secrets", namespace: "payments", expected: true, found: false, bindings: [] };
    assert.equal(texts(cell)[0], "payments (own): 1 of 5 differ: allowed, denied");
  });
});
