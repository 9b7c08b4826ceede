//! How a request ends.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::{HttpResponse, web};
use analytics_actix::{HttpRequest, RequestDuration, RequestOptions};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::support::{LONG, get, serve, service};

async fn ask(address: SocketAddr, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(format!("GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n").as_bytes()).await.unwrap();
    socket
}

#[actix_web::test]
async fn a_request_that_its_client_gives_up_is_cancelled() {
    let (analytics, recorded) = service();
    let arrived = Arc::new(Notify::new());
    let notify = Arc::clone(&arrived);
    let address = serve(&analytics, RequestOptions::new(), move |app| {
        app.route(
            "/",
            web::get().to(move || {
                notify.notify_one();
                std::future::pending::<&'static str>()
            }),
        );
    });
    let socket = ask(address, "/").await;
    arrived.notified().await;
    drop(socket);
    recorded.wait_for(HttpRequest::EVENT, 1, LONG).await;
    recorded.assert_one(HttpRequest::EVENT).with("outcome", "cancelled").with("http_route", "/");
}

#[actix_web::test]
async fn to_the_bodys_end_where_that_is_set() {
    let (analytics, recorded) = service();
    let options = RequestOptions::new().with_duration(RequestDuration::ToEnd);
    let address = serve(&analytics, options, |app| {
        let chunks = || stream::iter((0..3).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(b"chunk\n"))));
        let broken = || stream::iter([Ok(Bytes::from_static(b"chunk\n")), Err(std::io::Error::other("broke off"))]);
        app.route("/whole", web::route().to(|| async { "a known size" }))
            .route("/empty", web::get().to(HttpResponse::Ok))
            .route("/stream", web::get().to(move || async move { HttpResponse::Ok().streaming(chunks()) }))
            .route("/broken", web::get().to(move || async move { HttpResponse::Ok().streaming(broken()) }))
            .route(
                "/endless",
                web::get().to(move || async move { HttpResponse::Ok().streaming(chunks().chain(stream::pending())) }),
            );
    });
    for path in ["/whole", "/empty", "/stream"] {
        get(address, path, &[]).await;
    }
    assert_eq!(reqwest::Client::new().head(format!("http://{address}/whole")).send().await.unwrap().status(), 200);
    // Whether the headers arrive before the connection breaks is nobody's business here.
    if let Ok(answer) = reqwest::Client::new().get(format!("http://{address}/broken")).send().await {
        assert!(answer.text().await.is_err());
    }
    let mut socket = ask(address, "/endless").await;
    let (mut read, mut buffer) = (String::new(), [0; 1_024]);
    while !read.contains("chunk") {
        let count = socket.read(&mut buffer).await.unwrap();
        assert!(count > 0, "{read:?}");
        read.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    drop(socket);
    recorded.wait_for(HttpRequest::EVENT, 6, LONG).await;
    for (path, method, outcome) in [
        ("/whole", "GET", "answered"),
        ("/whole", "HEAD", "answered"),
        ("/empty", "GET", "answered"),
        ("/stream", "GET", "answered"),
        ("/broken", "GET", "failed"),
        ("/endless", "GET", "cancelled"),
    ] {
        let one = recorded.assert_one(HttpRequest::EVENT).with("http_route", path).with("http_method", method);
        one.with("outcome", outcome).with("http_status", 200);
    }
}
