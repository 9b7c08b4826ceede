//! What a command had sent when it ended.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use analytics_inspector::Inspector;

/// Waits until all that was sent before is read and settled, but not for connections that others hold open.
pub(crate) fn wait_until_settled(inspector: &Inspector, within: Duration) {
    // Connections are accepted in the order in which they were made: once this one is answered, none that the command
    // made is still to be accepted. Where that fails, those that are known are waited for all the same.
    ask(inspector, within).unwrap_or_default();
    let _is_idle = inspector.wait_until_idle(within);
}

fn ask(inspector: &Inspector, within: Duration) -> io::Result<()> {
    let mut stream = TcpStream::connect(inspector.addr())?;
    stream.set_read_timeout(Some(within))?;
    stream.write_all(b"GET /api/health HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    stream.read_to_end(&mut Vec::new())?;
    Ok(())
}
