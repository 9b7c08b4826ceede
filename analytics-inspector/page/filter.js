// The filter: one line of text, `words name:x actor:"a b" is:refused`.

const KEYS = ["name", "actor", "is"];
const VERDICTS = ["accepted", "duplicate", "dropped", "refused", "unanswered", "answered"];
const TOKEN = /(?:(name|actor|is):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/gu;

/** Reads the line. What is no word of the filter is text. */
export function parse(line) {
  const filter = { text: "", name: "", actor: "", is: "" };
  const words = [];
  for (const [whole, key, quoted, bare] of line.matchAll(TOKEN)) {
    const value = quoted === undefined ? bare : quoted.replace(/\\(.)/gu, "$1");
    // A key that still waits for its value.
    if (key === undefined && quoted === undefined && /^(?:name|actor|is):$/u.test(bare)) continue;
    if (key === undefined) words.push(value);
    else if (key === "is" && !VERDICTS.includes(value)) words.push(whole);
    else filter[key] = value;
  }
  filter.text = words.join(" ");
  return filter;
}

/** Writes it as a line again. */
export function format(filter) {
  const words = KEYS.filter((key) => filter[key]).map((key) => `${key}:${quote(filter[key])}`);
  return [...words, filter.text].filter(Boolean).join(" ");
}

const quote = (value) => (/^[^\s"]+$/u.test(value) ? value : `"${value.replace(/["\\]/gu, "\\$&")}"`);

/** The line with this filter switched on, or off if it is on. */
export function toggled(line, part) {
  const filter = parse(line);
  for (const [key, value] of Object.entries(part)) filter[key] = filter[key] === value ? "" : value;
  return format(filter);
}

export function query(filter) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) if (value) query.set(key, value);
  return query;
}
