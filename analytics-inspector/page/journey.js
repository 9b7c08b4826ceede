// The journey of an actor: its ids, what joined them, and what they did.

import { clock, get, h, number, shortened } from "./dom.js";

const BLOCKED = {
  already_identified: "the joining side is already an identified person",
  illegal_distinct_id: "one side is an id that the server merges with no other",
  person_event_without_profile: "it says $process_person_profile: false, so the server drops it",
  merge_id_not_text: "the id to merge is not a string, so the server drops it",
};

/** The elements of a journey. `open` shows one of its events. */
export async function journey(actor, open) {
  const found = await get(`/api/page/journey?${new URLSearchParams({ actor })}`);
  const heading = h("header", {}, h("h2", {}, actor), h("span", { class: "badge" }, "journey"));
  if (!found) return [heading, h("p", { class: "note" }, "The inspector does not answer.")];
  const colors = new Map(found.ids.map(({ id }, index) => [id, String(index % 6)]));
  const name = (id) => h("span", { class: "id", "data-color": colors.get(id) ?? "0", title: id }, shortened(id));
  return [
    heading,
    h("p", { class: "answer" }, answer(actor, found)),
    found.joins.length > 0 && joins(found.joins, name),
    section("Ids", ids(found.ids, name)),
    section("What they did, the newest first", rows(found.rows, name, open)),
  ].filter(Boolean);
}

/** Whether the anonymous session joined the user, in a sentence. */
function answer(actor, { ids, joins }) {
  const others = ids.filter(({ id, is_same }) => is_same && id !== actor);
  const blocked = joins.filter((join) => join.blocked);
  if (others.length > 0) {
    const names = others.map(({ id }) => id).join(", ");
    const rest = blocked.length > 0 ? ` ${number(blocked.length)} other attempt${blocked.length > 1 ? "s" : ""} to join came to nothing.` : "";
    return `Yes, they joined: ${actor} and ${names} are one person.${rest}`;
  }
  if (blocked.length > 0) return `No, nobody joined: an attempt was made, but ${BLOCKED[blocked.at(-1).blocked] ?? blocked.at(-1).blocked}.`;
  return "No event joins this id to another one: no $identify with $anon_distinct_id, no $create_alias.";
}

function joins(joins, name) {
  const join = ({ event, from, into, blocked }) =>
    h(
      "li",
      { class: blocked ? "blocked" : "" },
      name(from),
      h("span", { class: "arrow" }, blocked ? `╌ ${event} ╌✕` : `─ ${event} →`),
      name(into),
      blocked && h("small", {}, BLOCKED[blocked] ?? blocked),
    );
  return h("ol", { class: "joins" }, joins.slice(-50).map(join));
}

function section(name, content) {
  return h("details", { open: true }, h("summary", {}, name), content);
}

function ids(ids, name) {
  const row = ({ id, events, is_same }) =>
    h("tr", {}, h("th", { scope: "row" }, name(id)), h("td", { class: "number" }, `${number(events)} event${events === 1 ? "" : "s"}`), h("td", {}, is_same ? "same person" : "another person"));
  return h("table", {}, h("tbody", {}, ids.slice(0, 100).map(row)));
}

/** When it happened, as the event says; when it was received, if it does not. */
function happened({ timestamp, at }) {
  const own = timestamp === undefined ? NaN : Date.parse(timestamp);
  return Number.isNaN(own) ? { at, title: `received ${clock(at)}` } : { at: own, title: `${timestamp}, received ${clock(at)}` };
}

function rows(rows, name, open) {
  const row = (entry) => {
    const { at, title } = happened(entry);
    const cells = [h("span", { class: "time", title }, clock(at)), h("span", { class: "event" }, entry.name), name(entry.actor)];
    return h("li", {}, h("button", { type: "button", onclick: () => open(entry) }, cells));
  };
  return h("ol", { class: "steps" }, rows.map(row));
}
