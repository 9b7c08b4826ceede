// An event as an assertion on a recording, in Rust.

import { Digits } from "./json.js";

const ESCAPES = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" };

/** A string literal. What cannot be seen, or turns the direction of text, is escaped. */
export function literal(text) {
  const escape = (c) => ESCAPES[c] ?? `\\u{${c.codePointAt(0).toString(16)}}`;
  // Half of a surrogate pair is no character in Rust.
  const whole = text.replace(/\p{Cs}/gu, "\ufffd");
  return `"${whole.replace(/["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escape)}"`;
}

/** The assertion that finds this event. `event` is the event as it was on the wire, `name` and `actor` as the server reads them. */
export function assertion({ name, actor, event }) {
  const properties = event.properties ?? {};
  return format(calls(name, actor, properties, event));
}

function calls(name, actor, properties, event) {
  if (name === "$identify") {
    const from = text(properties.$anon_distinct_id);
    const calls = [`assert_identified(${literal(actor)})`];
    if (from !== null) calls.push(`from_anonymous(${literal(from)})`);
    return [...calls, ...person(properties, "set", "set_once", "unset")];
  }
  if (name === "$create_alias" && text(properties.alias) !== null) {
    return [`assert_alias(${literal(properties.alias)})`, `to_user(${literal(actor)})`];
  }
  if (name === "$groupidentify" && text(properties.$group_type) !== null && text(properties.$group_key) !== null) {
    const group = `assert_group(${literal(properties.$group_type)}, ${literal(properties.$group_key)})`;
    return [group, ...withEach("with", object(properties.$group_set))];
  }
  const own = Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("$")));
  const groups = Object.entries(object(properties.$groups)).map(([kind, id]) => `in_group(${literal(kind)}, ${value(id)})`);
  return [
    `assert_one(${literal(name)})`,
    `by(${actorOf(actor, properties, event)})`,
    ...withEach("with", own),
    ...groups,
    ...person(properties, "person_set", "person_set_once", "person_unset"),
  ];
}

/** Who it was. Only users have person profiles; the others are told apart by the look of their ids. */
function actorOf(id, properties, event) {
  const isUser = properties.$process_person_profile !== false && event.options?.process_person_profile !== false;
  if (isUser) return `Actor::user(${literal(id)})`;
  if (id.startsWith("anonymous_")) return `Actor::session(${literal(id.slice("anonymous_".length))})`;
  const kind = /^[a-z][a-z_-]*$/u.test(id) ? "service" : "anonymous";
  return `Actor::${kind}(${literal(id)})`;
}

function person(properties, set, setOnce, unset) {
  const removed = Array.isArray(properties.$unset) ? properties.$unset.filter((key) => typeof key === "string") : [];
  return [
    ...withEach(set, object(properties.$set)),
    ...withEach(setOnce, object(properties.$set_once)),
    ...removed.map((key) => `${unset}(${literal(key)})`),
  ];
}

const withEach = (method, entries) =>
  Object.entries(entries)
    .filter(([, each]) => each !== null)
    .map(([key, each]) => `${method}(${literal(key)}, ${value(each)})`);

const text = (value) => (typeof value === "string" ? value : null);
const object = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Digits) ? value : {});

/** A value that a property can be compared with. */
function value(value) {
  if (typeof value === "string") return literal(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Digits) return digits(value.text);
  const isListOfText = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
  return isListOfText ? `&[${value.map(literal).join(", ")}]` : `&Json(serde_json::json!(${json(value)}))`;
}

function json(value) {
  if (typeof value === "string") return literal(value);
  if (value instanceof Digits) return digits(value.text);
  if (Array.isArray(value)) return `[${value.map(json).join(", ")}]`;
  if (value === null || typeof value !== "object") return String(value);
  return `{${Object.entries(value).map(([key, each]) => `${literal(key)}: ${json(each)}`).join(", ")}}`;
}

/** A number of the narrowest type that a literal needs a suffix for. */
function digits(text) {
  if (!/^-?\d+$/u.test(text)) return text;
  const value = BigInt(text);
  const fits = (bits) => BigInt.asIntN(bits, value) === value;
  const suffix = fits(32) ? "" : fits(64) ? "_i64" : BigInt.asUintN(64, value) === value ? "_u64" : fits(128) ? "_i128" : "_u128";
  return group(text) + suffix;
}

const group = (text) => (text.replace("-", "").length < 5 ? text : text.replace(/\B(?=(?:\d{3})+$)/gu, "_"));

/** One line if it fits, else a call a line. */
function format(calls) {
  const line = `recorded.${calls.join(".")};`;
  return line.length <= 110 ? line : `recorded\n    .${calls.join("\n    .")};`;
}
