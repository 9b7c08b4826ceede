//! What the tests share.

use std::net::SocketAddr;
use std::time::Duration;

use analytics_core::{Analytics, OwnedRecord};
use analytics_testkit::{Recorded, RecordingSink};
use axum::Router;
use tokio::net::TcpListener;

/// Longer than anything that a test waits for.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) fn service() -> (Analytics, Recorded) {
    let (sink, recorded) = RecordingSink::pair();
    (Analytics::new(sink), recorded)
}

/// Serves on a port of its own for as long as the test's runtime lives.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(
        async move { axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await },
    );
    address
}

/// The status and the text of the answer to `GET path`, with headers.
pub(crate) async fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let request = reqwest::Client::new().get(format!("http://{address}{path}"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

pub(crate) fn assert_no_route(record: &OwnedRecord) {
    assert!(record.properties().iter().all(|property| property.key() != "http_route"), "{record}");
}
