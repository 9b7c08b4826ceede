//! The agents that users can run.

use super::agent::{Agent, Step};

/// The agents that users can run: the same for all of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Library(&'static [Agent]);

impl Library {
    /// The agents that come with the service.
    pub(crate) fn shipped() -> Self {
        Self(SHIPPED)
    }

    /// The agent with this id.
    pub(crate) fn agent(self, library_agent_id: &str) -> Option<&'static Agent> {
        self.0.iter().find(|agent| agent.library_agent_id == library_agent_id)
    }

    /// The agents that a text asks for.
    pub(crate) fn matching(self, text: &str) -> impl Iterator<Item = &'static Agent> {
        let text = text.to_lowercase();
        self.0.iter().filter(move |agent| agent.keywords.iter().any(|keyword| text.contains(keyword)))
    }
}

const SHIPPED: &[Agent] = &[
    Agent {
        library_agent_id: "lib_briefing",
        graph_id: "graph_0b1f",
        graph_name: "Morning briefing",
        summary: "keeps the first three sentences of a long text",
        keywords: &["briefing", "news", "summar", "digest", "tl;dr"],
        steps: &[Step::Sentences, Step::First(3), Step::Bullets],
    },
    Agent {
        library_agent_id: "lib_first_look",
        graph_id: "graph_27c4",
        graph_name: "Résumé “first look”",
        summary: "shows the five lines of a résumé that a recruiter reads",
        keywords: &["résumé", "resume", "cv", "candidate", "recruit"],
        steps: &[Step::First(5)],
    },
    Agent {
        library_agent_id: "lib_invoices",
        graph_id: "graph_5e90",
        graph_name: "Invoice adder",
        summary: "adds up the amounts in a list",
        keywords: &["invoice", "expense", "receipt", "budget", "total"],
        steps: &[Step::Sum],
    },
    Agent {
        library_agent_id: "lib_akhbar",
        graph_id: "graph_71aa",
        graph_name: "ملخّص الأخبار",
        summary: "تعرض أول جملتين من الخبر",
        keywords: &["أخبار", "الأخبار", "ملخص"],
        steps: &[Step::Sentences, Step::First(2)],
    },
    Agent {
        library_agent_id: "lib_standup",
        graph_id: "graph_9d3e",
        graph_name: "Stand-up notes 📝",
        summary: "makes a list of what was said",
        keywords: &["standup", "stand-up", "notes", "meeting", "minutes"],
        steps: &[Step::Sentences, Step::Bullets],
    },
    Agent {
        library_agent_id: "lib_open_questions",
        graph_id: "graph_c602",
        graph_name: "Open questions",
        summary: "lists what a thread leaves unanswered",
        keywords: &["question", "unanswered", "thread", "support", "ticket"],
        steps: &[Step::Sentences, Step::Questions, Step::Bullets],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_found_by_what_they_are_for() {
        let found =
            |text: &str| Library::shipped().matching(text).map(|agent| agent.library_agent_id).collect::<Vec<_>>();
        assert_eq!(found("Can you SUMMARISE this?"), ["lib_briefing"]);
        assert_eq!(found("أريد ملخص اليوم"), ["lib_akhbar"]);
        assert_eq!(found("hello"), [""; 0]);
    }

    #[test]
    fn ids_name_one_agent_each() {
        for agent in SHIPPED {
            let found = Library::shipped().agent(agent.library_agent_id).unwrap();
            assert_eq!(found.graph_id, agent.graph_id);
        }
    }
}
