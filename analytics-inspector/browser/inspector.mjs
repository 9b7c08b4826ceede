// The inspector under test, and what a service sends to it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";

/** Starts the binary on a free port. `warning` is what it says on its error output, if it says anything before it serves. */
export async function start(binary, ...options) {
  const child = spawn(binary, ["--port", "0", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let warning = "";
  child.stderr.on("data", (text) => (warning += text));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${binary} ended with ${code}`)));
    lines.on("line", (line) => {
      const found = /^listening on (http:\S+?);/u.exec(line);
      if (found) resolve(found[1]);
    });
  });
  return { url, warning: () => warning, stop: () => child.kill() };
}

/** Posts JSON, gzip or plain; gives the status, or `null` if there was no answer. */
export async function post(url, path, body, { gzip = false, headers = {} } = {}) {
  const text = JSON.stringify(body);
  try {
    const response = await fetch(url + path, {
      method: "POST",
      body: gzip ? gzipSync(text) : text,
      headers: { "Content-Type": "application/json", "User-Agent": "browser-test/1", ...headers },
    });
    await response.text();
    return response.status;
  } catch {
    return null;
  }
}

export const batch = (events) => ({ api_key: "phc_local", sent_at: new Date().toISOString(), batch: events });

/** Sends a batch as our PostHog sink does. */
export const send = (url, events, options = { gzip: true }) => post(url, "/batch/", batch(events), options);

/** An event with a uuid made from a number. */
export function event(number, name, actor, properties) {
  return {
    uuid: `01890000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`,
    event: name,
    distinct_id: actor,
    timestamp: new Date().toISOString(),
    properties: { $lib: "analytics-rust", $lib_version: "0.1.0", $geoip_disable: true, $is_server: true, ...properties },
  };
}

/** Sends many events, a thousand at a time; `first` is the number of the first one. */
export async function flood(url, first, count) {
  const names = ["page_viewed", "search_run", "item_added", "order_placed", "chat_message_sent", "tool_called"];
  for (let sent = 0; sent < count; sent += 1_000) {
    const numbers = Array.from({ length: 1_000 }, (_, index) => first + sent + index);
    const events = numbers.map((n) => event(n, names[n % names.length], `user-${n % 97}`, { n, source: "flood", is_new: n % 2 === 0 }));
    const status = await send(url, events);
    if (status !== 200) throw new Error(`a batch was answered ${status}`);
  }
}
