//! The way to the server, layer by layer.

mod clock;
mod dns;
mod http;
mod proxy;
mod tcp;
mod tls;

use std::time::Duration;

use product_analytics::config::Target;
use reqwest::Url;

use self::proxy::Proxy;
use crate::report::{Check, Failure, Report};

/// Where to connect to.
struct Server {
    url: Url,
    /// Without brackets around an IPv6 address.
    name: String,
    port: u16,
}

/// Looks at each layer, and at those above only if it holds.
pub(crate) fn check(target: &Target, timeout: Duration, report: &mut Report) {
    let Some(server) = Server::new(&target.host) else { return };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return report.fail(Failure::Unreachable, Check::ok("network", format!("no runtime: {error}")));
        }
    };
    runtime.block_on(layers(&server, target, timeout, report));
    // Without waiting for a resolver that hangs.
    runtime.shutdown_background();
}

async fn layers(server: &Server, target: &Target, timeout: Duration, report: &mut Report) {
    if let Some(proxy) = Proxy::before(server, target, |name| std::env::var(name).ok()) {
        report.tell(proxy.told());
    } else {
        let Some(addresses) = dns::look_up(server, timeout, report).await else { return };
        let Some(stream) = tcp::connect(&addresses, timeout, report).await else { return };
        if server.url.scheme() == "https" && !tls::shake_hands(server, stream, timeout, report).await {
            return;
        }
    }
    if let Some(date) = http::get(server, target, timeout, report).await {
        clock::compare(&date, report);
    }
}

impl Server {
    fn new(host: &str) -> Option<Self> {
        let url = Url::parse(host).ok()?;
        let name = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = url.port_or_known_default()?;
        Some(Self { url, name, port })
    }
}
