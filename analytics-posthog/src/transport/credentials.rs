//! The key in use, and the file from which it is read again.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use analytics_core::unwind::catch_panic;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::api_key::{ApiKey, KeyFileError};
use crate::config::PostHogConfig;

/// While batches are sent the file is read once in this time, whatever is answered: some servers take a key that no
/// project owns, and its events are lost without a refusal.
const READ_EVERY: Duration = Duration::from_secs(60);

/// Between the beginnings of two readings, however many requests are refused.
const READ_APART: Duration = Duration::from_millis(100);

/// How long a refused request waits for the file at most.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(3);

/// What is said of a key that came from the file and is refused.
pub(super) const REFUSED_AS_WELL: &str = "The file of the key has had another one, which is refused as well";

/// The key in use, and the file that may have another one.
#[derive(Debug)]
pub(super) enum Credentials {
    /// A key that stays.
    Fixed(ApiKey),
    File(Arc<KeyFile>),
}

#[derive(Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    destination: String,
    read: fn(&Path) -> Result<ApiKey, KeyFileError>,
    state: watch::Sender<State>,
}

/// The key in use, and what came of the last reading. Only the thread that reads changes the key.
#[derive(Debug)]
struct State {
    key: ApiKey,
    began: Instant,
    finding: Finding,
}

#[derive(Debug)]
enum Finding {
    /// The file is still being read: nobody else begins.
    Pending,
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
    /// The key of these settings, which was read from its file at `now`.
    pub(super) fn new(config: &PostHogConfig, now: Instant) -> Self {
        let key = config.key.clone();
        match config.key_file.clone() {
            Some(path) => {
                let (state, _) = watch::channel(State { key, began: now, finding: Finding::Same });
                let destination = config.host.to_string();
                Self::File(Arc::new(KeyFile { path, destination, read: ApiKey::from_file, state }))
            }
            None => Self::Fixed(key),
        }
    }

    /// The key for the next request. If the file has not been read for a while it is from here on, for the requests
    /// after that one.
    pub(super) fn current(&self, now: Instant) -> ApiKey {
        match self {
            Self::Fixed(key) => key.clone(),
            Self::File(file) => {
                let key = file.state.borrow().key.clone();
                file.begin(now, READ_EVERY);
                key
            }
        }
    }

    /// Looks for another key than the one that the server refused at `now`, for as long as `wait` at most.
    pub(super) async fn renew(&self, refused: &ApiKey, now: Instant, wait: Duration) -> Renewal {
        let Self::File(file) = self else { return Renewal::Same(String::new()) };
        // The state says what came of it, also of a file that takes longer.
        timeout(wait, file.read_since(refused, now)).await.unwrap_or_default();
        let state = file.state.borrow();
        if state.key == *refused {
            Renewal::Same(format!(" {}", state.finding))
        } else {
            Renewal::Renewed(state.key.clone())
        }
    }
}

impl KeyFile {
    /// Returns once there is another key than the refused one, or a reading that began at `now` or later has ended: an
    /// earlier one may have seen the file as it was before the key in it was replaced.
    async fn read_since(self: &Arc<Self>, refused: &ApiKey, now: Instant) {
        let called = Instant::now();
        let mut state = self.state.subscribe();
        loop {
            let has_another = |state: &State| state.key != *refused;
            let began = match state.wait_for(|state| has_another(state) || !state.is_pending()).await {
                Ok(state) if !has_another(&state) && state.began < now => state.began,
                _ => return,
            };
            let now = now + called.elapsed();
            let early = READ_APART.saturating_sub(now.saturating_duration_since(began));
            if early.is_zero() {
                self.begin(now, READ_APART);
            } else {
                sleep(early).await;
            }
        }
    }

    /// Begins to read, unless somebody does, or did less than `apart` ago. A file can be one whose reading hangs: it
    /// has a thread of its own, and never a second one.
    fn begin(self: &Arc<Self>, now: Instant, apart: Duration) {
        let begins = self.state.send_if_modified(|state| {
            let begins = !state.is_pending() && now.saturating_duration_since(state.began) >= apart;
            if begins {
                (state.began, state.finding) = (now, Finding::Pending);
            }
            begins
        });
        if begins {
            let file = Arc::clone(self);
            let thread = thread::Builder::new().name("analytics-key".to_owned());
            if let Err(error) = thread.spawn(move || file.read()) {
                self.end(Err(error.into()));
            }
        }
    }

    fn read(&self) {
        let panicked = || Err(KeyFileError::Unreadable(std::io::Error::other("the thread that reads panicked")));
        self.end(catch_panic(|| (self.read)(&self.path)).unwrap_or_else(panicked));
    }

    fn end(&self, read: Result<ApiKey, KeyFileError>) {
        let (finding, another) = match read {
            Ok(key) if key != self.state.borrow().key => (Finding::Another, Some(key)),
            Ok(_) => (Finding::Same, None),
            Err(error) => (Finding::None(error), None),
        };
        if let Some(key) = &another {
            // Before anything is sent with it.
            self.log(key);
        }
        self.state.send_modify(|state| {
            state.finding = finding;
            if let Some(another) = another {
                state.key = another;
            }
        });
    }

    fn log(&self, key: &ApiKey) {
        catch_panic(|| {
            tracing::info!(
                target: "analytics::delivery",
                destination = self.destination, file = ?self.path, key = %key.fingerprint(),
                "the file of the key has another one, with which events are sent from now on"
            );
        });
    }
}

impl State {
    const fn is_pending(&self) -> bool {
        matches!(self.finding, Finding::Pending)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => f.write_str("The file of the key takes long to be read"),
            Self::Same => f.write_str("The file of the key has the same one"),
            Self::Another => f.write_str(REFUSED_AS_WELL),
            Self::None(error) => write!(f, "There is no other one: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::runtime::Runtime;

    use super::*;
    use crate::host::Host;

    const LONG: Duration = Duration::from_secs(60);

    /// Credentials from a file, seconds after which they are asked, and a runtime.
    struct Scene {
        path: PathBuf,
        start: Instant,
        runtime: Runtime,
        file: Arc<KeyFile>,
        credentials: Arc<Credentials>,
    }

    impl Scene {
        fn new(name: &str, read: fn(&Path) -> Result<ApiKey, KeyFileError>) -> Self {
            let path = std::env::temp_dir().join(format!("analytics-credentials-{name}-{}", std::process::id()));
            std::fs::write(&path, "phc_one\n").unwrap();
            let (start, key) = (Instant::now(), ApiKey::from_file(&path).unwrap());
            let (state, _) = watch::channel(State { key, began: start, finding: Finding::Same });
            let file = Arc::new(KeyFile { path: path.clone(), destination: String::new(), read, state });
            let credentials = Arc::new(Credentials::File(Arc::clone(&file)));
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            Self { path, start, runtime, file, credentials }
        }

        fn write(&self, content: &str) {
            std::fs::write(&self.path, content).unwrap();
        }

        fn at(&self, seconds: u64) -> Instant {
            self.start + Duration::from_secs(seconds)
        }

        /// The key of a batch that is sent at this second, and what the batches after it have when the file is read.
        fn sent(&self, seconds: u64) -> [String; 2] {
            let key = self.credentials.current(self.at(seconds));
            self.settled();
            [key, self.key()].map(|key| key.expose().to_owned())
        }

        fn key(&self) -> ApiKey {
            self.file.state.borrow().key.clone()
        }

        /// Waits until nobody reads.
        fn settled(&self) {
            let mut state = self.file.state.subscribe();
            let settled = async { timeout(LONG, state.wait_for(|state| !state.is_pending())).await.unwrap().map(drop) };
            self.runtime.block_on(settled).unwrap();
        }

        /// What becomes of a key that is refused at this second.
        fn refused(&self, key: &ApiKey, seconds: u64, wait: Duration) -> String {
            said(self.runtime.block_on(self.credentials.renew(key, self.at(seconds), wait)))
        }

        /// The threads that read: each holds the file.
        fn readers(&self) -> usize {
            // This scene, and its credentials.
            Arc::strong_count(&self.file) - 2
        }
    }

    impl Drop for Scene {
        fn drop(&mut self) {
            std::fs::remove_file(&self.path).unwrap_or_default();
        }
    }

    /// The key, or a sentence.
    fn said(renewal: Renewal) -> String {
        match renewal {
            Renewal::Renewed(key) => key.expose().to_owned(),
            Renewal::Same(why) => why,
        }
    }

    #[test]
    fn without_a_refusal_the_file_is_read_once_a_minute_and_a_later_batch_has_its_key() {
        let scene = Scene::new("unrefused", ApiKey::from_file);
        assert_eq!(scene.sent(0), ["phc_one", "phc_one"]);
        scene.write("phc_two");
        assert_eq!(scene.sent(59), ["phc_one", "phc_one"]);
        assert_eq!(scene.sent(60), ["phc_one", "phc_two"], "no batch waits for the file");
        assert_eq!(scene.sent(61), ["phc_two", "phc_two"]);
        scene.write("phc_three");
        assert_eq!(scene.sent(119), ["phc_two", "phc_two"]);
        for (seconds, content) in [(120, ""), (180, "phx_other"), (240, "phc_two")] {
            scene.write(content);
            assert_eq!(scene.sent(seconds), ["phc_two", "phc_two"], "{content:?}");
        }
        std::fs::remove_file(&scene.path).unwrap();
        assert_eq!(scene.sent(300), ["phc_two", "phc_two"]);
        scene.write("phc_three");
        assert_eq!(scene.sent(360), ["phc_two", "phc_three"]);
    }

    #[test]
    fn each_refusal_sees_the_file_as_it_is_then() {
        let scene = Scene::new("refused", ApiKey::from_file);
        let one = scene.key();
        assert_eq!(scene.refused(&one, 1, LONG), " The file of the key has the same one");
        scene.write(" phc_two ");
        assert_eq!(scene.refused(&one, 2, LONG), "phc_two");
        let two = scene.key();
        assert_eq!(scene.refused(&one, 2, LONG), "phc_two", "of a request that was on its way");
        assert_eq!(scene.refused(&two, 2, Duration::ZERO), format!(" {REFUSED_AS_WELL}"), "just read, no time left");
        assert_eq!(scene.refused(&two, 3, LONG), " The file of the key has the same one");

        for (seconds, content) in [(4, "phc_two"), (5, "\u{feff}phc_\u{0}"), (6, "")] {
            scene.write(content);
            let why = scene.refused(&two, seconds, LONG);
            assert!(why.starts_with(" The") && !why.contains("phc_two"), "{content:?}: {why}");
        }
        std::fs::remove_file(&scene.path).unwrap();
        let why = scene.refused(&two, 7, LONG);
        assert!(why.contains("cannot be read: No such file"), "{why}");
        scene.write("phc_three");
        // Refused a moment after that: it waits until the file may be read again.
        let moment = scene.file.state.borrow().began + Duration::from_millis(1);
        let renewal = scene.runtime.block_on(scene.credentials.renew(&two, moment, LONG));
        assert_eq!(said(renewal), "phc_three");

        let fixed = Credentials::new(&PostHogConfig::new(one.clone(), Host::default()), scene.start);
        assert_eq!(fixed.current(scene.at(60)), one);
        assert_eq!(said(scene.runtime.block_on(fixed.renew(&one, scene.at(60), LONG))), "");
    }

    static READS: AtomicUsize = AtomicUsize::new(0);
    static HANGS: Mutex<()> = Mutex::new(());

    /// Hangs while `HANGS` is held.
    fn hanging(path: &Path) -> Result<ApiKey, KeyFileError> {
        READS.fetch_add(1, Ordering::Relaxed);
        drop(HANGS.lock().unwrap());
        ApiKey::from_file(path)
    }

    #[test]
    fn a_file_whose_reading_hangs_has_one_reader_that_puts_its_key_in_use_by_itself() {
        let scene = Scene::new("hanging", hanging);
        let one = scene.key();
        let hangs = HANGS.lock().unwrap();
        for minute in 1..=5 {
            assert_eq!(scene.credentials.current(scene.at(minute * 60)), one);
            let why = scene.refused(&one, minute * 60 + 1, Duration::ZERO);
            assert_eq!(why, " The file of the key takes long to be read");
            assert_eq!(scene.readers(), 1, "after {minute} minutes");
        }
        // Refused while it hangs; the file is replaced before it is read.
        let refused = |seconds| {
            let (credentials, one, now) = (Arc::clone(&scene.credentials), one.clone(), scene.at(seconds));
            scene.runtime.spawn(async move { said(credentials.renew(&one, now, LONG).await) })
        };
        let waiting = [refused(302), refused(303)];
        scene.runtime.block_on(tokio::task::yield_now());
        scene.write("phc_two");
        drop(hangs);
        for waiting in waiting {
            assert_eq!(scene.runtime.block_on(waiting).unwrap(), "phc_two");
        }
        assert_eq!((READS.load(Ordering::Relaxed), scene.key().expose()), (1, "phc_two"));
    }

    #[test]
    fn what_is_refused_at_the_same_time_has_the_same_reading() {
        static READS: AtomicUsize = AtomicUsize::new(0);
        let read = |path: &Path| {
            READS.fetch_add(1, Ordering::Relaxed);
            ApiKey::from_file(path)
        };
        let scene = Scene::new("together", read);
        let refused = || {
            let (credentials, one, now) = (Arc::clone(&scene.credentials), scene.key(), scene.at(1));
            scene.runtime.spawn(async move { said(credentials.renew(&one, now, LONG).await) })
        };
        for waiting in [refused(), refused(), refused()] {
            assert_eq!(scene.runtime.block_on(waiting).unwrap(), " The file of the key has the same one");
        }
        assert_eq!(READS.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_reader_that_panics_is_a_file_that_cannot_be_read() {
        let scene = Scene::new("panicking", |_| panic!("a reader"));
        let why = scene.refused(&scene.key(), 1, LONG);
        assert!(why.contains("the thread that reads panicked"), "{why}");
    }
}
