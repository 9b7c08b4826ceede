// The feed: a window on a long list. Only the rows in sight are elements.

import { byId, bytes, clock, get, h, number, setText } from "./dom.js";
import { query } from "./filter.js";

/** How many rows are kept while the feed is followed; older ones are fetched again when they are scrolled to. */
const KEPT = 1_000;
/** How many rows at most are kept of those scrolled to. */
const MAX_KEPT = 100_000;
/** Elements beyond the window, above and below. */
const MARGIN = 8;
/** However high the window is. */
const MAX_ELEMENTS = 400;

/** What became of a row, in one word where the verdict's own is not one to read. */
const WORDS = { unanswered: "no answer" };
const word = (row) => WORDS[row.verdict] ?? row.verdict;

/** The same with the cause. */
export function verdict(row) {
  const told = row.verdict === "dropped" ? "dropped silently" : word(row);
  if (row.kind !== "request") return row.why ? `${told}: ${row.why}` : told;
  const status = row.status === undefined ? told : `${row.status} ${row.verdict === "refused" ? "refused" : "accepted"}`;
  const fault = row.fault === "status" ? "armed fault" : `fault ${row.fault}`;
  const cause = row.fault ? fault : row.why;
  return cause ? `${status}: ${cause}` : status;
}

export class FeedView {
  #scroller = byId("scroller");
  #rows = byId("rows");
  #newer = byId("newer");
  #elements = [];
  /** The newest first, without gaps. */
  #entries = [];
  #hasOlder = false;
  #isLoading = false;
  #isPaused = false;
  #isPressed = false;
  /** Whether the next message is the first under a new filter. */
  #isBeginning = true;
  /** How many entries came that are not in the list. */
  #missed = 0;
  #active = null;
  #frame = 0;
  /** The filter, as it is written. */
  #line = null;
  #rowHeight = 0;
  #opened;
  #follow;

  /** `opened(row, isActor)` shows a row or its actor; `follow(line)` begins the stream anew. */
  constructor(opened, follow) {
    this.#opened = opened;
    this.#follow = follow;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#scroller.addEventListener("keydown", (event) => this.#pressed(event));
    // What is under the pointer must not move between press and release.
    this.#rows.addEventListener("pointerdown", () => (this.#isPressed = true));
    addEventListener("pointerup", () => this.#released());
    addEventListener("pointercancel", () => this.#released());
    this.#rows.addEventListener("click", (event) => this.#clicked(event));
    this.#newer.addEventListener("click", () => this.toTop());
    new ResizeObserver(() => this.#measure()).observe(this.#scroller);
  }

  /** The filter in force; `null` before there is one. */
  get line() {
    return this.#line;
  }

  get isPaused() {
    return this.#isPaused;
  }

  /** Begins anew under a filter. */
  restart(line) {
    this.#line = line;
    this.#missed = 0;
    this.#isBeginning = true;
    this.#scroller.scrollTop = 0;
    this.#follow(line);
  }

  pause(isPaused) {
    this.#isPaused = isPaused;
    if (isPaused) this.#draw();
    else this.toTop();
  }

  toTop() {
    this.#isPaused = false;
    this.restart(this.#line);
    this.#scroller.focus({ preventScroll: true });
  }

  /** Takes a message of the stream. */
  hear({ fresh, rows, changed, gone, matching, counts }) {
    const wasReset = fresh && counts.requests === 0;
    if (this.#isFollowing() || this.#isBeginning || wasReset) {
      this.#isBeginning = false;
      this.#take(fresh, rows);
    } else {
      this.#missed += matching;
    }
    for (const row of changed) this.#change(row);
    if (gone.length > 0) this.#entries = this.#entries.filter((entry) => !gone.includes(entry.seq));
    this.#draw();
  }

  /** Writes a row anew, or puts it in where the filter lets it through since it changed. */
  #change(row) {
    const index = this.#entries.findIndex((entry) => entry.seq <= row.seq);
    const isKnown = this.#entries[index]?.seq === row.seq;
    // Without a filter one that is not here was not to be here.
    if (isKnown) this.#entries[index] = row;
    else if (!this.#line || !this.#isFollowing()) return;
    else if (index >= 0) this.#entries.splice(index, 0, row);
    else if (!this.#hasOlder) this.#entries.push(row);
  }

  #take(fresh, rows) {
    if (fresh) {
      this.#entries = rows;
      this.#hasOlder = rows.length >= 200;
      this.#missed = 0;
    } else if (rows.length > 0) {
      this.#entries = rows.concat(this.#entries);
    }
    if (this.#entries.length > KEPT) {
      this.#entries.length = KEPT;
      this.#hasOlder = true;
    }
  }

  get isEmpty() {
    return this.#entries.length === 0;
  }

  /** Marks the row that is open, or none. */
  mark(seq) {
    this.#active = seq;
    this.#draw();
  }

  #isFollowing() {
    return !this.#isPaused && this.#scroller.scrollTop < this.#rowHeight;
  }

  #measure() {
    const height = parseFloat(getComputedStyle(this.#scroller).getPropertyValue("--row"));
    if (height !== this.#rowHeight) {
      this.#rowHeight = height;
      for (const element of this.#elements) element.index = -1;
    }
    this.#draw();
  }

  #scrolled() {
    // Back at the top the feed goes on.
    if (this.#missed > 0 && this.#isFollowing()) this.restart(this.#line);
    this.#draw();
  }

  #released() {
    if (!this.#isPressed) return;
    // After the click that may follow.
    setTimeout(() => {
      this.#isPressed = false;
      this.#draw();
    });
  }

  #draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#isPressed) this.#render();
    });
  }

  #render() {
    const height = this.#rowHeight;
    if (!height) return;
    const first = Math.max(0, Math.floor(this.#scroller.scrollTop / height) - MARGIN);
    const inSight = Math.min(Math.ceil(this.#scroller.clientHeight / height) + 2 * MARGIN, MAX_ELEMENTS);
    const end = Math.min(first + inSight, this.#entries.length);
    this.#rows.style.height = `${this.#entries.length * height}px`;
    this.#keepElements(end - first);
    for (let index = first; index < end; index += 1) {
      this.#write(this.#elements[index - first], this.#entries[index], index);
    }
    const active = this.#elements.find((element) => element.root.classList.contains("active"));
    if (active) this.#scroller.setAttribute("aria-activedescendant", active.root.id);
    else this.#scroller.removeAttribute("aria-activedescendant");
    this.#newer.hidden = this.#missed === 0;
    setText(this.#newer, `${number(this.#missed)} newer`);
    if (end + MARGIN >= this.#entries.length) this.#loadOlder();
  }

  #keepElements(count) {
    while (this.#elements.length > count) this.#elements.pop().root.remove();
    while (this.#elements.length < count) {
      const cells = ["time", "name", "actor", "preview", "size", "batch", "verdict"].map((kind) => h("span", { class: kind }));
      const root = h("div", { class: "row", role: "option", "aria-setsize": -1, id: `row-${this.#elements.length}` }, cells);
      cells[2].title = "Show the journey of this actor (j)";
      this.#elements.push({ root, cells, entry: null, index: -1 });
      this.#rows.append(root);
    }
  }

  #write(element, entry, index) {
    const { root, cells } = element;
    if (element.index !== index) {
      element.index = index;
      root.style.transform = `translateY(${index * this.#rowHeight}px)`;
      root.setAttribute("aria-posinset", index + 1);
    }
    const isActive = entry.seq === this.#active;
    root.classList.toggle("active", isActive);
    root.setAttribute("aria-selected", String(isActive));
    if (element.entry === entry) return;
    element.entry = entry;
    root.dataset.seq = entry.seq;
    root.dataset.kind = entry.kind;
    root.dataset.verdict = entry.verdict;
    const attempt = entry.attempt > 1 ? ` ×${entry.attempt}` : "";
    const words = verdict(entry);
    // Of a request the cause matters more than how many events it carried.
    const preview = entry.kind === "request" ? `${words} (${entry.preview})` : entry.preview;
    const texts = [clock(entry.at), entry.name, entry.actor, preview, bytes(entry.bytes), `#${entry.request}${attempt}`, word(entry)];
    texts.forEach((text, cell) => setText(cells[cell], text));
    cells[5].title = entry.attempt > 0 ? `request ${entry.request}, attempt ${entry.attempt}` : `request ${entry.request}`;
    cells[1].title = entry.name;
    cells[3].title = preview;
    cells[6].title = words;
  }

  async #loadOlder() {
    const oldest = this.#entries.at(-1);
    if (!this.#hasOlder || this.#isLoading || !oldest || this.#entries.length >= MAX_KEPT) return;
    this.#isLoading = true;
    const parameters = query(this.#line);
    parameters.set("before", oldest.seq);
    parameters.set("limit", "500");
    const page = await get(`/api/page/feed?${parameters}`);
    this.#isLoading = false;
    // The list may have begun anew meanwhile.
    if (!page || this.#entries.at(-1) !== oldest) return;
    this.#entries = this.#entries.concat(page.rows);
    this.#hasOlder = page.more;
    this.#draw();
  }

  #clicked(event) {
    const root = event.target.closest(".row");
    const element = this.#elements.find((element) => element.root === root);
    if (!element?.entry) return;
    const isActor = Boolean(event.target.closest(".actor")) && element.entry.actor !== "";
    this.#opened(element.entry, isActor);
  }

  #pressed(event) {
    const at = this.#entries.findIndex((entry) => entry.seq === this.#active);
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#rowHeight) - 1);
    const last = this.#entries.length - 1;
    const to = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(0, at - 1),
      PageDown: at + page,
      PageUp: Math.max(0, at - page),
      Home: 0,
      End: last,
    }[event.key];
    const entry = this.#entries[at];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      this.#activate(Math.min(to, last));
    } else if (event.key === "Enter" && entry) {
      this.#opened(entry, false, true);
    } else if (event.key === "j" && entry?.actor) {
      this.#opened(entry, true, true);
    }
  }

  #activate(index) {
    const entry = this.#entries[index];
    this.#active = entry.seq;
    const top = index * this.#rowHeight;
    const bottom = top + this.#rowHeight + byId("head").offsetHeight - this.#scroller.clientHeight;
    if (this.#scroller.scrollTop > top) this.#scroller.scrollTop = top;
    else if (this.#scroller.scrollTop < bottom) this.#scroller.scrollTop = bottom;
    this.#draw();
    if (!byId("detail").hidden) this.#opened(entry, false);
  }
}
