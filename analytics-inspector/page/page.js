// The page, put together.

import { detail } from "./detail.js";
import { byId, copy, h, setText } from "./dom.js";
import { Faults } from "./faults.js";
import { FeedView } from "./feed.js";
import { Address } from "./address.js";
import { has, objection, term, toggled } from "./filter.js";
import { journey } from "./journey.js";
import { Rail } from "./rail.js";
import { Stream } from "./stream.js";

const input = byId("filter");
const panel = byId("detail");

const faults = new Faults();
const rail = new Rail(toggle);
const stream = new Stream(hear, connected);
const feed = new FeedView((row, isActor, isByKey) => (isActor ? showJourney(row.actor, row.seq) : showDetail(row, isByKey)), (line) => stream.follow(line));

const address = new Address(applyAddress);

/** Counts what was asked to be shown, so that a slow answer does not replace a later one. */
let asked = 0;
let latest = null;
let frame = 0;

function hear(message) {
  latest = message.counts;
  feed.hear(message);
  faults.changesSeen(message.counts.requests, message.fault_edits);
  frame ||= requestAnimationFrame(writeCounts);
}

function writeCounts() {
  frame = 0;
  const isFiltered = feed.line !== "";
  rail.write(latest, (name) => has(feed.line, term("name", name)));
  byId("empty").hidden = !feed.isEmpty || isFiltered || latest.requests > 0;
  byId("no-match").hidden = !feed.isEmpty || !isFiltered;
}

function connected(isConnected) {
  const status = byId("connection");
  status.dataset.state = isConnected ? "live" : "lost";
  setText(status, isConnected ? "live" : "not reachable, trying again");
}

// The filter.

/** Counts the lines that were to be applied, so that a slow objection does not undo a later line. */
let lines = 0;

async function applyFilter() {
  const line = input.value.trim();
  lines += 1;
  const mine = lines;
  const told = await objection(line);
  if (mine !== lines) return;
  setText(byId("filter-note"), told);
  byId("filter-note").hidden = told === "";
  input.setAttribute("aria-invalid", String(told !== ""));
  if (told) return;
  address.filter(line);
  byId("export").href = `/api/events?${new URLSearchParams({ format: "jsonl", ...(line ? { filter: line } : {}) })}`;
  feed.restart(line);
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", String(has(line, button.dataset.filter)));
  }
  if (latest) frame ||= requestAnimationFrame(writeCounts);
}

function toggle(added) {
  input.value = toggled(input.value.trim(), added);
  applyFilter();
}

let typing = 0;
input.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(applyFilter, 150);
});
byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("scroller").focus();
});
byId("filter-reset").addEventListener("click", () => {
  input.value = "";
  applyFilter();
});
for (const button of document.querySelectorAll("[data-filter]")) {
  button.addEventListener("click", () => toggle(button.dataset.filter));
}

// The buttons above.

function pause(isPaused) {
  feed.pause(isPaused);
  const button = byId("pause");
  button.setAttribute("aria-pressed", String(isPaused));
  setText(button.firstElementChild, isPaused ? "Resume" : "Pause");
}

byId("pause").addEventListener("click", () => pause(!feed.isPaused));
byId("newer").addEventListener("click", () => pause(false));
byId("clear").addEventListener("click", async () => {
  hidePanel();
  pause(false);
  await fetch("/api/reset", { method: "POST" }).catch(() => connected(false));
});
byId("rail-toggle").addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("rail-open");
  byId("rail-toggle").setAttribute("aria-expanded", String(isOpen));
});

// The panel with details.

async function showDetail(row, isByKey = false) {
  address.open({ event: row.seq });
  await show(row.seq, () => detail(row, { toggle, showJourney: (actor) => showJourney(actor, row.seq) }), isByKey);
}

async function showJourney(actor, seq) {
  address.open({ journey: actor });
  await show(seq, () => journey(actor, (row) => showDetail(row)), false);
}

async function show(seq, make, isByKey) {
  asked += 1;
  const mine = asked;
  feed.mark(seq);
  const elements = await make();
  if (mine !== asked) return;
  const close = h("button", { type: "button", class: "close", "aria-label": "Close the details", title: "Close (Escape)", onclick: hidePanel }, "✕");
  panel.replaceChildren(close, ...elements);
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add("detail-open");
  if (isByKey) panel.focus();
}

function hidePanel() {
  if (panel.hidden) return;
  address.open({});
  asked += 1;
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("detail-open");
  feed.mark(null);
  byId("scroller").focus({ preventScroll: true });
}

// The keyboard.

addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea, select");
  if (event.key === "Escape") {
    if (!panel.hidden) {
      hidePanel();
    } else if (isTyping) {
      // A browser empties the box by itself, and tells nobody.
      event.preventDefault();
      event.target.blur();
      byId("scroller").focus();
      if (event.target === input && input.value) {
        input.value = "";
        applyFilter();
      }
    }
  } else if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  } else if (event.key === "/") {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === "p") {
    pause(!feed.isPaused);
  }
});

// How to begin.

const origin = location.origin;
setText(byId("empty-env"), `export POSTHOG_HOST=${origin}\nexport POSTHOG_API_KEY=phc_local`);
setText(
  byId("empty-curl"),
  `curl ${origin}/batch/ -d '{"api_key":"phc_local","batch":[\n  {"event":"order_placed","distinct_id":"u1","properties":{"items":3}}]}'`,
);
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button, byId(button.dataset.copy).textContent));
}

/** Shows what the address says. */
async function applyAddress({ filter, event, journey }) {
  if (input.value.trim() !== filter || feed.line === null) {
    input.value = filter;
    await applyFilter();
  }
  if (journey) await showJourney(journey, null);
  else if (event) await showDetail({ seq: event, verdict: "" });
  else hidePanel();
}

address.start();
