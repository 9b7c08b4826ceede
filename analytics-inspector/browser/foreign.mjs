// Pages of other origins, and a browser on another machine, against the page's guard.

import { createServer } from "node:http";
import { networkInterfaces } from "node:os";
import { equal, holds, until } from "./checks.mjs";
import { event, post, send, start } from "./inspector.mjs";

/** An empty page on another port of this machine. */
async function otherPage() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end("<!doctype html><title>another page</title><iframe name=sink></iframe>");
  });
  await new Promise((resolve) => server.listen(0, resolve));
  return { port: server.address().port, close: () => server.close() };
}

/** All that a page can try to arm a fault with, clear faults and forget events; runs inside the page. */
async function attack(target) {
  const fault = JSON.stringify({ status: 500, always: true });
  const tries = [];
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
    for (const mode of ["no-cors", "cors"]) {
      for (const referrerPolicy of ["no-referrer", "unsafe-url"]) {
        for (const credentials of ["include", "omit"]) {
          const init = { mode, referrerPolicy, credentials, headers: { "Content-Type": type } };
          tries.push(fetch(`${target}/api/faults`, { ...init, method: "POST", body: fault }));
          tries.push(fetch(`${target}/api/faults`, { ...init, method: "DELETE" }));
          tries.push(fetch(`${target}/api/reset`, { ...init, method: "POST" }));
        }
      }
    }
  }
  tries.push(fetch(`${target}/api/faults`, { method: "POST", mode: "no-cors", body: new Blob([fault]) }));
  navigator.sendBeacon(`${target}/api/faults`, fault);
  const settled = await Promise.allSettled(tries);
  // A form without a type of its own for JSON: the name of its field is the text up to an equals sign.
  const form = document.createElement("form");
  Object.assign(form, { method: "POST", enctype: "text/plain", action: `${target}/api/faults`, target: "sink" });
  const field = document.createElement("input");
  Object.assign(field, { name: `{"status":500,"body":"`, value: `"}` });
  form.append(field);
  document.body.append(form);
  const loaded = new Promise((resolve) => document.querySelector("iframe").addEventListener("load", resolve));
  form.submit();
  // A frame loads a refusal. What is done without an answer it does not load, and then the fault is found armed.
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 5_000))]);
  return settled.filter(({ status, value }) => status === "fulfilled" && value.type !== "opaque").length;
}

/** What a page can try to read with. Gives what it got hold of. */
async function spy(target) {
  const found = [];
  const text = await fetch(`${target}/api/events`).then((response) => response.text()).catch(() => null);
  if (text !== null) found.push("an answer");
  const load = (tag, attribute, path) =>
    new Promise((resolve) => {
      const element = document.createElement(tag);
      element.onload = () => resolve(true);
      element.onerror = () => resolve(false);
      element[attribute] = target + path;
      if (tag === "link") element.rel = "stylesheet";
      document.head.append(element);
    });
  if (await load("script", "src", "/page/page.js")) found.push("a script");
  if (await load("img", "src", "/page/icon.svg")) found.push("an image");
  if (await load("link", "href", "/page/page.css")) found.push("a style");
  const stream = new EventSource(`${target}/api/stream`);
  const isOpen = await new Promise((resolve) => ((stream.onopen = () => resolve(true)), (stream.onerror = () => resolve(false))));
  stream.close();
  if (isOpen) found.push("a stream");
  return found;
}

export async function foreignPages(checks, browser, url) {
  const other = await otherPage();
  const context = await browser.newContext();
  const page = await context.newPage();
  const port = new URL(url).port;
  const faults = () => fetch(`${url}/api/faults`).then((response) => response.json());
  await fetch(`${url}/api/faults`, { method: "DELETE" });
  await post(url, "/api/reset", {});
  await post(url, "/api/faults", { status: 503, wire_bytes_over: 1e9, times: 7 });
  await send(url, [event(0xf0_0001, "kept", "u1", {})], {});
  for (const from of ["localhost", "127.0.0.1", "[::1]"]) {
    for (const to of ["localhost", "127.0.0.1"]) {
      await checks.check(`a page on ${from}:ANY arms, clears, forgets and reads nothing on ${to}`, async () => {
        await page.goto(`http://${from}:${other.port}/`);
        equal(await page.evaluate(attack, `http://${to}:${port}`), 0, "answers that it could read");
        equal((await page.evaluate(spy, `http://${to}:${port}`)).join(), "", "what it got hold of");
        const { faults: armed, finished } = await faults();
        equal(armed.length + finished.length, 1, "faults");
        const { requests } = await fetch(`${url}/api/counts`).then((response) => response.json());
        equal(requests, 1, "requests");
      });
    }
  }
  await checks.check("a page of another origin shows it in no frame", async () => {
    await page.goto(`http://localhost:${other.port}/`);
    const frame = page.frames().find((frame) => frame.name() === "sink");
    await page.evaluate((target) => (document.querySelector("iframe").src = target), url);
    await until(() => frame.url(), (found) => found !== "about:blank");
    equal(await frame.evaluate(() => document.querySelectorAll("#scroller").length), 0, "feeds in a frame");
  });
  await checks.check("a link on a page of another origin leads to it", async () => {
    await page.goto(`http://localhost:${other.port}/`);
    await page.evaluate((target) => {
      const link = document.createElement("a");
      link.href = target;
      document.body.append(link);
      link.click();
    }, url);
    await page.waitForSelector("#scroller");
  });
  await fetch(`${url}/api/faults`, { method: "DELETE" });
  await post(url, "/api/reset", {});
  await context.close();
  other.close();
}

const otherAddress = () =>
  Object.values(networkInterfaces())
    .flat()
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** The page as a browser on another machine has it, played by another address of this one. */
export async function elsewhere(checks, browser, binary) {
  const address = otherAddress();
  if (!address) {
    console.log("skipped: no address that is not a loopback one");
    if (process.env.CI === "true") checks.failed += 1;
    return;
  }
  const inspector = await start(binary, "--listen", "0.0.0.0");
  const url = inspector.url.replace("127.0.0.1", address);
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await checks.check("from elsewhere the page asks for the token", async () => {
      equal((await page.goto(url)).status(), 401);
    });
    await checks.check("the token becomes a cookie and leaves the address", async () => {
      const token = /\/\?token=(\S+)/u.exec(await until(inspector.warning, (text) => text.includes("token=")))[1];
      await page.goto(`${url}/?token=${token}`);
      await page.waitForSelector("#scroller");
      equal(page.url(), `${url}/`);
      equal(await page.evaluate(() => document.cookie), "", "cookies in reach of scripts");
      const [cookie] = await context.cookies();
      equal(`${cookie.httpOnly} ${cookie.sameSite}`, "true Strict");
      holds(!cookie.value.includes(token), "the token is in the cookie");
      await page.reload();
      await page.waitForSelector("#scroller");
    });
    await checks.check("with the cookie the feed streams and faults are armed", async () => {
      await send(url, [event(1, "from_elsewhere", "u1", {})], {});
      await page.waitForFunction(() => document.querySelector("#rows .row .name")?.textContent === "from_elsewhere");
      await page.locator("#fault-buttons button", { hasText: "503" }).click();
      await page.waitForFunction(() => document.querySelector("#faults-armed li")?.textContent.includes("answer 503"));
      await page.click("#faults-clear");
      await page.waitForFunction(() => document.querySelectorAll("#faults-armed li").length === 0);
    });
    await checks.check("a page on another port of that machine has the cookie sent and arms nothing", async () => {
      const other = await otherPage();
      const armed = () => page.evaluate(() => fetch("/api/faults").then((response) => response.json()).then(({ faults }) => faults.length));
      const stranger = await context.newPage();
      await stranger.goto(`http://${address}:${other.port}/`);
      equal(await stranger.evaluate(attack, url), 0, "answers that it could read");
      equal(await armed(), 0, "faults");
      await stranger.close();
      other.close();
    });
  } finally {
    await context.close();
    inspector.stop();
  }
}
