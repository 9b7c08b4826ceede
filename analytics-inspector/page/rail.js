// The rail: counts over the whole run.

import { byId, bytes, fill, h, number, setText } from "./dom.js";
import { term } from "./filter.js";

/** Names change places at most this often, so that one can be clicked. */
const SORT_EVERY_MS = 2_000;

const CHART = { width: 240, height: 44 };

export class Rail {
  #order = [];
  #sortedAt = 0;
  #toggle;

  /** `toggle(term)` puts a term into the filter, or takes it out. */
  constructor(toggle) {
    this.#toggle = toggle;
  }

  /** Writes the counts. `isOn(name)` tells whether the feed is filtered by it. */
  write(counts, isOn) {
    setText(byId("count-events"), number(counts.events_accepted));
    setText(byId("count-requests"), number(counts.requests));
    setText(byId("count-refused"), number(counts.requests_refused));
    setText(byId("count-duplicates"), number(counts.duplicate_events));
    setText(byId("count-dropped"), number(counts.silently_dropped));
    this.#writeRate(counts.rate);
    this.#writeStatuses(counts);
    this.#writeBill(counts);
    this.#writeNames(counts, isOn);
  }

  #writeRate(rate) {
    // The last second is not over yet.
    const whole = rate.slice(0, -1);
    const peak = Math.max(...rate);
    setText(byId("rate-now"), number(whole.at(-1)));
    setText(byId("rate-peak"), number(peak));
    const step = CHART.width / rate.length;
    const bars = rate.map((count, index) => {
      if (count === 0) return "";
      const height = Math.max(1, (count / peak) * (CHART.height - 2));
      return `M${(index * step).toFixed(1)} ${CHART.height}v${-height.toFixed(1)}h${(step - 0.8).toFixed(1)}v${height.toFixed(1)}z`;
    });
    const path = bars.join("");
    if (byId("rate-bars").getAttribute("d") !== path) byId("rate-bars").setAttribute("d", path);
  }

  #writeStatuses({ statuses, requests }) {
    const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
    const entries = Object.entries(statuses);
    if (requests > answered) entries.push(["none", requests - answered]);
    const make = () => h("li", {}, h("b"), " ", h("span"));
    fill(byId("statuses"), entries, make, (item, [status, count]) => {
      item.dataset.class = status === "none" ? "none" : status[0];
      setText(item.firstElementChild, status === "none" ? "no answer" : status);
      setText(item.lastElementChild, number(count));
    });
  }

  #writeBill({ events_accepted, bill, body_bytes }) {
    const each = (sum) => (events_accepted > 0 ? bytes(Math.round(sum / events_accepted)) : "–");
    setText(byId("bill-events"), number(events_accepted));
    setText(byId("bill-profiles"), number(bill.with_profile));
    setText(byId("bill-json"), each(bill.json_bytes));
    setText(byId("bill-wire"), each(body_bytes));
  }

  #writeNames({ names, distinct_names }, isOn) {
    const list = byId("names");
    const counts = new Map(names);
    const isHeld = list.matches(":hover, :focus-within");
    const isStale = this.#order.length === 0 || this.#order.some((name) => !counts.has(name));
    if (isStale || (!isHeld && performance.now() - this.#sortedAt > SORT_EVERY_MS)) {
      this.#order = names.map(([name]) => name);
      this.#sortedAt = performance.now();
    } else {
      const known = new Set(this.#order);
      this.#order.push(...names.map(([name]) => name).filter((name) => !known.has(name)));
    }
    const most = names[0]?.[1] ?? 1;
    setText(byId("names-count"), distinct_names > 1 ? `${number(distinct_names)} names` : "");
    fill(list, this.#order, () => this.#nameItem(), (item, name) => {
      const button = item.firstElementChild;
      const [label, count, bar] = button.children;
      setText(label, name);
      setText(count, number(counts.get(name)));
      bar.style.width = `${(100 * counts.get(name)) / most}%`;
      button.dataset.name = name;
      button.setAttribute("aria-pressed", String(isOn(name)));
    });
  }

  #nameItem() {
    const toggle = (event) => this.#toggle(term("name", event.currentTarget.dataset.name));
    return h("li", {}, h("button", { type: "button", onclick: toggle }, h("span", { class: "label" }), h("span", { class: "count" }), h("span", { class: "bar" })));
  }
}
