//! Serving until it is interrupted.

use std::env::{self, VarError};
use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use analytics_inspector::Inspector;

use crate::args::Settings;
use crate::exposure;
use crate::options;
use crate::printer::Printer;
use crate::signals::Signals;
use crate::stderr::report_error;

/// Outside of the names that begin with `ANALYTICS_`, which a service that inherits it would refuse to know.
const TOKEN_VARIABLE: &str = "INSPECTOR_TOKEN";

/// Serves until Ctrl-C or SIGTERM, then prints the totals.
pub(crate) fn serve(mut settings: Settings) -> io::Result<()> {
    settings.token = settings.token.or(token_of_environment()?);
    let (open, is_token_given) = (settings.open, settings.token.is_some());
    let name = settings.allowed_hosts.first().cloned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let printer = Printer::start(io::stdout())?;
    let inspector = Inspector::start(options::shown_by(&printer, options::of(settings)))?;
    let mut signals = {
        let _context = runtime.enter();
        Signals::new()?
    };
    if let Some(warning) = exposure::warning(&inspector, name.as_deref(), is_token_given) {
        report_error(&warning);
    }
    if open {
        show(&inspector.url(), &exposure::page(&inspector));
    }
    let url = inspector.url();
    writeln!(
        io::stdout(),
        "listening on {url}; point a service at it with POSTHOG_HOST={url} POSTHOG_API_KEY=phc_local"
    )?;
    runtime.block_on(signals.next());
    printer.print(inspector.totals().to_string());
    printer.finish();
    Ok(())
}

/// The token of the variable, for which no list of processes shows it; blank is none.
fn token_of_environment() -> io::Result<Option<String>> {
    match env::var(TOKEN_VARIABLE) {
        Ok(token) => Ok(Some(token).filter(|token| !token.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{TOKEN_VARIABLE} is no text")))
        }
    }
}

/// Shows the page with whatever opens addresses on this system. Its address may have the token, so another one is told.
fn show(url: &str, page: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if let Err(error) = Command::new(opener).arg(page).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        report_error(&format!("the page could not be opened with {opener} ({error}); it is at {url}"));
    }
}
