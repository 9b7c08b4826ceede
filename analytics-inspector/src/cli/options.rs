//! What the library is started with.

use analytics_inspector::{InspectorOptions, ReceivedEvent, ReceivedRequest};

use crate::args::Settings;
use crate::printer::Printer;

/// As the user has it.
pub(crate) fn of(settings: Settings) -> InspectorOptions {
    let mut options = InspectorOptions::default().with_port(settings.port);
    if let Some(capacity) = settings.capacity {
        options = options.with_capacity(capacity);
    }
    if let Some(address) = settings.listen {
        options = options.with_address(address);
    }
    if let Some(token) = settings.token {
        options = options.with_token(token);
    }
    settings.allowed_hosts.into_iter().fold(options, InspectorOptions::with_allowed_host)
}

/// Prints each event and each refused request, and waits for nobody to read it.
pub(crate) fn shown_by(printer: &Printer, options: InspectorOptions) -> InspectorOptions {
    let (events, refusals) = (printer.clone(), printer.clone());
    options
        .with_observer(move |event: &ReceivedEvent| events.print(format!("{event:#}")))
        .with_refusal_observer(move |request: &ReceivedRequest| refusals.print(request.to_string()))
}
