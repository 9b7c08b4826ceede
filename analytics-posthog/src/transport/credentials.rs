//! The key in use, and the file from which it is read again.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use analytics_core::unwind::catch_panic;
use tokio::sync::{Mutex, oneshot};

use crate::api_key::{ApiKey, KeyFileError};
use crate::config::PostHogConfig;

/// The file is read once in this time at most, however many requests are refused. A key that is refused is asked for
/// once in the same time.
const READ_EVERY: Duration = Duration::from_secs(60);

/// What is said of a key that came from the file and is refused.
pub(super) const REFUSED_AS_WELL: &str = "The file of the key has had another one, which is refused as well";

/// The key in use, and the file that may have another one when the server refuses it.
#[derive(Debug)]
pub(super) struct Credentials {
    key: RwLock<ApiKey>,
    file: Option<KeyFile>,
}

#[derive(Debug)]
struct KeyFile {
    path: PathBuf,
    /// Held while the file is read, so that all that was refused meanwhile has what comes of it.
    last: Mutex<Option<LastRead>>,
}

/// When the file was read last, and what came of it.
#[derive(Debug)]
struct LastRead {
    at: Instant,
    finding: Finding,
}

#[derive(Debug)]
enum Finding {
    /// The file is still being read, or was given up.
    Unknown,
    Same,
    Another,
    None(KeyFileError),
}

/// What there is in the place of a key that the server refused.
pub(super) enum Renewal {
    /// This key is in use now.
    Renewed(ApiKey),
    /// Nothing; a sentence that says why, empty where the key came from no file.
    Same(String),
}

impl Credentials {
    pub(super) fn new(config: &PostHogConfig) -> Self {
        let file = config.key_file.clone().map(|path| KeyFile { path, last: Mutex::new(None) });
        Self { key: RwLock::new(config.key.clone()), file }
    }

    /// The key for the next request.
    pub(super) fn current(&self) -> ApiKey {
        self.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks for another key than the one that the server refused at `now`.
    pub(super) async fn renew(&self, refused: &ApiKey, destination: &str, now: Instant) -> Renewal {
        let Some(file) = &self.file else { return Renewal::Same(String::new()) };
        let mut last = file.last.lock().await;
        let current = self.current();
        if current != *refused {
            return Renewal::Renewed(current);
        }
        let is_due = |last: &LastRead| now.saturating_duration_since(last.at) >= READ_EVERY;
        if last.as_ref().is_none_or(is_due) {
            // Noted first: a file that is never read to its end is not asked for again at once.
            *last = Some(LastRead { at: now, finding: Finding::Unknown });
            let (finding, renewed) = match read(&file.path).await {
                Ok(key) if key != *refused => (Finding::Another, Some(key)),
                Ok(_) => (Finding::Same, None),
                Err(error) => (Finding::None(error), None),
            };
            *last = Some(LastRead { at: now, finding });
            if let Some(key) = renewed {
                self.key.write().unwrap_or_else(PoisonError::into_inner).clone_from(&key);
                log(destination, &file.path, &key);
                return Renewal::Renewed(key);
            }
        }
        Renewal::Same(last.as_ref().map(|last| format!(" {}", last.finding)).unwrap_or_default())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("The file of the key takes long to be read"),
            Self::Same => f.write_str("The file of the key has the same one"),
            Self::Another => f.write_str(REFUSED_AS_WELL),
            Self::None(error) => write!(f, "There is no other one: {error}"),
        }
    }
}

/// Reads on a thread of its own: a file can be one whose reading hangs, and this one sends.
async fn read(path: &Path) -> Result<ApiKey, KeyFileError> {
    let (path, (told, reading)) = (path.to_owned(), oneshot::channel());
    let read = move || drop(told.send(ApiKey::from_file(&path)));
    thread::Builder::new().name("analytics-key".to_owned()).spawn(read)?;
    match reading.await {
        Ok(key) => key,
        Err(_) => Err(KeyFileError::Unreadable(std::io::Error::other("the thread that reads panicked"))),
    }
}

fn log(destination: &str, path: &Path, key: &ApiKey) {
    catch_panic(|| {
        tracing::info!(
            target: "analytics::delivery", destination, file = ?path, key = %key.fingerprint(),
            "the key was refused, and its file has another one, with which events are sent from now on"
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;

    /// What becomes of a key at this second, `RENEWED` or a sentence.
    fn renewed(credentials: &Credentials, refused: &ApiKey, now: Instant) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(credentials.renew(refused, "https://posthog.internal", now)) {
            Renewal::Renewed(key) => format!("{:?}", key.expose()),
            Renewal::Same(why) => why,
        }
    }

    #[test]
    fn the_file_is_read_once_a_minute_and_the_key_that_it_had_stays() {
        let path = std::env::temp_dir().join(format!("analytics-credentials-{}", std::process::id()));
        std::fs::write(&path, "phc_one\n").unwrap();
        let one = ApiKey::from_file(&path).unwrap();
        let mut config = PostHogConfig::new(one.clone(), Host::default());
        config.key_file = Some(path.clone());
        let credentials = Credentials::new(&config);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);

        assert_eq!(renewed(&credentials, &one, at(0)), " The file of the key has the same one");
        std::fs::write(&path, " phc_two ").unwrap();
        assert_eq!(renewed(&credentials, &one, at(59)), " The file of the key has the same one");
        assert_eq!(renewed(&credentials, &one, at(60)), "\"phc_two\"");
        let two = credentials.current();
        assert_eq!(renewed(&credentials, &one, at(61)), "\"phc_two\"", "of a request that was on its way");
        assert_eq!(renewed(&credentials, &two, at(62)), format!(" {REFUSED_AS_WELL}"));

        for (seconds, content) in [(120, "phc_two"), (180, "\u{feff}phc_\u{0}"), (240, "")] {
            std::fs::write(&path, content).unwrap();
            let why = renewed(&credentials, &two, at(seconds));
            assert!(why.starts_with(" The") && !why.contains("phc_two"), "{content:?}: {why}");
        }
        std::fs::remove_file(&path).unwrap();
        let why = renewed(&credentials, &two, at(300));
        assert!(why.contains("cannot be read: No such file"), "{why}");
        std::fs::write(&path, "phc_three").unwrap();
        assert_eq!(renewed(&credentials, &two, at(360)), "\"phc_three\"");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(renewed(&Credentials::new(&PostHogConfig::new(one.clone(), Host::default())), &one, at(0)), "");
    }
}
