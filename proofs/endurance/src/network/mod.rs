//! The server and the network.

mod answers;
mod broken;
mod certificates;
mod foreign;
mod gateway;
mod late;
mod lost_packets;
mod names;
mod namespace;
mod never_answers;
mod order;
mod outage;
mod poison;
mod proxies;
mod redirect;
mod remote;
mod remote_main;
mod retry_after;
mod size_limit;
mod slow_link;
mod too_large;
mod unauthorized;
mod verdicts;

use crate::harness::Subprocess;
use crate::row::{Outcome, Proof, Row, Tier};

/// The rows about the server and the network.
#[must_use]
pub fn rows() -> Vec<Row> {
    [one_request(), several_requests()].concat()
}

/// The simulation's tests of an outage: its lines of log, and what it costs.
const OUTAGE: &[&str] = &["simulation::log", "simulation::outage_table"];

/// What can go wrong with one request.
fn one_request() -> Vec<Row> {
    vec![
        here(1, "503 for 10 s at 100 events a second", "all kept, all delivered after", outage::unavailable),
        here(2, "connections refused for 3 s", "all kept, all delivered after", outage::refused),
        simulated(3, "an outage of 60 minutes", "the oldest or the newest dropped by policy, exactly counted", OUTAGE),
        here(
            4,
            "a server that takes connections and never answers",
            "an attempt ends at its timeout; `track` notices nothing",
            never_answers::proof,
        ),
        here(5, "an answer of one byte a second", "the timeout is for the whole attempt", answers::trickled),
        here(6, "an answer without end", "64 KiB are read, then the connection is closed", answers::endless),
        here(7, "an answer of 10 MB that inflates to 10 GB", "answers are never inflated", answers::bomb),
        here(8, "429 without Retry-After", "kept; our own back-off", retry_after::silent),
        here(
            9,
            "Retry-After of a year, of 2⁶⁴, a far date, negative, garbage",
            "at most 5 minutes; garbage is none",
            retry_after::forms,
        ),
        here(10, "Retry-After of 0, for ever", "the back-off has its floor", retry_after::zero),
        here(
            11,
            "413 above 20 kB",
            "halved down to what fits; an event too large alone is dropped alone",
            too_large::above_a_size,
        ),
        here(12, "413 for every size", "the halving ends: at most 2N−1 requests for N events", too_large::always),
        here(
            13,
            "400 for one poisonous event in a hundred",
            "the good ones arrive, the bad ones are told by name",
            poison::one_event,
        ),
        here(14, "400 for everything", "a budget for halving: at most 1.2 requests an event", poison::everything),
        here(
            15,
            "401 and 403: a wrong key",
            "one request and one log line a minute; dropped at a flush or a shutdown",
            unauthorized::wrong_key,
        ),
        here(16, "301, 302, 303", "never followed, nothing lost", redirect::that_loses_the_body),
        here(
            17,
            "307, 308 to another host",
            "never followed: key and events stay with their host",
            redirect::that_keeps_the_body,
        ),
        here(18, "200 with a login page", "counted as suspect; a setting decides what it is", answers::portal),
        here(
            19,
            "a reset after the server took the request",
            "sent again under the same uuids",
            broken::after_the_request,
        ),
        here(20, "a reset in the middle of a request", "sent again", broken::during_the_request),
        here(
            21,
            "a kept connection that the server closes",
            "a new one, without a failure being counted",
            broken::while_idle,
        ),
        here(
            22,
            "names that cannot be looked up, or only hang",
            "only the worker waits; a shutdown ends in time",
            names::not_found,
        ),
        here(23, "a name that gets another address", "found once the connection is over", names::moved),
        here(
            24,
            "TLS: expired, another host's, self-signed, 1.0 only, no CA store",
            "kept; health says it; no panic",
            certificates::bad,
        ),
        here(
            25,
            "proxies in the environment: working, 407, dead",
            "used for https hosts only, and not for this machine; the key is never on their plain socket",
            proxies::from_the_environment,
        ),
        simulated(
            26,
            "1,000 clients, and the server is back after 5 minutes",
            "they come back evenly",
            &["at_moments_of_their_own"],
        ),
        simulated(
            27,
            "1,000 processes start at once",
            "their first requests are spread",
            &["a_first_tick_at_a_drawn_moment"],
        ),
        here(28, "a link of 64 kbit/s", "progress, without a storm of repeats", slow_link::modem),
        here(29, "packets that vanish", "an attempt ends at the connect timeout, nothing stalls", lost_packets::ends),
    ]
}

/// What takes several requests to go wrong, or is said by somebody on the way.
fn several_requests() -> Vec<Row> {
    vec![
        here(
            87,
            "requests that fail beside others: 503, 413, resets, late answers, by both protocols and several settings",
            "what one actor did arrives in the order in which it was done",
            order::per_actor,
        ),
        here(
            88,
            "a path that resets connections above a size",
            "halved after the second break; what never fits is not sent again and again while a flush waits",
            size_limit::on_the_way,
        ),
        here(
            89,
            "a server that stores events, and answers later than the time-out",
            "the time-out grows while requests of at most 64 KiB end by it, and shrinks again",
            late::answers,
        ),
        here(
            90,
            "a gateway that answers 400, 403, 404 and 405 with pages of its own while it is deployed",
            "kept and sent again; health says that it is not PostHog's answer",
            gateway::while_it_is_deployed,
        ),
        here(
            91,
            "421, 425, 460, 499 and other statuses of somebody on the way; a 1xx without end, an unasked 101",
            "sent again; an attempt ends at its time-out whatever is sent",
            foreign::statuses,
        ),
        here(
            92,
            "v1: no verdict for an event, verdicts for others only, a uuid in capitals, a word that nobody knows",
            "no verdict is suspect, by the setting for suspect answers; the word is a success that is told",
            verdicts::unusual,
        ),
        here(
            93,
            "v1: a quota that is used up, by a 402, a 429, or event by event",
            "dropped as over quota, not sent again",
            verdicts::over_quota,
        ),
    ]
}

/// What runs in a process of its own.
#[must_use]
pub fn subprocesses() -> Vec<Subprocess> {
    vec![(remote::SERVICE, remote_main::main)]
}

fn here(number: u8, fault: &'static str, must: &'static str, run: fn(Tier) -> Outcome) -> Row {
    Row { number, fault, must, proof: Proof::Inline(run) }
}

/// A row on the engine's virtual clock.
fn simulated(number: u8, fault: &'static str, must: &'static str, filters: &'static [&'static str]) -> Row {
    let proof = Proof::External { package: "analytics-delivery", filters };
    Row { number, fault, must, proof }
}
