import assert from "node:assert/strict";
import fc from "fast-check";
import { type GitHubText, keepText, type TextPlace } from "../../../../cli/github/kept-text.js";
import { LostAnswer } from "../../../../cli/github/refusal.js";
import { markedState, markedText } from "../../../../review/comment/marker.js";

const account = "fleet-bot";
const owner = { marker: "diff", account };

/** A place in memory, as GitHub keeps it. */
class Place implements TextPlace {
  readonly discard = "Delete the comment";
  readonly writes: string[] = [];
  texts: GitHubText[];
  author = account;
  #id = 100;

  constructor(texts: readonly Omit<GitHubText, "url">[] = []) {
    this.texts = texts.map((text) => ({ ...text, url: `https://github.example.com/${text.id}` }));
  }

  async list(): Promise<readonly GitHubText[]> {
    return [...this.texts].reverse();
  }
  async read(id: number): Promise<GitHubText | undefined> {
    return this.texts.find((text) => text.id === id);
  }
  async create(body: string): Promise<GitHubText> {
    this.#id += 1;
    const text = { id: this.#id, author: this.author, body, url: `https://github.example.com/${this.#id}` };
    this.texts.push(text);
    this.writes.push(`create ${text.id}`);
    return text;
  }
  async update(id: number, body: string): Promise<boolean> {
    const found = this.texts.some((text) => text.id === id);
    this.texts = this.texts.map((text) => (text.id === id ? { ...text, body } : text));
    this.writes.push(`update ${id}`);
    return found;
  }
  async remove(id: number): Promise<void> {
    this.texts = this.texts.filter((text) => text.id !== id);
    this.writes.push(`remove ${id}`);
  }
}

const own = (id: number, text: string) => ({ id, author: account, body: markedText("diff", text) });

describe("a text that is kept on GitHub", () => {
  it("leaves texts of others as they are, also with its marker", async () => {
    const foreign = [
      { id: 1, author: "mallory", body: markedText("diff", "all is well") },
      { id: 2, author: undefined, body: markedText("diff", "all is well") },
      { id: 3, author: account, body: "without a marker" },
      { id: 4, author: account, body: markedText("drift/eu", "drift") },
    ];
    const place = new Place(foreign);
    const { outcome, url } = await keepText(place, owner, "news");
    assert.deepEqual([outcome, url], ["created", "https://github.example.com/101"]);
    assert.deepEqual(place.writes, ["create 101"]);
    assert.deepEqual(
      place.texts.slice(0, 4).map(({ body }) => body),
      foreign.map(({ body }) => body),
    );
  });

  it("is refused when another hand edited it, and nothing is written", async () => {
    for (const later of [own(8, "news"), own(6, "news")]) {
      const edited = { ...own(7, "news"), body: `${own(7, "news").body}\nlgtm` };
      const place = new Place([edited, later]);
      const message =
        /^FleetError: https:\/\/github\.example\.com\/7: was edited after .+\. Delete the comment: the next run writes/;
      await assert.rejects(keepText(place, owner, "other news"), message);
      assert.deepEqual(place.writes, []);
    }
  });

  it("is refused when another hand edits it between the list and the write", async () => {
    const place = new Place([own(7, "news")]);
    place.read = async (id) => ({
      id,
      author: account,
      body: `${own(7, "news").body}!`,
      url: "https://x.example.com/7",
    });
    await assert.rejects(keepText(place, owner, "other news"), /x\.example\.com\/7: was edited/);
    assert.deepEqual(place.writes, []);
  });

  it("is written once, edited when it differs, and not touched when it does not", async () => {
    const place = new Place();
    assert.equal((await keepText(place, owner, "news")).outcome, "created");
    assert.equal((await keepText(place, owner, "news\n")).outcome, "unchanged");
    assert.equal((await keepText(place, owner, "other news")).outcome, "updated");
    assert.equal((await keepText(place, { ...owner, account: "Fleet-Bot" }, "other news")).outcome, "unchanged");
    assert.deepEqual(place.writes, ["create 101", "update 101"]);
  });

  it("is the oldest of several, and the others go", async () => {
    const place = new Place([own(9, "late"), own(7, "early"), own(8, "late")]);
    assert.equal((await keepText(place, owner, "news")).url, "https://github.example.com/7");
    assert.deepEqual(place.writes, ["remove 8", "remove 9", "update 7"]);
  });

  it("is not written twice when the answer was lost, nor when a list comes from a copy that lags", async () => {
    const lost = new LostAnswer([{ file: "GitHub", path: "", message: "did not answer" }]);
    const place = new Place();
    const { create } = Place.prototype;
    place.create = async (body) => {
      await create.call(place, body);
      throw lost;
    };
    assert.equal((await keepText(place, owner, "news")).outcome, "created");
    assert.deepEqual(place.writes, ["create 101"]);

    const silent = new Place();
    silent.create = () => Promise.reject(lost);
    await assert.rejects(keepText(silent, owner, "news"), /did not answer/);

    const lagging = new Place();
    lagging.list = async () => [];
    assert.equal((await keepText(lagging, owner, "news")).outcome, "created");
    assert.deepEqual(lagging.writes, ["create 101"]);
  });

  it("is created anew when it disappears, and the run ends when it does so again and again", async () => {
    const place = new Place([own(7, "news")]);
    const { update } = Place.prototype;
    place.update = async (id, body) => {
      if (id === 7) await place.remove(7);
      return update.call(place, id, body);
    };
    assert.equal((await keepText(place, owner, "other news")).outcome, "created");

    const haunted = new Place([own(7, "news")]);
    haunted.update = async () => false;
    await assert.rejects(keepText(haunted, owner, "other news"), /the text disappeared while it was written/);
  });

  it("is one after any number of runs at the same time, in any order of their requests", async () => {
    const runs = async (s: fc.Scheduler, start: readonly number[], texts: readonly string[]) => {
      const place = new Place(start.map((id) => own(id, "former")));
      const racing: TextPlace = {
        discard: place.discard,
        list: s.scheduleFunction(() => place.list()),
        read: s.scheduleFunction((id: number) => place.read(id)),
        create: s.scheduleFunction((body: string) => place.create(body)),
        update: s.scheduleFunction((id: number, body: string) => place.update(id, body)),
        remove: s.scheduleFunction((id: number) => place.remove(id)),
      };
      const all = Promise.all(texts.map((text) => keepText(racing, owner, text)));
      await s.waitFor(all);
      assert.equal(place.texts.length, 1);
      const [left] = place.texts;
      assert.ok(left !== undefined && markedState("diff", left.body) === "intact");
      assert.ok(texts.some((text) => left.body === markedText("diff", text)));
      assert.ok(start.length === 0 || left.id === Math.min(...start));
    };
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
        fc.array(fc.constantFrom("one", "two"), { minLength: 2, maxLength: 4 }),
        runs,
      ),
    );
  });
});
