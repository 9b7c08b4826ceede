//! Starting and stopping.

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};

use analytics_inspector::{Inspector, InspectorOptions};

use crate::client::post;
use crate::{batch, events, inspector};

#[test]
fn the_url_is_that_of_the_listener_on_loopback() {
    let inspector = inspector();
    assert_eq!(inspector.url(), format!("http://127.0.0.1:{}", inspector.addr().port()));
    assert!(inspector.addr().ip().is_loopback());
    assert!(format!("{inspector:?}").contains(&inspector.addr().to_string()));
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port();
    let error = Inspector::start(InspectorOptions::default().with_port(port)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&format!("port {port} of 127.0.0.1 is taken")), "{error}");
}

#[test]
fn once_dropped_it_no_longer_listens_and_the_port_is_free() {
    let inspector = inspector();
    let addr = inspector.addr();
    // A connection that is open and idle must not hold anything up.
    let idle = TcpStream::connect(addr).unwrap();
    drop(inspector);
    assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    let again = Inspector::start(InspectorOptions::default().with_port(addr.port())).unwrap();
    assert_eq!(again.addr(), addr);
    drop(idle);
}

#[test]
fn it_starts_serves_and_stops_inside_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let inspector = inspector();
        assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..1))).status, 200);
        assert_eq!(inspector.totals().unique_events, 1);
    });
}

#[test]
fn two_inspectors_know_nothing_of_each_other() {
    let (one, other) = (inspector(), inspector());
    one.inject(analytics_inspector::Fault::status(503));
    assert_eq!(post(other.addr(), "/batch", batch(&events(0..1))).status, 200);
    assert_eq!(post(one.addr(), "/batch", batch(&events(0..1))).status, 503);
    assert_eq!((one.totals().unique_events, other.totals().unique_events), (0, 1));
}

#[test]
fn the_handle_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + std::fmt::Debug>() {}
    shareable::<Inspector>();
    let inspector = inspector();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let inspector = &inspector;
            scope.spawn(move || {
                for request in 0..5 {
                    let first = thread * 100 + request * 10;
                    let answer = post(inspector.addr(), "/batch", batch(&events(first..first + 10)));
                    assert_eq!(answer.status, 200);
                }
            });
        }
    });
    assert_eq!(inspector.totals().unique_events, 200);
}

#[test]
fn it_is_idle_when_all_connections_have_ended() {
    let inspector = inspector();
    let open = TcpStream::connect(inspector.addr()).unwrap();
    // Connections are accepted in the order in which they are made.
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..1))).status, 200);
    assert!(!inspector.wait_until_idle(std::time::Duration::from_millis(20)));
    drop(open);
    assert!(inspector.wait_until_idle(crate::PATIENCE));
}
