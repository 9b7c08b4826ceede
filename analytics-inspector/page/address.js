// The page's address: the filter, and the event or the journey that is open. Whoever gets it sees the same.

export class Address {
  #shown;
  #isReading = false;

  /** `shown({ filter, event, journey })` shows what an address says. */
  constructor(shown) {
    this.#shown = shown;
    addEventListener("popstate", () => this.#read());
  }

  start() {
    this.#read();
  }

  /** Writes the filter. It is no step to go back to: it changes with each letter. */
  filter(line) {
    const parts = this.#parts();
    if (line) parts.set("filter", line);
    else parts.delete("filter");
    this.#write(parts, false);
  }

  /** Writes what is open: an event by its number, the journey of an actor, or neither. */
  open({ event, journey }) {
    const parts = this.#parts();
    parts.delete("event");
    parts.delete("journey");
    if (event) parts.set("event", event);
    if (journey) parts.set("journey", journey);
    this.#write(parts, true);
  }

  #parts() {
    return new URLSearchParams(location.hash.slice(1));
  }

  #write(parts, isStep) {
    const hash = String(parts);
    if (hash === String(this.#parts())) return;
    const target = hash ? `#${hash}` : location.pathname;
    if (isStep && !this.#isReading) history.pushState(null, "", target);
    else history.replaceState(null, "", target);
  }

  async #read() {
    const parts = this.#parts();
    this.#isReading = true;
    await this.#shown({
      filter: parts.get("filter") ?? "",
      event: Number(parts.get("event")) || null,
      journey: parts.get("journey"),
    });
    this.#isReading = false;
  }
}
