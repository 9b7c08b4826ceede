//! How many events a second an inspector takes in, in batches of 1,000 over one connection.
//!
//! `cargo run --release -p analytics-inspector --example throughput`, under `taskset -c 0` for client
//! and server together on one core.

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use analytics_inspector::{Inspector, InspectorOptions};

const BATCHES: u32 = 400;
const EVENTS: u32 = 1_000;
const ANSWER_ENDS_WITH: &[u8] = br#"{"status":"Ok"}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let inspector = Inspector::start(InspectorOptions::default())?;
    let requests: Vec<Vec<u8>> = (0..BATCHES).map(|batch| request(&inspector, batch)).collect();
    let bytes: usize = requests.iter().map(Vec::len).sum();

    let mut stream = TcpStream::connect(inspector.addr())?;
    stream.set_nodelay(true)?;
    let start = Instant::now();
    for request in &requests {
        stream.write_all(request)?;
        receive(&mut stream)?;
    }
    let seconds = start.elapsed().as_secs_f64();

    let unique = inspector.totals().unique_events;
    if unique != u64::from(BATCHES * EVENTS) {
        return Err(format!("{unique} unique events arrived").into());
    }
    writeln!(
        io::stdout(),
        "{unique} events, {bytes} bytes in {seconds:.2} s: {:.0} events/s",
        f64::from(BATCHES * EVENTS) / seconds
    )?;
    Ok(())
}

fn request(inspector: &Inspector, batch: u32) -> Vec<u8> {
    let events: Vec<String> = (0..EVENTS).map(|event| self::event(batch, event)).collect();
    let body =
        format!(r#"{{"api_key":"phc_local","batch":[{}],"sent_at":"2026-01-02T03:04:05.678Z"}}"#, events.join(","));
    let head = format!("POST /batch/ HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", inspector.addr(), body.len());
    [head.into_bytes(), body.into_bytes()].concat()
}

fn event(batch: u32, event: u32) -> String {
    format!(
        concat!(
            r#"{{"uuid":"0189{:04x}-0000-7000-8000-{:012x}","event":"copilot_tool_called","#,
            r#""distinct_id":"user-{}","timestamp":"2026-01-02T03:04:05.678Z","properties":{{"#,
            r#""session_id":"5f0c8e0e-9c1f-4a3e-8a52-3d6b7a1f0c11","tool_name":"search","#,
            r#""tool_call_id":"call_{}","$lib":"analytics-posthog","$lib_version":"0.1.0","#,
            r#""$geoip_disable":true,"$is_server":true,"environment":"production"}}}}"#
        ),
        batch, event, event, event
    )
}

fn receive(stream: &mut TcpStream) -> io::Result<()> {
    let mut answer = Vec::new();
    let mut chunk = [0; 1024];
    while !answer.ends_with(ANSWER_ENDS_WITH) {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
    Ok(())
}
