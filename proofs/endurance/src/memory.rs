//! What this process takes of the machine, from `/proc`.

use std::fs;

/// The most memory that the process has had since [`forget_peak`], in KiB.
#[must_use]
pub fn peak_rss_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Makes the memory of this moment the peak, so that only what comes is measured.
pub fn forget_peak() {
    // Where this is not allowed the old peak stands, which can only hide what is below it.
    fs::write("/proc/self/clear_refs", "5").unwrap_or_default();
}
