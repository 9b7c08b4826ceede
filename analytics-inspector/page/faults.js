// The fault panel: what is armed, and buttons for what most often goes wrong.

import { byId, fill, get, h, number, setText } from "./dom.js";

const COMMON = [
  ["503", "Answer 503 Service Unavailable", { status: 503 }],
  ["429", "Answer 429 with Retry-After: 1", { status: 429, headers: { "Retry-After": "1" } }],
  ["413", "Answer 413 Payload Too Large", { status: 413 }],
  ["Delay 2 s", "Answer as usual, two seconds late", { delay_ms: 2_000 }],
  ["Never answer", "Read the request and stay silent", { never_answer: true }],
  ["Reset", "Reset the connection in place of an answer", { reset: "after" }],
];

/** A failed look at the faults is no reason to look again at once. */
const LOOK_EVERY_MS = 400;

export class Faults {
  #isLooking = false;
  #isStale = false;
  #seen = "";

  constructor() {
    byId("fault-buttons").append(...COMMON.map(([label, title, fault]) => h("button", { type: "button", title, onclick: () => this.#arm(fault) }, label)));
    byId("fault-form").addEventListener("submit", (event) => event.preventDefault());
    byId("fault-always").addEventListener("change", (event) => (byId("fault-times").disabled = event.target.checked));
    byId("faults-clear").addEventListener("click", () => this.#send("DELETE"));
    this.look();
    // Time uses faults up too.
    setInterval(() => byId("faults-armed").children.length > 0 && this.look(), 1_000);
  }

  /** Looks again if requests came since, or faults were armed or cleared, here or by the API. */
  changesSeen(requests, edits) {
    const seen = `${requests} ${edits}`;
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.look();
  }

  /** Reads what is armed. Calls that come too fast are made one. */
  async look() {
    if (this.#isLooking) {
      this.#isStale = true;
      return;
    }
    this.#isLooking = true;
    do {
      this.#isStale = false;
      const found = await get("/api/faults");
      if (found) this.#write(found);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    } while (this.#isStale);
    this.#isLooking = false;
  }

  async #arm(fault) {
    const times = byId("fault-times");
    const isAlways = byId("fault-always").checked;
    if (!isAlways && !times.reportValidity()) return;
    await this.#send("POST", { ...fault, ...(isAlways ? { always: true } : { times: times.valueAsNumber }) });
  }

  async #send(method, body, path = "/api/faults") {
    let objection = "";
    try {
      const response = await fetch(path, { method, body: body && JSON.stringify(body) });
      if (!response.ok) objection = await response.text();
    } catch {
      objection = "The inspector does not answer.";
    }
    setText(byId("fault-note"), objection.trim());
    const found = await get("/api/faults");
    if (found) this.#write(found);
  }

  #write({ faults, finished = [] }) {
    const clear = (event) => this.#send("DELETE", undefined, `/api/faults/${event.currentTarget.dataset.id}`);
    const make = () =>
      h("li", {}, h("button", { type: "button", class: "clear", title: "Clear this fault", "aria-label": "Clear this fault", onclick: clear }, "✕"), h("b"), h("span"));
    const write = (item, fault) => {
      const [button, told, often] = item.children;
      button.dataset.id = fault.id;
      setText(told, what(fault));
      setText(often, howOften(fault));
    };
    fill(byId("faults-armed"), faults, make, write);
    fill(byId("faults-finished"), finished.slice(-3).reverse(), make, write);
    byId("faults-clear").disabled = faults.length === 0;
  }
}

/** What a fault does, in a few words. */
function what(fault) {
  const words = [];
  if (fault.status) words.push(`answer ${fault.status}`);
  if (fault.over_quota) words.push(`over quota (${fault.over_quota})`);
  if (fault.never_answer) words.push("never answer");
  if (fault.refuse_connections) words.push("refuse connections");
  if (fault.reset) words.push(`reset ${fault.reset.replaceAll("_", " ")}${fault.reset === "during" ? ` (after ${fault.after_body_bytes} B)` : ""}`);
  if (fault.verdict) words.push(`verdict ${fault.verdict}${fault.details ? ` (${fault.details})` : ""}`);
  if (fault.delay_ms) words.push(`delay ${fault.delay_ms} ms`);
  if (fault.byte_by_byte_ms !== undefined) words.push(`byte by byte, ${fault.byte_by_byte_ms} ms each`);
  if (fault.endless_body) words.push("endless body");
  if (fault.close) words.push("close after the answer");
  for (const [name, value] of Object.entries(fault.headers ?? {})) words.push(`${name}: ${value}`);
  if (fault.wire_bytes_over !== undefined) words.push(`if over ${number(fault.wire_bytes_over)} B on the wire`);
  if (fault.content_bytes_over !== undefined) words.push(`if over ${number(fault.content_bytes_over)} B inflated`);
  if (fault.body_contains !== undefined) words.push(`if the body has “${fault.body_contains}”`);
  return words.join(", ") || "nothing";
}

function howOften(fault) {
  const words = [];
  if (fault.share !== undefined) words.push(`${Math.round(fault.share * 100)} % of requests`);
  if (fault.times !== undefined && fault.times > 0) words.push(`${number(fault.times)} left`);
  if (fault.always) words.push("until cleared");
  if (fault.during_ms !== undefined) words.push(`for ${number(fault.during_ms)} ms`);
  if (fault.acted !== undefined) words.push(`acted ${number(fault.acted)}×`);
  return words.join(", ");
}
