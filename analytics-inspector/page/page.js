// The page, put together.

import { detail } from "./detail.js";
import { byId, copy, h, setText } from "./dom.js";
import { Faults } from "./faults.js";
import { FeedView } from "./feed.js";
import { format, parse, toggled } from "./filter.js";
import { journey } from "./journey.js";
import { Rail } from "./rail.js";
import { Stream } from "./stream.js";

const input = byId("filter");
const panel = byId("detail");

const faults = new Faults();
const rail = new Rail(toggle);
const stream = new Stream(hear, connected);
const feed = new FeedView((row, isActor, isByKey) => (isActor ? showJourney(row.actor, row.seq) : showDetail(row, isByKey)), (filter) => stream.follow(filter));

/** Counts what was asked to be shown, so that a slow answer does not replace a later one. */
let asked = 0;
let latest = null;
let frame = 0;

function hear(message) {
  latest = message.counts;
  feed.hear(message);
  faults.requestsSeen(message.counts.requests);
  frame ||= requestAnimationFrame(writeCounts);
}

function writeCounts() {
  frame = 0;
  const filter = parse(input.value);
  const isFiltered = format(filter) !== "";
  rail.write(latest, filter);
  byId("empty").hidden = !feed.isEmpty || isFiltered || latest.requests > 0;
  byId("no-match").hidden = !feed.isEmpty || !isFiltered;
}

function connected(isConnected) {
  const status = byId("connection");
  status.dataset.state = isConnected ? "live" : "lost";
  setText(status, isConnected ? "live" : "not reachable, trying again");
}

// The filter.

function applyFilter() {
  const filter = parse(input.value);
  const line = format(filter);
  history.replaceState(null, "", line ? `#${encodeURIComponent(line)}` : location.pathname);
  feed.restart(filter);
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", String(button.dataset.filter === `is:${filter.is}`));
  }
  if (latest) frame ||= requestAnimationFrame(writeCounts);
}

function toggle(part) {
  input.value = toggled(input.value, part);
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
  button.addEventListener("click", () => toggle({ is: button.dataset.filter.slice("is:".length) }));
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
  await show(row.seq, () => detail(row, { toggle, showJourney: (actor) => showJourney(actor, row.seq) }), isByKey);
}

async function showJourney(actor, seq) {
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
    if (!panel.hidden) hidePanel();
    else if (isTyping) byId("scroller").focus();
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

function applyAddress() {
  try {
    input.value = decodeURIComponent(location.hash.slice(1));
  } catch {
    input.value = "";
  }
  applyFilter();
}

addEventListener("hashchange", applyAddress);
applyAddress();
