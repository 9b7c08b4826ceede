//! Real threads.

use std::sync::mpsc;
use std::time::Duration;

use super::scenario::{Cast, play};

/// Far more than it takes; a run that hangs is to fail.
const LONG: Duration = Duration::from_secs(120);
const RUNS: u64 = 500;

#[test]
fn with_eight_threads_every_event_is_settled_once_and_nothing_hangs() {
    let mut runs = 0;
    for seed in 0..RUNS {
        let (done, is_done) = mpsc::channel();
        let run = std::thread::spawn(move || {
            play(seed, Cast { producers: 4, events: 50, flushers: 2 });
            done.send(()).unwrap();
        });
        let ended = is_done.recv_timeout(LONG);
        assert_ne!(ended, Err(mpsc::RecvTimeoutError::Timeout), "seed {seed} hangs");
        run.join().unwrap();
        runs += 1;
    }
    println!("figure: runs of eight threads without a violation {runs}");
}
