//! Showing the events, and the refused requests, of an inspector that is running already.

use std::io::{self, BufRead, BufReader, IsTerminal as _, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};

use analytics_inspector::terminal;

use crate::args::Format;
use crate::stderr::report_error;

/// The most bytes of a line, which is as much as the largest event has and room for what is around it.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// Shows events until the inspector ends, or nobody reads them any more.
pub(crate) fn tail(port: u16, format: Format) -> io::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        io::Error::new(error.kind(), format!("no inspector to be reached on port {port} of 127.0.0.1: {error}"))
    })?;
    let word = match format {
        Format::Human => "human",
        Format::Json => "json",
    };
    // HTTP/1.0, so that the body is the rest of the connection. In one piece: who answers before the rest of it comes
    // would reset the connection.
    stream.write_all(
        format!("GET /api/stream?refused=true&format={word} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").as_bytes(),
    )?;
    let mut reader = BufReader::new(stream);
    skip_head(&mut reader)?;
    let is_terminal = io::stdout().is_terminal();
    while let Some(line) = read_line(&mut reader)? {
        match writeln!(io::stdout(), "{}", shown(&line, format, is_terminal)) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    report_error(
        "the stream has ended: the inspector has stopped, or it dropped this reader because it read too slowly",
    );
    Ok(())
}

/// A line as it is printed. It comes from whoever listens on that port, so nothing in it is taken on trust.
///
/// JSON is for programs, to whom it goes whole; on a terminal it is cut as any line is.
fn shown(line: &str, format: Format, is_terminal: bool) -> String {
    match format {
        Format::Human => terminal::line(line),
        Format::Json if is_terminal => terminal::line(&terminal::json_line(line)),
        Format::Json => terminal::json_line(line),
    }
}

fn skip_head(reader: &mut impl BufRead) -> io::Result<()> {
    let status = read_line(reader)?.unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        return Err(io::Error::other(format!("this is no inspector: {status:?}")));
    }
    while read_line(reader)?.is_some_and(|line| !line.is_empty()) {}
    Ok(())
}

/// Reads one line, without its break; `None` at the end.
fn read_line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    match reader.take(MAX_LINE).read_until(b'\n', &mut line) {
        Ok(0) => return Ok(None),
        // An inspector that ends may do so in the middle.
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
        read => read?,
    };
    if line.len() as u64 == MAX_LINE {
        return Err(io::Error::other(format!("this is no inspector: a line has more than {MAX_LINE} bytes")));
    }
    Ok(Some(String::from_utf8_lossy(line.trim_ascii_end()).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_cut_on_a_terminal_and_whole_for_a_program() {
        let json = format!("{{\"k\":\"\u{9b}2J{}\"}}", "x".repeat(4_000_000));
        let whole = json.replace('\u{9b}', r"\u009b");
        assert_eq!(shown(&json, Format::Json, false), whole);
        let cut = shown(&json, Format::Json, true);
        assert!(cut.len() <= terminal::MAX_LINE_BYTES && cut.starts_with(r#"{"k":"\u009b2Jxxx"#), "{cut}");
        assert!(shown(&json, Format::Human, false).len() <= terminal::MAX_LINE_BYTES);
    }

    #[test]
    fn lines_are_read_to_the_last_one_and_what_is_no_text_is_replaced() {
        let mut text = &b"one\r\n\xff\n\nlast"[..];
        let lines: Vec<_> = std::iter::from_fn(|| read_line(&mut text).unwrap()).collect();
        assert_eq!(lines, ["one", "\u{fffd}", "", "last"]);
    }
}
