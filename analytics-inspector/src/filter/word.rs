//! The words of a line.

use super::FilterError;

/// A word between spaces. What stands in double quotes in it means nothing but itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    chars: Vec<(char, Meaning)>,
    has_quotes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It may be an operator.
    Free,
    Quoted,
}

impl Word {
    /// The words of `line`. In quotes a backslash stands before a quote or a backslash.
    pub(super) fn all(line: &str) -> Result<Vec<Self>, FilterError> {
        let mut words = Vec::new();
        let mut word = Self::default();
        let mut is_quoted = false;
        let mut chars = line.chars();
        while let Some(char) = chars.next() {
            match char {
                '"' => {
                    is_quoted = !is_quoted;
                    word.has_quotes = true;
                }
                '\\' if is_quoted => word.chars.extend(chars.next().map(|char| (char, Meaning::Quoted))),
                char if is_quoted => word.chars.push((char, Meaning::Quoted)),
                char if char.is_whitespace() => words.push(std::mem::take(&mut word)),
                char => word.chars.push((char, Meaning::Free)),
            }
        }
        if is_quoted {
            return Err(FilterError("a quote is not closed: add \" behind the value".to_owned()));
        }
        words.push(word);
        words.retain(|word| !word.is_nothing());
        Ok(words)
    }

    pub(super) fn text(&self) -> String {
        self.chars.iter().map(|(char, _)| char).collect()
    }

    /// Whether it has neither characters nor the quotes of an empty text.
    pub(super) fn is_nothing(&self) -> bool {
        self.chars.is_empty() && !self.has_quotes
    }

    pub(super) fn has_quotes(&self) -> bool {
        self.has_quotes
    }

    /// The rest behind a minus, which negates it.
    pub(super) fn negated(&self) -> Option<Self> {
        let (first, rest) = self.chars.split_first()?;
        let is_negated = *first == ('-', Meaning::Free) && (self.has_quotes || !rest.is_empty());
        is_negated.then(|| Self { chars: rest.to_vec(), has_quotes: self.has_quotes })
    }

    /// What stands before and behind the first of `marks` outside quotes, and which of them it is. Of two that begin at
    /// one place the first in the list is meant.
    pub(super) fn split(&self, marks: &[&'static str]) -> Option<(Self, &'static str, Self)> {
        (0..self.chars.len()).find_map(|at| {
            let mark = marks.iter().find(|mark| self.has_free(at, mark))?;
            let (before, rest) = self.chars.split_at(at);
            let behind = rest.get(mark.chars().count()..).unwrap_or_default();
            let is_quoted = |part: &[(char, Meaning)]| part.iter().any(|(_, meaning)| *meaning == Meaning::Quoted);
            let part = |chars: &[(char, Meaning)], has_quotes| Self { chars: chars.to_vec(), has_quotes };
            // Quotes around nothing stand behind the mark, where they are a value.
            let quotes_behind = is_quoted(behind) || (self.has_quotes && !is_quoted(before));
            Some((part(before, is_quoted(before)), *mark, part(behind, quotes_behind)))
        })
    }

    fn has_free(&self, at: usize, mark: &str) -> bool {
        mark.chars().enumerate().all(|(index, char)| self.chars.get(at + index) == Some(&(char, Meaning::Free)))
    }
}
