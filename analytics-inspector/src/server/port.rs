//! The port: taken, listened on, and kept while nobody listens.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, SockRef, Socket, Type};
use tokio::net::TcpListener;

/// How many connections may wait to be accepted. Beyond that the system has clients wait for a second and more.
const BACKLOG: i32 = 1_024;

/// Takes an address and listens on it.
pub(crate) fn listen(addr: SocketAddr) -> io::Result<std::net::TcpListener> {
    let listen = |listener: std::net::TcpListener| SockRef::from(&listener).listen(BACKLOG).map(|()| listener);
    std::net::TcpListener::bind(addr).and_then(listen).map_err(|error| {
        let (port, ip) = (addr.port(), addr.ip());
        let text = if error.kind() == io::ErrorKind::AddrInUse {
            format!("port {port} of {ip} is taken by another program: {error}")
        } else {
            format!("cannot listen on port {port} of {ip}: {error}")
        };
        io::Error::new(error.kind(), text)
    })
}

/// A port that is kept though nobody listens: who connects is refused.
pub(super) struct HeldPort {
    addr: SocketAddr,
    /// A bound socket that does not listen. Without one (where the system cannot share a port), the port
    /// is merely free.
    holder: Option<Socket>,
}

impl HeldPort {
    /// Stops listening, without anybody else getting the port in between.
    pub(super) fn hold(listener: TcpListener, addr: SocketAddr) -> Self {
        // Without a holder the fault is still a refusal, so this is no reason not to have it.
        let holder = hold(&listener, addr).ok();
        drop(listener);
        Self { addr, holder }
    }

    /// Listens again.
    pub(super) fn listen(&mut self) -> io::Result<TcpListener> {
        if let Some(holder) = &self.holder {
            holder.set_reuse_address(true)?;
            holder.listen(BACKLOG)?;
            share(&SockRef::from(holder), false)?;
        }
        let listener = match self.holder.take() {
            Some(holder) => holder.into(),
            None => listen(self.addr)?,
        };
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener)
    }
}

fn hold(listener: &TcpListener, addr: SocketAddr) -> io::Result<Socket> {
    // Two sockets may have one port if both agree, and only sockets of the same user can.
    share(&SockRef::from(listener), true)?;
    let holder = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    // To get past the connections of before, which have the address too. Afterwards this would let others
    // past the holder.
    holder.set_reuse_address(true)?;
    share(&SockRef::from(&holder), true)?;
    holder.bind(&addr.into())?;
    holder.set_reuse_address(false)?;
    Ok(holder)
}

#[cfg(unix)]
fn share(socket: &SockRef<'_>, is_shared: bool) -> io::Result<()> {
    socket.set_reuse_port(is_shared)
}

#[cfg(not(unix))]
fn share(_: &SockRef<'_>, _: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
