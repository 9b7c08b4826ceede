//! What the tests share.

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, HttpServer};
use analytics_actix::{AnalyticsMiddleware, RequestOptions};
use analytics_core::Analytics;
use analytics_testkit::{Recorded, RecordingSink};

/// Longer than anything that a test waits for.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Starts a server on a port of its own, for as long as the test's runtime lives.
macro_rules! start {
    ($server:expr) => {{
        let server = $server.workers(1).disable_signals().h1_allow_half_closed(false).bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        address
    }};
}
pub(crate) use start;

pub(crate) fn service() -> (Analytics, Recorded) {
    let (sink, recorded) = RecordingSink::pair();
    (Analytics::new(sink), recorded)
}

/// Serves an app with the middleware outermost.
pub(crate) fn serve(
    analytics: &Analytics,
    options: RequestOptions,
    configure: impl FnOnce(&mut ServiceConfig) + Clone + Send + 'static,
) -> SocketAddr {
    let analytics = analytics.clone();
    start!(HttpServer::new(move || {
        App::new()
            .app_data(Data::new(analytics.clone()))
            .wrap(AnalyticsMiddleware::with_options(analytics.clone(), options.clone()))
            .configure(configure.clone())
    }))
}

/// The status and the text of the answer to `GET path`, with headers.
pub(crate) async fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let request = reqwest::Client::new().get(format!("http://{address}{path}"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
