//! Serving until it is interrupted.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use analytics_inspector::{Inspector, InspectorOptions, ReceivedEvent};

use crate::args::Settings;
use crate::complain;
use crate::signals::Signals;

/// Serves until Ctrl-C or SIGTERM, then prints the totals.
pub(crate) fn serve(settings: Settings) -> io::Result<()> {
    let open = settings.open;
    let exposed = settings.listen.filter(|address| !address.is_loopback());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let inspector = Inspector::start(options(settings).with_observer(print))?;
    let mut signals = {
        let _context = runtime.enter();
        Signals::new()?
    };
    if let Some(address) = exposed {
        complain(&format!(
            "warning: it listens on {address}. Whoever reaches it can send events; under the allowed names also read \
             all events, forget them and arm faults. There is no password."
        ));
    }
    let url = inspector.url();
    if open {
        show(&url);
    }
    writeln!(
        io::stdout(),
        "listening on {url}; point a service at it with POSTHOG_HOST={url} POSTHOG_API_KEY=phc_local"
    )?;
    runtime.block_on(signals.next());
    writeln!(io::stdout(), "{}", inspector.totals())
}

/// What the library is started with.
pub(crate) fn options(settings: Settings) -> InspectorOptions {
    let mut options = InspectorOptions::default().with_port(settings.port);
    if let Some(capacity) = settings.capacity {
        options = options.with_capacity(capacity);
    }
    if let Some(address) = settings.listen {
        options = options.with_address(address);
    }
    settings.allowed_hosts.into_iter().fold(options, InspectorOptions::with_allowed_host)
}

/// Shows the page with whatever opens addresses on this system.
fn show(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if let Err(error) = Command::new(opener).arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        complain(&format!("the page could not be opened with {opener} ({error}); it is at {url}"));
    }
}

/// Prints one event. If nobody reads stdout any more, the API still has it.
fn print(event: &ReceivedEvent) {
    writeln!(io::stdout(), "{event}").unwrap_or_default();
}
