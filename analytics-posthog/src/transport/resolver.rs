//! How a host's name becomes addresses.

use std::net::{SocketAddr, ToSocketAddrs};
use std::thread;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

type Looked = std::io::Result<Vec<SocketAddr>>;

/// The system's resolver, on a thread for each lookup, since it blocks. Where no thread can be started, because a limit
/// is reached, it blocks the worker. The client's own panics there.
#[derive(Debug)]
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Addrs = Box::new(look_up(name).await?.into_iter());
            Ok(addresses)
        })
    }
}

async fn look_up(name: Name) -> Looked {
    let (sender, looked) = oneshot::channel();
    let on_thread = name.as_str().to_owned();
    // Whoever asked may have given up, and nobody wants the answer then.
    let thread = thread::Builder::new()
        .name("analytics-dns".into())
        .spawn(move || sender.send(addresses_of(&on_thread)).map_or((), drop));
    let looked = if thread.is_ok() { looked.await.ok() } else { None };
    looked.unwrap_or_else(|| addresses_of(name.as_str()))
}

fn addresses_of(name: &str) -> Looked {
    // The port is the client's to choose.
    Ok((name, 0).to_socket_addrs()?.collect())
}

#[cfg(test)]
mod tests {
    use analytics_core::block_on;

    use super::*;

    #[test]
    fn a_name_that_exists_has_addresses_and_another_an_error() {
        let look_up = |name: &str| block_on(look_up(name.parse().unwrap()));
        assert!(look_up("localhost").unwrap().iter().all(|address| address.ip().is_loopback()));
        // Too long for a name, which no server has to be asked about.
        assert!(look_up(&"x".repeat(300)).is_err());
    }
}
