import type { Recipe } from "./recipes.js";

/** The work of Go for a part at this moment, by the lines that `go build -v` writes. */
export class BuildLog {
  readonly #recipe: Recipe;
  #packages = 0;
  #download = "";
  #isLinking = false;
  #isBuilding = false;

  constructor(recipe: Recipe) {
    this.#recipe = recipe;
  }

  /** Packages that Go began to compile. */
  get packages(): number {
    return this.#packages;
  }

  /** The downloads before the build are over. */
  begin(): void {
    this.#isBuilding = true;
    this.#download = "";
  }

  /** Reads a line of Go. */
  take(line: string): void {
    const [, download] = /^go: downloading (.+)$/.exec(line) ?? [];
    if (download !== undefined) this.#download = download;
    // `-v` prints the import path of each package when its compilation begins, and nothing else without a space.
    if (!/^[^\s:#]+$/.test(line)) return;
    this.#packages += 1;
    this.#isLinking = isMain(line, this.#recipe);
  }

  /** `412 of about 1339 packages compiled`, for people. */
  get state(): string {
    if (this.#isLinking) return "linking";
    if (this.#packages > 0) {
      const expected = this.#recipe.coldPackages ?? 0;
      const of = this.#packages <= expected ? ` of about ${expected}` : "";
      return `${this.#packages}${of} ${this.#packages === 1 && of === "" ? "package" : "packages"} compiled`;
    }
    if (this.#download !== "") return `downloading ${this.#download}`;
    // With every package in Go's cache, it prints nothing while it links.
    return this.#isBuilding ? "compiling or linking" : "reading sources";
  }
}

/** Whether a package is the program itself: then all others are compiled, or nearly so. */
function isMain(path: string, recipe: Recipe): boolean {
  if (recipe.kind !== "go") return false;
  return recipe.package.startsWith("./") ? path.endsWith(recipe.package.slice(1)) : path === recipe.package;
}
