// A little of everything, for the eye.

import { batch, event, post, send } from "./inspector.mjs";

let next = 0xa0_0000;
const made = (name, actor, properties) => event((next += 1), name, actor, properties);
const anonymous = (name, session, properties) => made(name, `anonymous_${session}`, { $process_person_profile: false, ...properties });

/** A shop and its assistant, for some seconds: sessions that become users, retries, refusals, losses. */
export async function tell(url) {
  await send(url, [
    anonymous("page_viewed", "s7f3", { path: "/", referrer: "newsletter" }),
    anonymous("search_run", "s7f3", { query: "rain jacket", results: 42 }),
    anonymous("page_viewed", "s81c", { path: "/pricing" }),
  ]);
  await pause(1_100);
  await send(url, [
    anonymous("item_added", "s7f3", { sku: "RJ-204", price: 129.9, size: "M" }),
    made("$identify", "user_4711", { $anon_distinct_id: "anonymous_s7f3", $set: { plan: "pro" } }),
    made("$groupidentify", "company_acme", { $group_type: "company", $group_key: "acme", $group_set: { plan: "enterprise" } }),
  ]);
  await pause(700);
  await send(url, [
    made("order_placed", "user_4711", { order_id: "o-1093", items: 3, total: 211.4, currency: "EUR", $groups: { company: "acme" } }),
    made("copilot_message_sent", "user_4711", { session_id: "s7f3", tokens: 512, model: "large" }),
    made("copilot_tool_called", "user_4711", { session_id: "s7f3", tool_name: "search", tool_call_id: "c7f3" }),
    made("invoice_sent", "billing-worker", { $process_person_profile: false, invoice: "2026-0117", attempts: 1 }),
  ]);
  const again = [made("order_shipped", "user_4711", { order_id: "o-1093", carrier: "DHL" }), made("email_sent", "user_4711", { template: "shipped" })];
  await post(url, "/api/faults", { status: 503, headers: { "Retry-After": "1" }, times: 1 });
  await send(url, again);
  await pause(900);
  await send(url, again);
  await send(url, again.slice(0, 1), {});
  await post(url, "/batch/", batch([{ event: "cart_cleared", properties: {} }]));
  await send(url, [
    made("$identify", "user_5120", { $anon_distinct_id: "anonymous_s81c", $process_person_profile: false }),
    anonymous("page_viewed", "s81c", { path: "/signup", note: "“quotes”, <b>markup</b> and a\nline" }),
  ]);
  for (let round = 0; round < 6; round += 1) {
    const actor = `user_${4_700 + round}`;
    await send(url, [
      made("page_viewed", actor, { path: `/products/${round}`, ms: 31 * round + 12 }),
      made("item_added", actor, { sku: `RJ-${200 + round}`, price: 19.5 + round }),
      made("copilot_message_sent", actor, { session_id: `s${round}`, tokens: 128 * round }),
    ]);
    await pause(500);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
