//! The no-op starts nothing of its own.

use std::process::Command;

#[test]
#[cfg(target_os = "linux")]
fn the_noop_starts_no_thread() {
    // In a process of its own, because the other tests start and end threads beside this one.
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["threads::alone", "--exact", "--ignored", "--test-threads=1"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "run by `the_noop_starts_no_thread`, in a process of its own"]
fn alone() {
    use std::fs::read_dir;
    use std::time::{Duration, Instant};

    use product_analytics::{Actor, CopilotEvent};

    let threads = || read_dir("/proc/self/task").unwrap().count();
    let before = threads();
    // What exports metrics is one, as long as the handle lives.
    let open = before + usize::from(cfg!(feature = "metrics"));
    for vars in [("ANALYTICS_BACKEND", "auto"), ("ANALYTICS_BACKEND", "noop"), ("DO_NOT_TRACK", "1")] {
        let analytics = product_analytics::from_vars([vars]).unwrap();
        analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
        assert_eq!(threads(), open, "{vars:?}");
        analytics.shutdown_blocking(Duration::from_secs(10));
        drop(analytics);
        let begun = Instant::now();
        while threads() > before {
            assert!(begun.elapsed() < Duration::from_secs(60), "{vars:?}");
            std::thread::yield_now();
        }
    }
}
