// The filter: one line of terms. The server reads it; here single terms are put in and taken out.

const TERM = /(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/gu;

const terms = (line) => line.match(TERM) ?? [];

/** `key:value`, in quotes where the value needs them. */
export const term = (key, value) => key + ":" + (/^[^\s"…*]+$/u.test(value) ? value : `"${value.replace(/["\\]/gu, "\\$&")}"`);

/** Whether the line has this term. */
export const has = (line, term) => terms(line).includes(term);

/** The line with this term put in, in place of another of its key, or taken out if it is there. */
export function toggled(line, added) {
  const key = added.slice(0, added.indexOf(":") + 1);
  const others = terms(line).filter((term) => !term.startsWith(key));
  return (has(line, added) ? others : [added, ...others]).join(" ");
}

/** The line as the part of a query. */
export const query = (line) => new URLSearchParams(line ? { filter: line } : {});

/** What of the line the server does not understand; an empty text if nothing. */
export async function objection(line) {
  if (!line) return "";
  try {
    const response = await fetch(`/api/page/filter?${query(line)}`);
    return response.ok ? await response.text() : "";
  } catch {
    return "";
  }
}
