//! The tools that the copilot calls.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thiserror::Error;

use super::{Cron, Library};

/// Why a call failed.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    #[error("there is no tool {0}")]
    Unknown(String),
    #[error("{0}")]
    Arguments(String),
}

#[derive(Deserialize)]
struct FindAgents {
    query: String,
}

#[derive(Deserialize)]
struct CountWords {
    text: String,
}

#[derive(Deserialize)]
struct ExplainSchedule {
    cron: String,
}

/// Calls the tool `name`.
pub(crate) fn call(library: Library, name: &str, arguments: Value) -> Result<Value, CallError> {
    match name {
        "find_agents" => read(arguments).map(|arguments| find_agents(library, &arguments)),
        "count_words" => read(arguments).map(|arguments| count_words(&arguments)),
        "explain_schedule" => explain_schedule(&read(arguments)?),
        unknown => Err(CallError::Unknown(unknown.to_owned())),
    }
}

fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, CallError> {
    serde_json::from_value(arguments).map_err(|error| CallError::Arguments(error.to_string()))
}

fn find_agents(library: Library, FindAgents { query }: &FindAgents) -> Value {
    let found = library.matching(query);
    found.map(|agent| json!({ "library_agent_id": agent.library_agent_id, "name": agent.graph_name })).collect()
}

fn count_words(CountWords { text }: &CountWords) -> Value {
    json!({ "words": text.split_whitespace().count(), "characters": text.chars().count() })
}

fn explain_schedule(ExplainSchedule { cron }: &ExplainSchedule) -> Result<Value, CallError> {
    let cron = Cron::parse(cron).map_err(|error| CallError::Arguments(error.to_string()))?;
    Ok(cron.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_answers() {
        let call = |name, arguments| call(Library::shipped(), name, arguments).map_err(|error| error.to_string());
        let invoices = json!([{ "library_agent_id": "lib_invoices", "name": "Invoice adder" }]);
        assert_eq!(call("find_agents", json!({ "query": "expenses" })), Ok(invoices));
        assert_eq!(call("count_words", json!({ "text": "déjà vu" })), Ok(json!({ "words": 2, "characters": 7 })));
        assert_eq!(call("explain_schedule", json!({ "cron": "0 7 * * *" })), Ok("minute 0, hour 7".into()));
        assert_eq!(call("count_words", json!({})), Err("missing field `text`".to_owned()));
        assert_eq!(call("dance", json!({})), Err("there is no tool dance".to_owned()));
    }
}
