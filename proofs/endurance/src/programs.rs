//! Programs that a proof runs and a machine may lack.

use std::path::{Path, PathBuf};

use crate::unmet::Unmet;

/// The package of Debian's in which a program comes.
const PACKAGES: [(&str, &str); 8] = [
    ("env", "coreutils"),
    ("faketime", "faketime"),
    ("ip", "iproute2"),
    ("nft", "nftables"),
    ("nginx", "nginx-light"),
    ("prlimit", "util-linux"),
    ("setpriv", "util-linux"),
    ("tc", "iproute2"),
];

/// Skips the proof unless each of these programs is on the path. Every proof asks for just those that it runs.
///
/// # Errors
/// [`Unmet::Skipped`] with the programs that are missing and the packages that have them.
pub fn need(programs: &[&str]) -> Result<(), Unmet> {
    let missing: Vec<_> = programs.iter().filter(|program| find(program).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let named = missing.iter().map(|program| {
        let package = PACKAGES.iter().find(|(name, _)| name == *program).map_or("unknown", |(_, package)| package);
        format!("{program} (package {package})")
    });
    Err(Unmet::Skipped(format!("needs {}", named.collect::<Vec<_>>().join(", "))))
}

/// Where a program is, if it is on the path and can be run.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_package_and_the_rest_is_not() {
        assert_eq!(need(&[]), Ok(()));
        let program = std::env::current_exe().unwrap();
        assert_eq!(need(&[program.to_str().unwrap()]), Ok(()), "a path is looked at as it is");
        let folder = program.parent().unwrap().to_str().unwrap();
        let expected = format!("needs no-such-program (package unknown), {folder} (package unknown)");
        assert_eq!(need(&["no-such-program", folder]), Err(Unmet::Skipped(expected)), "a folder is no program");
    }
}
