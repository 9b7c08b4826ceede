// One entry of the feed, whole.

import { bytes, clock, copyButton, get, h } from "./dom.js";
import { verdict } from "./feed.js";
import { term } from "./filter.js";
import { Digits, compact, parse, pretty } from "./json.js";
import { assertion } from "./rust.js";

/** More of a text would only slow the page down; a copy is always whole. */
const MAX_SHOWN = 100_000;

const WHY_DROPPED = {
  performance_event: "PostHog drops $performance_event on sight.",
  event_too_big: "It is over the size of a message in the queue behind the server.",
  person_event_without_profile: "It is about a person, and says $process_person_profile: false.",
  merge_id_not_text: "The id to merge is not a string.",
  group_key_too_long: "The group's key has more than 400 characters.",
  cookieless_without_client: "It is cookieless, and names no user agent or host.",
};

/** The elements of an entry's details, or of a message that it is gone. */
export async function detail(row, acts) {
  const shown = await get(`/api/page/feed/${row.seq}`);
  if (!shown) return [title("Gone", row), h("p", { class: "note" }, "It is no longer remembered: newer events took its place.")];
  return shown.json === null ? request(shown) : event(shown, acts);
}

function event(shown, { showJourney, toggle }) {
  const { row, json, name, actor, request } = shown;
  const parsed = parse(json);
  const assertionText = assertion({ name, actor, event: parsed });
  const act = (text, title, onclick) => h("button", { type: "button", class: "link", title, onclick }, text);
  return [
    title(
      name,
      row,
      act("only this event", `Show nothing but ${name}`, () => toggle(term("name", name))),
      act("only this actor", `Show nothing but events of ${actor}`, () => toggle(term("actor", actor))),
    ),
    row.verdict === "dropped" && h("p", { class: "note warn" }, `Answered ${request?.status ?? 200}, and yet lost by the real server. ${WHY_DROPPED[row.why] ?? row.why}`),
    row.verdict === "duplicate" && h("p", { class: "note" }, "An event with this uuid was accepted before: storage keeps one of them."),
    facts([
      ["actor", act(actor, "Show the journey of this actor", () => showJourney(actor))],
      ["received", clock(row.at)],
      ["timestamp", shown.timestamp ?? "none"],
      ["uuid", shown.uuid ?? "none"],
      ["request", attempt(row)],
      ["size", bytes(row.bytes)],
    ]),
    section("Rust assertion", code(assertionText, "assertion")),
    ...properties(parsed.properties ?? {}),
    section("Wire JSON", code(pretty(json), "wire", json)),
    request && section("Request", exchange(request), headers(request.headers)),
  ].filter(Boolean);
}

function request({ row, request }) {
  return [
    title(`${request.method} ${request.path}`, row),
    request.fault && h("p", { class: "note" }, `It met the fault ${request.fault}.`),
    request.reason && h("p", { class: "note warn" }, request.reason),
    facts([
      ["received", clock(request.received_at_ms)],
      ["request", attempt(row)],
      ["events", String(request.events)],
      ["on the wire", bytes(request.body_bytes)],
      ["inflated", bytes(request.inflated_bytes)],
    ]),
    section("Headers", headers(request.headers)),
    request.body === undefined ? null : section("Body", code(isJson(request.body) ? pretty(request.body) : request.body, "wire", request.body)),
  ].filter(Boolean);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const attempt = ({ request, attempt }) => `#${request}` + (attempt > 0 ? `, attempt ${attempt}` : "");

function title(text, row, ...acts) {
  const badge = h("span", { class: "badge", "data-verdict": row.verdict }, verdict(row));
  return h("header", {}, h("h2", {}, text), badge, ...acts);
}

function section(name, ...content) {
  return h("details", { open: true }, h("summary", {}, name), ...content);
}

function facts(entries) {
  return h("dl", { class: "facts" }, entries.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function code(text, kind, copied = text) {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\n… ${text.length - MAX_SHOWN} characters more` : text;
  return h("div", { class: "code" }, h("pre", { class: kind }, shown), copyButton(() => copied));
}

function properties(all) {
  const entries = Object.entries(all);
  const own = entries.filter(([key]) => !key.startsWith("$"));
  const vendor = entries.filter(([key]) => key.startsWith("$"));
  return [
    section("Properties", own.length > 0 ? table(own) : h("p", { class: "note" }, "None of its own.")),
    vendor.length > 0 && section("PostHog's properties", table(vendor)),
  ].filter(Boolean);
}

function table(entries) {
  const row = ([key, value]) => h("tr", {}, h("th", { scope: "row" }, key), h("td", { class: kind(value) }, cut(compact(value))));
  return h("table", {}, h("tbody", {}, entries.map(row)));
}

const cut = (text) => (text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text);

function kind(value) {
  if (value instanceof Digits) return "number";
  if (value === null || typeof value === "boolean") return "word";
  return typeof value === "string" ? "string" : "tree";
}

function exchange({ method, path, query, status, reason, fault, body_bytes, inflated_bytes, events, sent_at }) {
  const target = path + (query ? `?${query}` : "");
  const sizes = body_bytes === inflated_bytes ? bytes(body_bytes) : `${bytes(body_bytes)}, inflated ${bytes(inflated_bytes)}`;
  return facts(
    [
      ["line", `${method} ${target}`],
      ["status", status === null ? "no answer" : String(status)],
      reason && ["objection", reason],
      fault && ["fault", fault],
      ["events", String(events)],
      ["body", sizes],
      sent_at && ["sent at", sent_at],
    ].filter(Boolean),
  );
}

function headers(list) {
  const row = ([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value));
  return h("table", { class: "headers" }, h("tbody", {}, list.map(row)));
}
