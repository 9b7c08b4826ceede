//! What is said where others reach the inspector, and where its page is.

use std::net::SocketAddr;

use analytics_inspector::Inspector;

/// What whoever starts it has to know. It is the one place where the token is printed, unless it was given, and then it
/// is known.
pub(crate) fn warning(inspector: &Inspector, name: Option<&str>, is_token_given: bool) -> Option<String> {
    let addr = inspector.addr();
    let token = inspector.token().filter(|_| !addr.ip().is_loopback())?;
    let (which, token) = if is_token_given { ("the token that was given", "TOKEN") } else { ("this token", token) };
    Some(format!(
        "warning: it listens on {}. Whoever reaches it can send events, under any project key. To see them and to arm \
         faults, callers from elsewhere need {which}: {}/?token={token} in a browser, or Authorization: Bearer with it",
        addr.ip(),
        url_for_others(inspector, addr, name),
    ))
}

fn url_for_others(inspector: &Inspector, addr: SocketAddr, name: Option<&str>) -> String {
    let is_anywhere = addr.ip().is_unspecified();
    match name {
        Some(name) => format!("http://{name}:{}", addr.port()),
        None if is_anywhere => format!("http://ADDRESS-OF-THIS-MACHINE:{}", addr.port()),
        None => inspector.url(),
    }
}

/// The page, for a browser on this machine. Over an address that is not the loopback one this machine too needs the
/// token.
pub(crate) fn page(inspector: &Inspector) -> String {
    let url = inspector.url();
    let ip = inspector.addr().ip();
    match inspector.token() {
        Some(token) if !ip.is_loopback() && !ip.is_unspecified() => format!("{url}/?token={token}"),
        _ => url,
    }
}
