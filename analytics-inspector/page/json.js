// JSON without loss: numbers keep their digits, the order of keys stays, and nothing is laid out twice.

/** A number as it was written. */
export class Digits {
  constructor(text) {
    this.text = text;
  }
}

/** Parses JSON; every number becomes its digits where the browser tells them. */
export function parse(text) {
  return JSON.parse(text, (_key, value, context) => (typeof value === "number" ? new Digits(context?.source ?? String(value)) : value));
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gu;

/** Lays out JSON text, two spaces a level. Strings and numbers stay letter for letter. */
export function pretty(text) {
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let out = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    if (token === "}" || token === "]") {
      depth -= 1;
      out += previous === "{" || previous === "[" ? token : line() + token;
    } else {
      if (previous === "{" || previous === "[" || previous === ",") out += line();
      out += token === ":" ? ": " : token;
      if (token === "{" || token === "[") depth += 1;
    }
  });
  return out;
}

/** One value, on one line. */
export function compact(value) {
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) return `[${value.map(compact).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([key, value]) => `${JSON.stringify(key)}: ${compact(value)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}
