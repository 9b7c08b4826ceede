//! Clause 8: health tells whether the sink is closed.

use analytics_core::Health;

use super::{Make, ensure};
use crate::contract::records::{Answers, GRACE, records};

pub(super) async fn tells_whether_it_is_closed(make: &Make) -> Result<(), String> {
    let (sink, answers) = (make(), Answers::default());
    ensure!(sink.health() != Health::Closed, "a new sink says that it is closed");
    answers.capture_all(&sink, &records(10));
    ensure!(sink.health() != Health::Closed, "a sink that takes records says that it is closed");
    sink.shutdown(GRACE).await;
    let health = sink.health();
    ensure!(health == Health::Closed, "after a shutdown it is {health}");
    Ok(())
}
