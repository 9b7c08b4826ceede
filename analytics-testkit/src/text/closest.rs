//! What somebody meant who misspelt it.

/// The one of `known` that `word` most likely stands for: a misspelling of it, or a part of its name.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| is_misspelt(word, candidate, *distance) || share_words(word, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A letter in four may be wrong, and two in a short word, if that leaves half of it right.
fn is_misspelt(word: &str, candidate: &str, distance: usize) -> bool {
    let letters = word.chars().count();
    distance <= (letters / 4).max(2) && distance * 2 <= letters.max(candidate.chars().count())
}

/// Whether one of them consists of words that stand side by side in the other: `call_id` in `tool_call_id`.
fn share_words(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (one, other) = (words(one), words(other));
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    !few.is_empty() && many.windows(few.len()).any(|side_by_side| side_by_side == few)
}

/// `a`, `b`, each in backticks.
pub(crate) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let known = ["session_id", "tool_name", "tool_call_id"];
        assert_eq!(closest("tool_nam", &known), Some("tool_name"));
        assert_eq!(closest("toolname", &known), Some("tool_name"));
        assert_eq!(closest("tol_cal_id", &known), Some("tool_call_id"));
        assert_eq!(closest("formta", &["rows", "format"]), Some("format"));
        assert_eq!(closest("graph_nodes", &known), None);
        assert_eq!(closest("id", &["at", "to"]), None, "every letter would be wrong");
    }

    #[test]
    fn a_long_word_may_have_more_slips_and_a_short_one_one() {
        assert_eq!(closest("copilotmesagsend", &["copilotmessagesent"]), Some("copilotmessagesent"));
        assert_eq!(closest("copilotmesagsand", &["copilotmessagesent"]), Some("copilotmessagesent"));
        assert_eq!(closest("copilotmesagsant", &["copilotreceivdsent"]), None);
        assert_eq!(closest("ip", &["id"]), Some("id"));
    }

    #[test]
    fn so_are_whole_words_of_a_name() {
        let known = ["session_id", "tool_name", "tool_call_id"];
        assert_eq!(closest("call_id", &known), Some("tool_call_id"));
        assert_eq!(closest("Name", &known), Some("tool_name"));
        assert_eq!(closest("the_tool_name_given", &known), Some("tool_name"));
        assert_eq!(closest("tool-name", &known), Some("tool_name"));
        assert_eq!(closest("tool_id", &known), None, "the words do not stand side by side");
        assert_eq!(closest("all_id", &known), None, "a part of a word is no word");
        assert_eq!(closest("", &["rows"]), None);
        assert_eq!(closest("$", &["rows"]), None);
    }

    #[test]
    fn of_several_the_nearest_is_meant() {
        assert_eq!(closest("nam", &["name_of_tool", "game", "name"]), Some("name"));
        assert_eq!(closest("id", &["tool_call_id", "session_id"]), Some("session_id"));
    }
}
