//! [`AnalyticsLayer`].

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use analytics_core::Analytics;
use analytics_http::RequestOptions;
use http::Extensions;
use tower_layer::Layer;

use crate::framework;
use crate::service::AnalyticsService;
use crate::settings::{FindPeer, Settings};

/// Reads each request and makes what holds for its events: see [`RequestOptions`] for what is taken.
///
/// In axum it is added by `Router::layer`, where it sees the matched route, nested routers' included; around a whole
/// service there is none. Of a gRPC service, as tonic's `Server::layer` adds it, calls have a route with
/// [`RequestOptions::for_grpc`]. Where it stands among other
/// layers makes no difference to whose the events are: that is decided by whoever calls
/// [`signed_in`](analytics_http::RequestHandle::signed_in), and holds for the request's own event, too.
#[derive(Clone)]
pub struct AnalyticsLayer {
    settings: Arc<Settings>,
}

impl AnalyticsLayer {
    /// A layer that takes from each request what [`RequestOptions`] take by default.
    #[must_use]
    pub fn new(analytics: Analytics) -> Self {
        Self::with_options(analytics, RequestOptions::default())
    }

    /// A layer that takes from each request what `options` say.
    #[must_use]
    pub fn with_options(analytics: Analytics, options: RequestOptions) -> Self {
        Self::made(analytics, options, Box::new(framework::peer))
    }

    /// A layer whose framework tells by `peer` from where the connection comes. With the feature `axum` nobody has to
    /// say it, if it is served by `into_make_service_with_connect_info::<SocketAddr>()`. tonic's is `TcpConnectInfo`:
    ///
    /// ```
    /// # use analytics_core::Analytics;
    /// # use analytics_tower::{AnalyticsLayer, ClientIp, RequestOptions};
    /// # #[derive(Clone)] struct TcpConnectInfo;
    /// # impl TcpConnectInfo { fn remote_addr(&self) -> Option<std::net::SocketAddr> { None } }
    /// # fn layer(analytics: Analytics) -> AnalyticsLayer {
    /// let options = RequestOptions::for_grpc().with_client_ip(ClientIp::of_connection());
    /// AnalyticsLayer::with_peer(analytics, options, |extensions| {
    ///     Some(extensions.get::<TcpConnectInfo>()?.remote_addr()?.ip())
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn with_peer(
        analytics: Analytics,
        options: RequestOptions,
        peer: impl Fn(&Extensions) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        Self::made(analytics, options, Box::new(peer))
    }

    fn made(analytics: Analytics, options: RequestOptions, peer: Box<FindPeer>) -> Self {
        Self { settings: Arc::new(Settings { analytics, options, peer }) }
    }
}

impl<S> Layer<S> for AnalyticsLayer {
    type Service = AnalyticsService<S>;

    fn layer(&self, inner: S) -> AnalyticsService<S> {
        AnalyticsService::new(inner, Arc::clone(&self.settings))
    }
}

impl fmt::Debug for AnalyticsLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.settings, f)
    }
}
