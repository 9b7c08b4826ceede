//! Tests never reach production.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;

/// By what a test process was recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TestProcess {
    /// The executable lies in cargo's folder of test executables.
    CargoTest,
    /// The executable is a documentation test.
    Doctest,
    /// cargo-nextest runs it.
    Nextest,
    /// The executable was just built, on a CI machine.
    ContinuousIntegration,
}

impl TestProcess {
    /// Looks whether this process is a test: by its executable's folder, and by the variables `NEXTEST` and `CI`. Best
    /// effort: a service's binary that a test starts is not seen.
    ///
    /// What follows from it for a sink is for [`PostHogConfig::held_back`](crate::PostHogConfig::held_back) to say.
    #[must_use]
    pub fn detect() -> Option<Self> {
        let executable = std::env::current_exe().ok();
        Self::recognize(executable.as_deref(), |name| std::env::var_os(name))
    }

    fn recognize(executable: Option<&Path>, variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let folders = || executable.into_iter().flat_map(Path::ancestors).skip(1).filter_map(Path::file_name);
        let is_set_to_true = |name: &str| variable(name).is_some_and(|value| value == "true" || value == "1");
        if folders().next().is_some_and(|folder| folder == "deps") {
            Some(Self::CargoTest)
        } else if folders().any(|folder| folder.to_string_lossy().contains("rustdoctest")) {
            Some(Self::Doctest)
        } else if variable("NEXTEST").is_some() {
            Some(Self::Nextest)
        } else if is_set_to_true("CI") && folders().any(|folder| folder == "target") {
            Some(Self::ContinuousIntegration)
        } else {
            None
        }
    }
}

impl fmt::Display for TestProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CargoTest => "the executable lies in a `deps` folder, where cargo puts tests",
            Self::Doctest => "it is a documentation test",
            Self::Nextest => "NEXTEST is set",
            Self::ContinuousIntegration => "CI is true and the executable lies in a `target` folder",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_process_is_recognized_and_a_service_is_not() {
        type Variables = &'static [(&'static str, &'static str)];
        let cases: [(&str, Variables, Option<TestProcess>); 9] = [
            ("/src/shop/target/debug/deps/shop-0123", &[], Some(TestProcess::CargoTest)),
            ("/tmp/rustdoctestAbC/rust_out", &[], Some(TestProcess::Doctest)),
            ("/src/shop/target/debug/shop", &[("NEXTEST", "1")], Some(TestProcess::Nextest)),
            ("/src/shop/target/release/shop", &[("CI", "true")], Some(TestProcess::ContinuousIntegration)),
            ("/src/shop/target/release/shop", &[("CI", "false")], None),
            ("/src/shop/target/release/shop", &[], None),
            ("/usr/bin/shop", &[("CI", "true")], None),
            ("/opt/deps/bin/shop", &[], None),
            ("/src/shop/target/debug/examples/demo", &[], None),
        ];
        for (executable, variables, expected) in cases {
            let variable =
                |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
            assert_eq!(TestProcess::recognize(Some(Path::new(executable)), variable), expected, "{executable}");
        }
        assert_eq!(TestProcess::recognize(None, |_| None), None);
    }

    #[test]
    fn this_very_test_is_recognized() {
        assert!(TestProcess::detect().is_some());
    }
}
