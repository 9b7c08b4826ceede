// Sends a fixed set of events with posthog-node, by its public interface alone.
//
// usage: node send.mjs URL
//
// Prints, as JSON, the name and the uuid that the client says each event has.

import { readFileSync } from "node:fs";
import { PostHog } from "posthog-node";

const values = JSON.parse(readFileSync(new URL("values.json", import.meta.url), "utf8"));
const distinctId = "zoë+node@example.com";
const anonymous = "node-anonymous";

const host = process.argv[2];
const sent = [];
const errors = [];

function client(apiKey, options) {
  const node = new PostHog(apiKey, { host, flushAt: 20, maxBatchSize: 20, ...options });
  for (const kind of ["capture", "identify", "alias"]) {
    node.on(kind, ({ event, uuid }) => sent.push([event, uuid]));
  }
  node.on("error", (error) => errors.push(error));
  return node;
}

// Everything that the client can do, in more than one batch.
async function sendCompressed() {
  const node = client("phc_node");
  const capture = (event, rest) => node.capture({ distinctId, event, ...rest });

  capture("order placed", {
    properties: values.plain,
    uuid: "018f2b6e-7c00-7000-8000-00000000b001",
    timestamp: new Date("2026-01-02T08:34:05.678+05:30"),
  });
  capture("note written", { properties: values.text });
  capture("report generated", { properties: { body: values.large.unit.repeat(values.large.times) } });
  capture("seat added", { properties: { seats: 13 }, groups: { company: 'acme "gmbh"', team: "blue" } });
  node.identify({
    distinctId,
    properties: {
      $anon_distinct_id: anonymous,
      $set: { email: "zoë@example.com" },
      $set_once: { first_seen: "2026-01-02" },
    },
  });
  node.setPersonProperties({ distinctId, properties: { plan: "team" }, propertiesOnce: { source: "newsletter" } });
  node.alias({ distinctId, alias: anonymous });
  node.groupIdentify({
    groupType: "company",
    groupKey: 'acme "gmbh"',
    properties: { name: "Acme", employees: 11 },
    distinctId,
  });
  await node.flush();
  for (let step = 0; step < 50; step += 1) {
    capture(`step ${step}`, { properties: { step } });
  }
  await node.shutdown();
}

async function sendPlain() {
  const node = client("phc_node_plain", { disableCompression: true });
  node.capture({ distinctId, event: "note read", properties: values.text });
  await node.shutdown();
}

await sendCompressed();
await sendPlain();
if (errors.length > 0) {
  console.error("posthog-node reports", errors);
  process.exit(1);
}
process.stdout.write(JSON.stringify(sent));
