//! Events that are the same in every service, and that backends spell in their own words.

mod ai_generation;
mod ai_trace_id;
mod exception;
mod flag_called;

pub use self::ai_generation::AiGeneration;
pub use self::ai_trace_id::{AiTraceId, InvalidAiTraceId};
pub use self::exception::{Exception, ExceptionLevel};
pub use self::flag_called::FlagCalled;
