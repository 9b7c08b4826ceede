//! The events of a chat copilot: an example of a domain's enum, and a vocabulary that many services share.

use analytics_derive::Event;

/// The events of a chat copilot.
#[derive(Clone, Copy, Debug, Event)]
pub enum CopilotEvent<'a> {
    /// A user sent a message in chat.
    #[event(name = "copilot_message_sent")]
    MessageSent {
        /// The chat session.
        session_id: &'a str,
        /// The message's length in characters.
        message_length: u64,
    },
    /// The copilot called a tool.
    #[event(name = "copilot_tool_called")]
    ToolCalled {
        /// The chat session.
        session_id: &'a str,
        /// The tool's name.
        tool_name: &'a str,
        /// The id of this call.
        tool_call_id: &'a str,
    },
    /// An agent was run and succeeded.
    #[event(name = "copilot_agent_run_success")]
    AgentRunSuccess {
        /// The chat session.
        session_id: &'a str,
        /// The agent's graph.
        graph_id: &'a str,
        /// The graph's name.
        graph_name: &'a str,
        /// The id of this run.
        execution_id: &'a str,
        /// The agent in the user's library.
        library_agent_id: &'a str,
    },
    /// An agent was scheduled.
    #[event(name = "copilot_agent_scheduled")]
    AgentScheduled {
        /// The chat session.
        session_id: &'a str,
        /// The agent's graph.
        graph_id: &'a str,
        /// The graph's name.
        graph_name: &'a str,
        /// The schedule.
        schedule_id: &'a str,
        /// The schedule's name.
        schedule_name: &'a str,
        /// When it runs, as a cron expression.
        cron: &'a str,
        /// The agent in the user's library.
        library_agent_id: &'a str,
    },
    /// A trigger was set up for an agent.
    #[event(name = "copilot_trigger_setup")]
    TriggerSetup {
        /// The chat session.
        session_id: &'a str,
        /// The agent's graph.
        graph_id: &'a str,
        /// The graph's name.
        graph_name: &'a str,
        /// The kind of trigger.
        trigger_type: &'a str,
        /// The agent in the user's library.
        library_agent_id: &'a str,
    },
}
