//! An agent: a graph of steps that turn a text into another.

use thiserror::Error;

/// An agent in the library.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) library_agent_id: &'static str,
    pub(crate) graph_id: &'static str,
    pub(crate) graph_name: &'static str,
    pub(crate) summary: &'static str,
    /// Words by which a user may ask for it, in lower case.
    pub(crate) keywords: &'static [&'static str],
    pub(crate) steps: &'static [Step],
}

/// One step of a graph. Takes lines and leaves lines.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Cuts the text into sentences.
    Sentences,
    /// Keeps the first few lines.
    First(usize),
    /// Keeps the lines that ask something.
    Questions,
    /// Adds up all whole numbers.
    Sum,
    /// Makes each line an item.
    Bullets,
}

/// A run that left nothing to show.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{graph_name} found nothing to work on in this text")]
pub(crate) struct Failed {
    graph_name: &'static str,
}

impl Agent {
    /// Runs the graph on `input`.
    pub(crate) fn run(&self, input: &str) -> Result<String, Failed> {
        let lines = self.steps.iter().fold(lines(input), |lines, step| step.apply(lines));
        if lines.is_empty() { Err(Failed { graph_name: self.graph_name }) } else { Ok(lines.join("\n")) }
    }
}

impl Step {
    fn apply(self, input: Vec<String>) -> Vec<String> {
        match self {
            Self::Sentences => input.iter().flat_map(|line| sentences(line)).collect(),
            Self::First(count) => input.into_iter().take(count).collect(),
            Self::Questions => input.into_iter().filter(|line| line.ends_with(['?', '؟', '？'])).collect(),
            Self::Sum => sum(&input).into_iter().collect(),
            Self::Bullets => input.into_iter().map(|line| format!("• {line}")).collect(),
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn sentences(line: &str) -> Vec<String> {
    let ends = ['.', '!', '?', '؟', '。', '？'];
    line.split_inclusive(ends).map(str::trim).filter(|sentence| !sentence.is_empty()).map(str::to_owned).collect()
}

/// The total, unless there is no number at all.
fn sum(lines: &[String]) -> Option<String> {
    let words = lines.iter().flat_map(|line| line.split(|character: char| !character.is_ascii_digit()));
    let mut numbers = words.filter_map(|word| word.parse::<u64>().ok()).peekable();
    numbers.peek()?;
    Some(format!("total {}", numbers.fold(0_u64, u64::saturating_add)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(steps: &'static [Step]) -> Agent {
        Agent { library_agent_id: "l", graph_id: "g", graph_name: "Test", summary: "", keywords: &[], steps }
    }

    #[test]
    fn a_graph_applies_its_steps_in_order() {
        let briefing = agent(&[Step::Sentences, Step::First(2), Step::Bullets]);
        assert_eq!(briefing.run("One. Two!\n\nThree?").unwrap(), "• One.\n• Two!");
        assert_eq!(agent(&[Step::Sum]).run("rent 1200, food 350\nbus 49").unwrap(), "total 1599");
    }

    #[test]
    fn a_run_without_a_result_has_failed() {
        let questions = agent(&[Step::Sentences, Step::Questions]);
        assert_eq!(
            questions.run("No question here.").unwrap_err().to_string(),
            "Test found nothing to work on in this text"
        );
        assert!(agent(&[Step::Sum]).run("no number").is_err());
    }
}
