//! Variables that others put into our prefix.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::start::{self, KEY, SEPARATOR, Started, set};
use crate::figures::Figures;
use crate::harness::fixture::inspector;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 82,
    fault: "variables that others put into our prefix: links to services named `analytics`, `analytics-backend` or `posthog`",
    must: "it starts, and is silent about them; what else begins like ours is one line of names; a name that is nearly ours is \
           an error that names ours",
    proof: Proof::Inline(environment),
};

const SERVICES: [&str; 8] = [
    "ANALYTICS",
    "ANALYTICS_API",
    "ANALYTICS_BACKEND",
    "ANALYTICS_QUEUE",
    "ANALYTICS_HOST",
    "POSTHOG",
    "POSTHOG_WEB",
    "POSTHOG_API_KEY",
];

/// What Kubernetes sets for a Service.
const KUBERNETES: [(&str, &str); 8] = [
    ("SERVICE_HOST", "10.0.0.1"),
    ("SERVICE_PORT", "80"),
    ("SERVICE_PORT_HTTP", "80"),
    ("PORT", "tcp://10.0.0.1:80"),
    ("PORT_80_TCP", "tcp://10.0.0.1:80"),
    ("PORT_80_TCP_PROTO", "tcp"),
    ("PORT_80_TCP_PORT", "80"),
    ("PORT_80_TCP_ADDR", "10.0.0.1"),
];

/// What Docker sets for a link, beside the same.
const DOCKER: [(&str, &str); 6] = [
    ("NAME", "/web/analytics"),
    ("PORT_8000_TCP_START", "tcp://172.17.0.5:8000"),
    ("PORT_8000_TCP_PORT_END", "8010"),
    ("PORT_53_UDP_PROTO", "udp"),
    ("ENV_POSTGRES_PASSWORD", "swordfish"),
    ("ENV_DISABLED", "true"),
];

/// Names that were meant to be ours, with the name to be told.
const NEAR: [(&str, &str, &str); 10] = [
    ("ANALYTICS_BACKED", "log", "ANALYTICS_BACKEND"),
    ("ANALYTICS_FLUSHAT", "5", "ANALYTICS_FLUSH_AT"),
    ("analytics_backend", "log", "ANALYTICS_BACKEND"),
    ("ANALYTICS__DISABLED", "1", "ANALYTICS_DISABLED"),
    ("ANALYTICS_ENABLED", "false", "ANALYTICS_DISABLED"),
    ("POSTHOG_DISABLED", "1", "ANALYTICS_DISABLED"),
    ("POSTHOG_TOKEN", "phc_of_another", "POSTHOG_PROJECT_TOKEN"),
    ("POSTHOG_URL", "https://eu.i.posthog.com", "POSTHOG_HOST"),
    ("POSTHOG_API_HOST", "eu", "POSTHOG_HOST"),
    ("DONOTTRACK", "1", "DO_NOT_TRACK"),
];

fn environment(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let url = inspector.url();
    let announced = |service: &&str| {
        let all = KUBERNETES.into_iter().chain(DOCKER);
        all.map(|(end, value)| (format!("{service}_{end}").into(), value.into())).collect::<Vec<(OsString, OsString)>>()
    };
    let mut environments: Vec<_> = SERVICES.iter().map(announced).collect();
    environments.push(SERVICES.iter().flat_map(announced).collect());
    let of_others =
        [("POSTHOG_PERSONAL_API_KEY", "phx_a"), ("NEXT_PUBLIC_POSTHOG_KEY", "phc_a"), ("ANALYTICS_EMPTY", " ")];
    environments.push(set(&of_others));
    environments.push(vec![(bytes("OF_OTHERS"), bytes("x")), ("LANG".into(), bytes("C"))]);
    let (mut failed, mut lines) = (0, 0);
    for variables in &environments {
        let started = start(&url, variables)?;
        failed += u32::from(started.refused.is_some());
        // The first says where events go.
        lines += started.lines.split(SEPARATOR).count() - 1;
    }
    let (others, lines_about_others) = unread(&url)?;
    let mut taken = 0;
    for (name, value, right) in NEAR {
        let refused = start(&url, &set(&[(name, value)]))?.refused.unwrap_or_default();
        let is_told = refused.contains(&format!("{name}: ")) && refused.contains(&format!("did you mean {right}?"));
        taken += u32::from(!is_told);
    }
    let figures = Figures::of("starts", environments.len()).and_none("starts that fail", failed)?;
    let figures = figures.and_none("lines about links", lines)?.and("other names that begin like ours", others);
    let figures = figures.and("lines about those", lines_about_others).and("names nearly ours", NEAR.len());
    figures.and_none("not told with ours", taken)
}

fn start(url: &str, variables: &[(OsString, OsString)]) -> Result<Started, Unmet> {
    let all: Vec<_> = variables.iter().cloned().chain(set(&[KEY])).collect();
    start::with(url, &all)
}

/// What is nobody's link and far from every name of ours: how many, and in how many lines they are told of.
fn unread(url: &str) -> Result<(usize, usize), Unmet> {
    let mut variables = set(&[
        ("ANALYTICS_BUCKET", "swordfish"),
        ("ANALYTICS_PORT", "8080"),
        ("ANALYTICS_QUEUE_URL", "https://swordfish"),
        ("ANALYTICS_\u{1b}[2J", "swordfish"),
    ]);
    variables.push((bytes("ANALYTICS_OF_OTHERS"), bytes("swordfish")));
    let started = start(url, &variables)?;
    let told: Vec<_> = started.lines.split(SEPARATOR).filter(|line| line.contains("are not read")).collect();
    let has_names = told.iter().any(|line| line.starts_with("5 variables begin with ANALYTICS_"));
    let is_clean = !started.lines.contains("swordfish") && !started.lines.contains('\u{1b}');
    ensure(started.refused.is_none() && has_names && is_clean && told.len() == 1, || {
        format!("refused: {:?}, the lines are {:?}", started.refused, started.lines)
    })?;
    Ok((variables.len(), told.len()))
}

/// A text that is no UTF-8.
fn bytes(text: &str) -> OsString {
    OsString::from_vec([text.as_bytes(), &[0xff]].concat())
}
