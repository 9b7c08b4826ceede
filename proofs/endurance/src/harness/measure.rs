//! What the kernel says about a process.

use crate::unmet::Unmet;

/// A number of `/proc/PID/status`: `VmRSS` and its kin in KiB, `Threads`.
pub(crate) fn status(process: &str, field: &str) -> Result<u64, Unmet> {
    let path = format!("/proc/{process}/status");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Unmet::Skipped(format!("{path} cannot be read ({error}); it needs Linux")))?;
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| Unmet::Failed(format!("{path} has no {field}")))
}

/// Resident memory of this process in KiB.
pub(crate) fn resident() -> Result<u64, Unmet> {
    status("self", "VmRSS")
}

/// The most resident memory that this process has had, in KiB.
pub(crate) fn most_resident() -> Result<u64, Unmet> {
    status("self", "VmHWM")
}

/// Makes the memory of this moment the most that there was, so that only what comes is measured.
pub(crate) fn forget_most_resident() {
    // Where this is not allowed the old peak stands, which can only hide what is below it.
    std::fs::write("/proc/self/clear_refs", "5").unwrap_or_default();
}

/// Files that this process has open.
pub(crate) fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
