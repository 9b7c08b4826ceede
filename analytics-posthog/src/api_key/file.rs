//! A key that stands in a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::{ApiKey, InvalidApiKey};

/// More than this of a file is no key.
const MOST_BYTES: u64 = 4_096;

/// Why a file has no key. It displays as the cause and what to do about it, without anything that is in the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// It cannot be read.
    #[error("the file cannot be read: {0}; mount it where this says, readable for the service")]
    Unreadable(#[from] io::Error),
    /// What is in it is no key.
    #[error("the file has no key in it: {0}")]
    Invalid(#[from] InvalidApiKey),
}

impl ApiKey {
    /// Reads a key from a file that has nothing else in it, as an orchestrator mounts a secret. White space around it
    /// is cut off.
    ///
    /// # Errors
    /// If the file cannot be read, or [`parse`](Self::parse) takes what is in it for no key.
    pub fn from_file(path: &Path) -> Result<Self, KeyFileError> {
        let mut bytes = Vec::new();
        File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
        Ok(Self::parse(&String::from_utf8_lossy(&bytes))?)
    }
}
