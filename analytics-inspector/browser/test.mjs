// Drives the page in a real browser: node test.mjs INSPECTOR [SCREENSHOTS [SENDER]]
//
// SENDER is a program that sends events as it is configured: examples/background_job, with the real sink.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { Checks, equal, holds, sleep, until } from "./checks.mjs";
import { elsewhere, foreignPages } from "./foreign.mjs";
import { batch, event, flood, post, send, start } from "./inspector.mjs";
import { tell } from "./story.mjs";

const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const FLOOD = 20_000;
const MAX_ROWS = 500;
const MAX_HEAP = 64 * 1024 * 1024;

const [binary, screenshots, sender] = process.argv.slice(2);

/** Says why there is nothing to test, and is a failure only where everything has to be there. */
function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(process.env.CI === "true" ? 1 : 0);
}

if (!binary) {
  console.error("usage: node test.mjs INSPECTOR [SCREENSHOTS [SENDER]]");
  process.exit(2);
}
if (!existsSync(BROWSER)) skip(`no browser at ${BROWSER}`);
const { chromium } = await import("playwright-core").catch(() => skip("playwright-core is not installed (npm ci)"));

const checks = new Checks();
const inspector = await start(binary);
const { url } = inspector;
const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS, headless: true });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
const page = await context.newPage();
const complaints = [];

page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
await page.exposeFunction("complain", (text) => complaints.push(text));
await page.addInitScript(() => {
  globalThis.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  addEventListener("securitypolicyviolation", (event) => complain(`policy: ${event.violatedDirective} ${event.blockedURI}`));
});

const count = (id) => page.evaluate((id) => Number(document.getElementById(id).textContent.replaceAll(",", "")), id);
const rowCount = () => page.evaluate(() => document.querySelectorAll("#rows > *").length);
const cells = (kind) => page.evaluate((kind) => [...document.querySelectorAll(`#rows .row .${kind}`)].map((cell) => cell.textContent), kind);
const verdicts = () => page.evaluate(() => [...document.querySelectorAll("#rows .row .verdict")].map((cell) => cell.title));
const countIs = async (id, expected) => equal(await until(() => count(id), (found) => found === expected), expected, id);
const shot = async (name, on = page) => {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await on.screenshot({ path: `${screenshots}/${name}.png` });
};
const filter = async (line) => {
  await page.fill("#filter", line);
  await sleep(250);
};
const open = async (name) => {
  await page.locator("#rows .row", { has: page.locator(".name", { hasText: new RegExp(`^${name.replace("$", "\\$")}$`, "u") }) }).first().click({ position: { x: 30, y: 10 } });
  await page.waitForFunction((name) => document.querySelector("#detail h2")?.textContent === name, name);
};
const reset = async () => {
  await post(url, "/api/reset", {});
  await fetch(`${url}/api/faults`, { method: "DELETE" });
  await countIs("count-requests", 0);
};

/** An assertion of the Rust test that compiles and runs them. */
function compiled(title) {
  const test = readFileSync(new URL("../tests/assertion.rs", import.meta.url), "utf8");
  const [, text] = test.split(`    // copied: ${title}\n`);
  return text.split("    // copied")[0].trimEnd().replaceAll(/^ {4}/gmu, "");
}

try {
  await page.goto(url);
  await checks.check("an empty page says how to send the first event", async () => {
    await page.waitForSelector("#empty:not([hidden])");
    equal(await page.textContent("#empty-env"), `export POSTHOG_HOST=${url}\nexport POSTHOG_API_KEY=phc_local`);
    await shot("empty");
  });

  if (sender) {
    await checks.check("events of the real sink appear, and one is opened", async () => {
      const env = { PATH: process.env.PATH, POSTHOG_HOST: url, POSTHOG_API_KEY: "phc_local" };
      execFileSync(sender, [], { env, stdio: "ignore" });
      await countIs("count-events", 5);
      const names = await until(() => cells("name"), (names) => names.length === 5);
      equal(names[0], "billing_finished");
      await open("billing_finished");
      const text = await page.textContent("#detail");
      for (const part of ["analytics-posthog", "sent", "failed", "attempt 1"]) holds(text.includes(part), `no ${part}`);
      await page.keyboard.press("Escape");
      await reset();
    });
  }

  await checks.check("events appear, sent plain and gzip, the newest first", async () => {
    await send(url, [event(1, "first_seen", "u1", { n: 1 })], {});
    await send(url, [event(2, "order_placed", "u1", { items: 3 }), event(3, "order_shipped", "u1", {})], { gzip: true });
    await countIs("count-events", 3);
    const names = await until(() => cells("name"), (names) => names.length === 3);
    equal(names.join(), "order_shipped,order_placed,first_seen");
    equal(await page.isHidden("#empty"), true, "empty state hidden");
  });

  await checks.check("an event opens, with properties, wire JSON and headers", async () => {
    await open("order_placed");
    const text = await page.textContent("#detail");
    for (const part of ["items", "$geoip_disable", '"distinct_id": "u1"', "browser-test/1", "attempt 1", "/batch/"]) {
      holds(text.includes(part), `no ${part} in the details`);
    }
  });

  await checks.check("the assertion is the expected Rust", async () => {
    equal(await page.textContent("#detail pre.assertion"), compiled("simple"));
  });

  await checks.check("the assertion of awkward values is the expected Rust too", async () => {
    const properties = {
      quote: 'say "hi" \\ there',
      lines: "a\nb\t\u0000\u202e",
      emoji: "naïve 🦀",
      big: 3_000_000_000,
      many: 12_345,
      ratio: 0.25,
      is_new: true,
      nothing: null,
      tags: ["a", 'b"'],
      nested: { deep: [1, "x", null] },
      $groups: { company: "acme" },
      $set: { plan: "pro" },
      $process_person_profile: false,
    };
    await send(url, [event(4, 'odd "name"', "anonymous_s1", properties)]);
    await open('odd "name"');
    equal(await page.textContent("#detail pre.assertion"), compiled("awkward"));
  });

  await checks.check("who is who has assertions of its own", async () => {
    await send(url, [
      event(10, "$identify", "u8", { $anon_distinct_id: "anonymous_s8", $set: { plan: "pro" }, $set_once: { source: "ad" } }),
      event(11, "$create_alias", "u8", { alias: "anonymous_t8" }),
      event(12, "$groupidentify", "company_acme", { $group_type: "company", $group_key: "acme", $group_set: { seats: 12 } }),
    ]);
    for (const [name, title] of [["$identify", "identify"], ["$create_alias", "alias"], ["$groupidentify", "group"]]) {
      await open(name);
      equal(await page.textContent("#detail pre.assertion"), compiled(title));
    }
  });

  await checks.check("copying puts the assertion on the clipboard", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    await open("order_placed");
    await page.locator("#detail .code:has(pre.assertion) button").click();
    await page.waitForFunction(() => document.querySelector("#detail .code button").textContent === "Copied");
    equal(await page.evaluate(() => navigator.clipboard.readText()), await page.textContent("#detail pre.assertion"));
  });

  await checks.check("a journey tells that the anonymous session joined the user", async () => {
    await send(url, [
      event(5, "page_viewed", "anonymous_s9", { $process_person_profile: false }),
      event(6, "$identify", "u9", { $anon_distinct_id: "anonymous_s9" }),
      event(7, "bought", "u9", {}),
    ]);
    await open("bought");
    await page.locator("#detail .facts .link").click();
    await page.waitForSelector("#detail .answer");
    equal(await page.textContent("#detail .answer"), "Yes, they joined: u9 and anonymous_s9 are one person.");
    equal(await page.locator("#detail .steps li").count(), 3, "steps");
    await page.keyboard.press("Escape");
    equal(await page.isHidden("#detail"), true, "details closed by Escape");
  });

  await checks.check("an event that is lost in spite of its 200, and one that came before, are told apart", async () => {
    await send(url, [event(8, "$identify", "u9", { $anon_distinct_id: "x", $process_person_profile: false }), event(7, "bought", "u9", {})]);
    await countIs("count-duplicates", 1);
    await countIs("count-dropped", 1);
    const told = await until(verdicts, (told) => told[0] === "duplicate");
    equal(told.slice(0, 2).join(), "duplicate,dropped silently: person_event_without_profile");
    equal((await cells("verdict")).slice(0, 2).join(), "duplicate,dropped", "one word each");
  });

  await checks.check("a fault armed in the panel acts on the next batch, which comes through on its second attempt", async () => {
    await page.fill("#fault-times", "1");
    await page.locator("#fault-buttons button", { hasText: "503" }).click();
    await page.waitForFunction(() => document.querySelector("#faults-armed li")?.textContent.includes("answer 503"));
    const events = [event(9, "retried", "u1", {})];
    equal(await send(url, events), 503, "first attempt");
    await page.waitForFunction(() => document.querySelector("#rows .row .verdict")?.title === "503 refused: armed fault");
    equal((await cells("preview"))[0], "503 refused: armed fault (1 event)");
    equal(await send(url, events), 200, "second attempt");
    await page.waitForFunction(() => document.querySelector("#rows .row .name")?.textContent === "retried");
    holds((await cells("batch"))[0].endsWith("×2"), "no second attempt in the batch column");
    await page.waitForFunction(() => document.querySelectorAll("#faults-armed li").length === 0);
  });

  await checks.check("a request that is refused says why", async () => {
    equal(await post(url, "/batch/", batch([{ event: "no_actor" }])), 400);
    const told = await until(verdicts, (told) => told[0].startsWith("400"));
    holds(/^400 refused: .+/u.test(told[0]), told[0]);
  });

  await checks.check("the filter finds by name, actor, text and verdict, and survives a reload", async () => {
    for (const [line, expected] of [
      ["name:bought", "bought,bought"],
      ["actor:anonymous_s9", "page_viewed"],
      ["is:refused", "POST /batch/,POST /batch/"],
      ["SAY", 'odd "name"'],
      ["is_new=true", 'odd "name"'],
      ["items>2 -name:order_shipped", "order_placed"],
      ["status:503", "POST /batch/"],
      ["actor:u9 -is:dropped", "bought,bought,$identify"],
      ["actor:anonymous_…9 page", "page_viewed"],
      ['name:"odd \\"name\\""', 'odd "name"'],
    ]) {
      await filter(line);
      const names = await until(() => cells("name"), (names) => names.join() === expected, 3_000);
      equal(names.join(), expected, line);
    }
    await page.reload();
    const names = await until(() => cells("name"), (names) => names.length === 1);
    equal(names.join(), 'odd "name"');
    await filter("is:foo");
    await page.waitForSelector("#filter-note:not([hidden])");
    holds((await page.textContent("#filter-note")).startsWith("is: takes one of accepted,"), "no fix in the message");
    equal((await cells("name")).join(), 'odd "name"', "what was shown stays");
    // Escape empties the box, and then nothing is wrong with it.
    await page.focus("#filter");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#filter-note", { state: "hidden" });
    equal(await page.inputValue("#filter"), "");
    await until(rowCount, (rows) => rows > 5);
    await filter("nothing has this");
    await page.waitForSelector("#no-match:not([hidden])");
    await page.click("#filter-reset");
    await until(rowCount, (rows) => rows > 5);
  });

  await checks.check("the address has the filter and what is open, for a colleague, and back goes back", async () => {
    await filter("name:bought");
    await until(() => cells("name"), (names) => names.join() === "bought,bought");
    await open("bought");
    const address = page.url();
    await page.locator("#detail .facts .link").click();
    await page.waitForSelector("#detail .answer");
    holds(page.url().endsWith("journey=u9"), page.url());
    const colleague = await context.newPage();
    await colleague.goto(address);
    await colleague.waitForFunction(() => document.querySelector("#detail h2")?.textContent === "bought");
    equal(await colleague.inputValue("#filter"), "name:bought");
    await colleague.waitForFunction(() => document.querySelectorAll("#rows .row").length === 2);
    await colleague.goto(page.url());
    await colleague.reload();
    await colleague.waitForSelector("#detail .answer");
    await colleague.close();
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("#detail pre.assertion"));
    equal(page.url(), address);
    await page.keyboard.press("Escape");
    holds(!page.url().includes("event="), page.url());
    await filter("");
    await until(rowCount, (rows) => rows > 5);
  });

  await checks.check("a fault that is armed by the API shows at once, and is cleared alone", async () => {
    await post(url, "/api/faults", { status: 429, times: 7 });
    await post(url, "/api/faults", { status: 502, times: 7 });
    await page.waitForFunction(() => document.querySelectorAll("#faults-armed li").length === 2);
    await page.locator("#faults-armed li", { hasText: "answer 429" }).locator("button").click();
    await page.waitForFunction(() => document.querySelectorAll("#faults-armed li").length === 1);
    const { faults } = await (await fetch(`${url}/api/faults`)).json();
    equal(faults.map(({ status }) => status).join(), "502");
    await fetch(`${url}/api/faults`, { method: "DELETE" });
    await page.waitForFunction(() => document.querySelectorAll("#faults-armed li").length === 0);
  });

  await checks.check("what the filter lets through is exported, one event a line", async () => {
    await filter("name:bought");
    await page.waitForFunction(() => document.getElementById("export").href.includes("name%3Abought"));
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
    equal(download.suggestedFilename(), "events.jsonl");
    const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\n");
    equal(lines.map((line) => JSON.parse(line).event).join(), "bought,bought");
    await filter("");
    await until(rowCount, (rows) => rows > 5);
  });

  await checks.check("a reload loses nothing that is remembered", async () => {
    const before = await cells("name");
    await page.reload();
    const after = await until(() => cells("name"), (names) => names.length >= before.length);
    equal(after.join(), before.join());
  });

  await checks.check("clearing forgets everything", async () => {
    await page.click("#clear");
    await countIs("count-events", 0);
    await until(rowCount, (rows) => rows === 0);
    await page.waitForSelector("#empty:not([hidden])");
  });

  // Twenty thousand events, twice.

  const cdp = await context.newCDPSession(page);
  await cdp.send("HeapProfiler.enable");
  await cdp.send("Performance.enable");
  const heap = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await cdp.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "JSHeapUsedSize").value;
  };

  const stream = async (first, { during } = {}) => {
    let samples = 0;
    let most = 0;
    let isDone = false;
    const sending = flood(url, first, FLOOD).finally(() => (isDone = true));
    const sampling = (async () => {
      do {
        most = Math.max(most, await rowCount());
        samples += 1;
        await sleep(5);
      } while (!isDone);
    })();
    await during?.();
    await Promise.all([sending, sampling]);
    return { samples, most };
  };

  await reset();
  let took = 0;
  await checks.check(`while ${FLOOD} events stream in there are at most ${MAX_ROWS} rows`, async () => {
    const { samples, most } = await stream(0x10_0000, {
      during: async () => {
        await until(rowCount, (rows) => rows > 10);
        const begun = Date.now();
        await page.locator("#rows .row").nth(3).click({ position: { x: 30, y: 10 } });
        await page.waitForSelector("#detail pre.assertion");
        took = Date.now() - begun;
      },
    });
    holds(most <= MAX_ROWS, `${most} rows`);
    holds(samples >= 10, `only ${samples} samples`);
    return `at most ${most} in ${samples} samples`;
  });
  await checks.check("a click meanwhile opens a row within 2 s", async () => {
    holds(took > 0 && took < 2_000, `it took ${took} ms`);
    return `${took} ms`;
  });
  await checks.check(`the counter ends at exactly ${FLOOD}`, async () => {
    await countIs("count-events", FLOOD);
    await page.keyboard.press("Escape");
  });
  await checks.check("every event is within reach by scrolling", async () => {
    let most = 0;
    const oldest = await until(
      async () => {
        await page.evaluate(() => (document.getElementById("scroller").scrollTop = 1e9));
        most = Math.max(most, await rowCount());
        return (await cells("preview")).at(-1);
      },
      (preview) => preview?.startsWith(`n=${0x10_0000} `),
      20_000,
    );
    holds(oldest?.startsWith(`n=${0x10_0000} `), `the oldest in reach is ${oldest}`);
    holds(most <= MAX_ROWS, `${most} rows`);
    await page.evaluate(() => (document.getElementById("scroller").scrollTop = 0));
  });
  await checks.check("pause stops the feed and not the counts, and resuming shows what came meanwhile", async () => {
    await page.click("#pause");
    await sleep(200);
    const before = await cells("preview");
    await flood(url, 0x50_0000, 1_000);
    await countIs("count-events", FLOOD + 1_000);
    equal((await cells("preview")).join("\n"), before.join("\n"), "rows");
    equal(await page.textContent("#newer"), "1,000 newer");
    await page.click("#pause");
    const after = await until(() => cells("preview"), (after) => after[0]?.startsWith(`n=${0x50_0000 + 999} `));
    holds(after[0].startsWith(`n=${0x50_0000 + 999} `), after[0]);
  });

  await reset();
  const shiftBefore = await page.evaluate(() => shift);
  await stream(0x60_0000);
  await checks.check("nothing moves on the page while events stream in", async () => {
    const shift = (await page.evaluate(() => globalThis.shift)) - shiftBefore;
    holds(shift < 0.005, `layout shift ${shift}`);
    return `layout shift ${shift.toFixed(4)}`;
  });
  await countIs("count-events", FLOOD);
  const once = await heap();
  await stream(0x70_0000);
  await countIs("count-events", 2 * FLOOD);
  const twice = await heap();
  const mebibytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  await checks.check(`the heap is under ${mebibytes(MAX_HEAP)} after ${FLOOD} events, and no higher after as many again`, async () => {
    holds(once < MAX_HEAP, mebibytes(once));
    holds(twice <= once * 1.1, `${mebibytes(once)}, then ${mebibytes(twice)}`);
    return `${mebibytes(once)}, then ${mebibytes(twice)}`;
  });

  // For the eye.

  await reset();
  await page.setViewportSize({ width: 1320, height: 820 });
  await tell(url);
  await page.fill("#fault-times", "3");
  await page.locator("#fault-buttons button", { hasText: "503" }).click();
  await page.locator("#fault-buttons button", { hasText: "Delay" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#faults-armed li").length === 2);
  await shot("overview");
  await open("order_placed");
  await sleep(300);
  await shot("full");
  await page.emulateMedia({ colorScheme: "dark" });
  await sleep(200);
  await shot("dark");
  await page.locator("#detail .facts .link").click();
  await page.waitForSelector("#detail .answer");
  await shot("journey-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await shot("journey");

  await checks.check("the keyboard alone reaches an event and comes back", async () => {
    await page.keyboard.press("Escape");
    await page.locator("#scroller").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#detail pre");
    equal(await page.evaluate(() => document.activeElement.id), "detail");
    await page.keyboard.press("Escape");
    equal(await page.evaluate(() => document.activeElement.id), "scroller");
    await page.keyboard.press("/");
    equal(await page.evaluate(() => document.activeElement.id), "filter");
  });

  const box = (selector) => page.evaluate((selector) => document.querySelector(selector).getBoundingClientRect().toJSON(), selector);
  for (const [width, height] of [[1280, 820], [1600, 1000]]) {
    await checks.check(`at ${width} px the properties have the room, and the rail uses the height`, async () => {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => document.activeElement.blur());
      await page.waitForFunction((width) => document.getElementById("feed").clientWidth > 0 && innerWidth === width, width);
      await shot(`closed-${width}`);
      const closed = [await box("#rows .row .preview"), await box("#rows .row .verdict")];
      holds(closed[0].width >= 280, `properties have ${closed[0].width} px`);
      holds(closed[1].width <= 100, `the verdict has ${closed[1].width} px`);
      const [names, faults] = [await box(".names"), await box(".faults")];
      holds(Math.abs(names.bottom - faults.top) <= 1, `${faults.top - names.bottom} px between names and faults`);
      const isCut = await page.evaluate(() => document.querySelector(".names").scrollHeight > document.querySelector(".names").clientHeight + 1);
      holds(!isCut || names.height >= 160, `names have ${names.height} px, and there are more`);
      await open("order_placed");
      await shot(`open-${width}`);
      const opened = await box("#rows .row .preview");
      holds(opened.width >= 140, `beside details properties have ${opened.width} px`);
      const [pane, value] = [await box("#detail"), await box("#detail details table td")];
      holds(value.width >= pane.width / 2, `a value has ${value.width} of ${pane.width} px`);
      const copies = await page.evaluate(() =>
        [...document.querySelectorAll("#detail .code")].map((code) => [code.querySelector("button"), code.querySelector("pre")].map((part) => part.getBoundingClientRect().toJSON())),
      );
      holds(copies.length >= 2 && copies.every(([button, pre]) => button.bottom <= pre.top), "a Copy button lies over code");
      await page.keyboard.press("Escape");
    });
  }

  await checks.check("the filter says what can be written, while nothing is", async () => {
    await page.focus("#filter");
    await shot("hint");
    holds((await box("#filter-hint")).height > 80, "no hint");
    await filter("x");
    holds((await box("#filter-hint")).height <= 1, "the hint stays");
    await filter("");
    await page.keyboard.press("Escape");
  });

  await checks.check("a journey has each event's own time, whole names, and short ids that tell the whole", async () => {
    const actor = "018f2c9a-7d3e-7b41-8a55-0242ac1200029a41";
    const name = "subscription_renewal_reminder_sent_by_the_nightly_job";
    await fetch(`${url}/api/faults`, { method: "DELETE" });
    equal(await send(url, [{ ...event(0xb0_0000, name, actor, {}), timestamp: "2026-01-02T03:04:05.678Z" }]), 200);
    const newest = await until(() => cells("name"), (names) => names[0] === name);
    equal(newest[0], name, await page.inputValue("#filter"));
    await open(name);
    await page.locator("#detail .facts .link").click();
    await page.waitForSelector("#detail .answer");
    await shot("journey-long");
    const own = await page.evaluate(() => {
      const at = new Date("2026-01-02T03:04:05.678Z");
      return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":") + ".678";
    });
    equal(await page.textContent("#detail .steps .time"), own);
    equal(await page.textContent("#detail .steps .event"), name);
    const isCut = await page.evaluate(() => { const cell = document.querySelector("#detail .steps .event"); return cell.scrollWidth > cell.clientWidth; });
    equal(isCut, false, "the name is cut");
    equal(await page.textContent("#detail .steps .id"), "018f2c9a-7d3…029a41");
    equal(await page.getAttribute("#detail .steps .id", "title"), actor);
    await page.keyboard.press("Escape");
    await filter("actor:018f2c9a-7d3…029a41");
    const found = await until(() => cells("name"), (names) => names.length === 1);
    equal(found.join(), name, "what is shown is found");
    await filter("");
  });

  await checks.check("at 400 px nothing is wider than the window", async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await sleep(300);
    await shot("narrow");
    const tops = await page.evaluate(() => [...document.querySelectorAll("#rows .row")].slice(0, 5).map((row) => row.getBoundingClientRect().top));
    holds(tops.every((top, index) => index === 0 || top - tops[index - 1] === 46), `rows begin at ${tops}`);
    for (const [what, act] of [
      ["the feed", () => {}],
      ["the rail", () => page.click("#rail-toggle")],
      ["the details", async () => (await page.click("#rail-toggle"), await open("order_placed"))],
    ]) {
      await act();
      await sleep(200);
      await shot(`narrow-${what.slice(4)}`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      holds(width <= 400, `${what}: ${width} px`);
    }
  });

  await checks.check("no other site may read it, frame it, or name it", async () => {
    const { request } = context;
    const index = await request.get(url);
    const headers = index.headers();
    holds(!headers["content-security-policy"].includes("unsafe"), "unsafe in the policy");
    equal(headers["access-control-allow-origin"], undefined);
    for (const path of ["/", "/page/page.js", "/api/page/stream", "/api/page/feed"]) {
      equal((await request.get(url + path, { headers: { Host: "evil.example" } })).status(), 403, path);
    }
  });

  await checks.check("no error on the console, no report of the policy", async () => {
    equal(complaints.join("\n"), "");
  });

  await checks.check("where there is no room for one more stream the page tries again until there is", async () => {
    const controllers = [];
    const readable = [];
    while (readable.length === 0 || readable.at(-1)) {
      const controller = new AbortController();
      controllers.push(controller);
      readable.push((await fetch(`${url}/api/stream`, { signal: controller.signal })).ok);
      holds(readable.length < 1_000, "there is room for any number of streams");
    }
    const crowded = await context.newPage();
    await crowded.goto(url);
    await crowded.waitForFunction(() => document.getElementById("connection").dataset.state === "lost");
    for (const controller of controllers) controller.abort();
    await crowded.waitForFunction(() => document.getElementById("connection").dataset.state === "live");
    await crowded.close();
    return `${readable.length - 1} other streams`;
  });

  await foreignPages(checks, browser, url);
  await elsewhere(checks, browser, binary);
} finally {
  await browser.close();
  inspector.stop();
}

console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed > 0 ? 1 : 0;
