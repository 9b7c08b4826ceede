//! What the demonstration shows.

use std::fmt;

use super::audit::{differences, rows};
use super::outcome::Outcome;

/// The width at which a sample is cut, in characters.
const LINE: usize = 118;

impl Outcome {
    /// Whether the events expected, captured, delivered and received are the same, each once, and of all five names.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        differences(self).is_empty()
    }

    fn write_conversation(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transcript, answers, .. } = self;
        let done: u64 = answers.done.values().sum();
        writeln!(
            f,
            "Played {} requests of {} users and {} anonymous sessions to the service in {} ms:",
            transcript.requests.len(),
            transcript.users(),
            transcript.anonymous_sessions(),
            self.took.as_millis(),
        )?;
        let kilobytes = answers.bytes / 1_000;
        writeln!(f, "{done} done, {} refused as recorded, {kilobytes} kB of answers.", answers.refused)
    }

    fn write_table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &str, cells: [String; 4]| {
            write!(f, "{name:<28}")?;
            cells.iter().try_for_each(|cell| write!(f, "{cell:>11}"))?;
            writeln!(f)
        };
        line("", ["expected", "captured", "delivered", "received"].map(str::to_owned))?;
        let mut total = [0; 4];
        for row in rows(self) {
            line(row.name, row.counts().map(|count| count.to_string()))?;
            total.iter_mut().zip(row.counts()).for_each(|(sum, count)| *sum += count);
        }
        line("all", total.map(|count| count.to_string()))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_conversation(f)?;
        writeln!(f)?;
        self.write_table(f)?;
        writeln!(f)?;
        for sample in &self.inspected.samples {
            writeln!(f, "{}", Cut(sample))?;
        }
        writeln!(f, "\nanalytics: {}", self.ledger)?;
        writeln!(f, "inspector: {}", self.inspected.totals)?;
        let differences = differences(self);
        if differences.is_empty() {
            let [captured, delivered] = [self.ledger.captured(), self.ledger.delivered()];
            let received = self.inspected.totals.unique_events;
            return write!(
                f,
                "\n{captured} captured = {delivered} delivered = {received} received: every event arrived, once."
            );
        }
        write!(f, "\nNot every event arrived once:")?;
        differences.iter().try_for_each(|difference| write!(f, "\n  {difference}"))
    }
}

/// A line that fits a terminal.
struct Cut<'l>(&'l str);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(LINE) {
            Some((end, _)) => write!(f, "{}…", self.0.get(..end).unwrap_or(self.0)),
            None => f.write_str(self.0),
        }
    }
}
