/**
 * The script of a page: a field that shows only the rows with a text. It reads and hides rows, and writes no HTML. Without
 * it, the page shows all rows and no field. The key `/` goes to the field, and Escape empties it.
 */
export const script = `
const box = document.getElementById("filter");
const field = document.getElementById("filter-text");
const count = document.getElementById("filter-count");
const rows = [...document.querySelectorAll("[data-row]")];
const apply = () => {
  const wanted = field.value.trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
    if (!row.hidden) shown += 1;
  }
  count.textContent = wanted === "" ? "" : shown + " of " + rows.length + " rows";
};
box.hidden = false;
field.addEventListener("input", apply);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
  if (event.key === "Escape" && document.activeElement === field) { field.value = ""; apply(); }
});
`;
