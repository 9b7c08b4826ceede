//! What the copilot says.

use super::library::Library;

/// What the copilot says to a message: in place of a language model, which would stream its words the same way.
pub(crate) fn reply(library: Library, message: &str) -> String {
    let offers: Vec<_> = library
        .matching(message)
        .map(|agent| format!("“{}” {}; shall I run it?", agent.graph_name, agent.summary))
        .collect();
    if offers.is_empty() {
        let words = message.split_whitespace().count();
        return format!("I read your {words} words. I have no agent for this yet, but I can look for one.");
    }
    format!("I can help with that. {}", offers.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_offers_the_agents_that_fit() {
        let library = Library::shipped();
        let offer = reply(library, "please add up my invoices");
        assert_eq!(offer, "I can help with that. “Invoice adder” adds up the amounts in a list; shall I run it?");
        assert!(reply(library, "hi there").starts_with("I read your 2 words."));
    }
}
