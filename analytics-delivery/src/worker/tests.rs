//! The worker's part.

use std::time::Instant as StdInstant;

use analytics_core::block_on;

use super::*;
use crate::answer::Outcome;
use crate::batch::Batch;
use crate::config::DeliveryConfig;
use crate::engine::tests::admission;
use crate::engine::tests::receipts::Stationer;
use crate::observe::ObserverQueue;
use crate::transport::Repeats;

/// Delivers whatever it is given.
#[derive(Debug)]
struct Delivers;

#[analytics_core::async_trait]
impl Transport for Delivers {
    async fn send(&self, _batch: &Batch<'_>, _deadline: StdInstant) -> Answer {
        Answer::new(Outcome::Delivered)
    }

    fn repeats(&self) -> Repeats {
        Repeats::Divisible
    }

    fn destination(&self) -> String {
        String::new()
    }
}

#[test]
fn a_batch_that_arrives_at_once_takes_the_lock_twice() {
    const BATCHES: usize = 10;
    let config = DeliveryConfig { flush_at: std::num::NonZeroUsize::new(3).unwrap(), ..DeliveryConfig::default() };
    let shared = Arc::new(Shared::new(Engine::new(config, Repeats::Divisible), ObserverQueue::default()));
    let stationer = Stationer::new();
    spawn(Worker::new(Arc::clone(&shared), Arc::new(Delivers), Duration::from_secs(86_400))).unwrap();
    // Its first look finds nothing.
    while shared.locks() == 0 {
        std::thread::yield_now();
    }
    for batch in 0..BATCHES {
        let answers: Vec<_> = (0..3)
            .map(|_| {
                let (receipt, acknowledged) = stationer.receipt();
                let receipt = std::cell::Cell::new(Some(receipt));
                let receipt = || receipt.take();
                let admission = admission(b"{}", &receipt);
                shared.change(|engine| engine.admit(admission)).unwrap().unwrap();
                acknowledged
            })
            .collect();
        for acknowledged in answers {
            assert_eq!(block_on(acknowledged), analytics_core::Settlement::Delivered);
        }
        let locks = 1 + (batch + 1) * (3 + 2);
        assert_eq!(shared.locks(), locks, "one look that finds nothing, three events and two locks for each batch");
    }
    shared.close(analytics_core::DropReason::Closed);
}
