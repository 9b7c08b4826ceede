//! Showing the events of an inspector that is running already.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpStream};

use crate::args::Format;

/// Shows events until the inspector ends, or nobody reads them any more.
pub(crate) fn tail(port: u16, format: Format) -> io::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        io::Error::new(error.kind(), format!("no inspector to be reached on port {port} of 127.0.0.1: {error}"))
    })?;
    let format = match format {
        Format::Human => "human",
        Format::Json => "json",
    };
    // HTTP/1.0, so that the body is the rest of the connection.
    write!(stream, "GET /api/stream?format={format} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut reader = BufReader::new(stream);
    skip_head(&mut reader)?;
    let mut line = String::new();
    while read_line(&mut reader, &mut line)? {
        match io::stdout().write_all(line.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            written => written?,
        }
    }
    Ok(())
}

fn skip_head(reader: &mut BufReader<TcpStream>) -> io::Result<()> {
    let mut line = String::new();
    read_line(reader, &mut line)?;
    if line.split(' ').nth(1) != Some("200") {
        return Err(io::Error::other(format!("this is no inspector: {:?}", line.trim_end())));
    }
    while read_line(reader, &mut line)? && !line.trim_end().is_empty() {}
    Ok(())
}

/// Reads one line; false at the end.
fn read_line(reader: &mut BufReader<TcpStream>, line: &mut String) -> io::Result<bool> {
    line.clear();
    match reader.read_line(line) {
        Ok(bytes) => Ok(bytes > 0),
        // An inspector that ends may do so in the middle.
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(false),
        Err(error) => Err(error),
    }
}
