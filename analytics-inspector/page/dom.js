// Elements and the few ways to write a number.

/** Makes an element. Text is text: nothing here parses markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Writes only what has changed, so that a frame without news costs nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Makes a list as long as its items and writes each of them into its place. */
export function fill(list, items, make, write) {
  while (list.children.length > items.length) list.lastElementChild.remove();
  while (list.children.length < items.length) list.append(make());
  items.forEach((item, index) => write(list.children[index], item));
}

const grouped = new Intl.NumberFormat("en-US");

export const number = (value) => grouped.format(value);

export function bytes(value) {
  if (value < 10_000) return `${number(value)} B`;
  if (value < 10_000_000) return `${number(Math.round(value / 1_000))} kB`;
  return `${number(Math.round(value / 1_000_000))} MB`;
}

const pad = (value, width) => String(value).padStart(width, "0");

/** The time of day, to the millisecond. */
export function clock(ms) {
  const at = new Date(ms);
  return `${pad(at.getHours(), 2)}:${pad(at.getMinutes(), 2)}:${pad(at.getSeconds(), 2)}.${pad(at.getMilliseconds(), 3)}`;
}

/** A long id with its middle left out. It is found by what is shown: the filter takes `…` for anything. */
export const shortened = (id) => (id.length > 22 ? `${id.slice(0, 12)}…${id.slice(-6)}` : id);

/** A button that copies what `text` gives, and says so. */
export function copyButton(text, label = "Copy") {
  return h("button", { type: "button", class: "copy", onclick: (event) => copy(event.currentTarget, text()) }, label);
}

export async function copy(button, text) {
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.textContent = (await toClipboard(text)) ? "Copied" : "Not allowed";
  setTimeout(() => (button.textContent = label), 1_200);
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Off loopback there is no such thing as a clipboard; the old way still works.
    const area = h("textarea", { class: "unseen", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** Reads JSON from the API; `null` if it says no or is not there. */
export async function get(path) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
