//! How do I track from a program that no user and no async runtime drives: a cron job, a worker?
//!
//! ```sh
//! cargo run -p analytics-examples --example background_job
//! ANALYTICS_BACKEND=log cargo run -p analytics-examples --example background_job
//! ```

use std::time::Duration;

use product_analytics::{Actor, ConfigErrors, Event, PropertyValue, Tracker};

/// What the job does. Its actor is the job itself, not a user.
#[derive(Event)]
enum BillingEvent<'a> {
    #[event(name = "invoice_sent")]
    InvoiceSent { customer_id: u64, total_minor: i64, currency: &'a str },
    #[event(name = "invoice_failed")]
    InvoiceFailed { customer_id: u64, reason: Reason },
    #[event(name = "billing_finished")]
    Finished { sent: u32, failed: u32 },
}

#[derive(Clone, Copy, Debug, PropertyValue)]
enum Reason {
    NoAddress,
    NothingToPay,
}

struct Customer {
    id: u64,
    owes_minor: i64,
    address: Option<&'static str>,
}

const CUSTOMERS: [Customer; 4] = [
    Customer { id: 1, owes_minor: 1_250, address: Some("ada@example.com") },
    Customer { id: 2, owes_minor: 0, address: Some("bob@example.com") },
    Customer { id: 3, owes_minor: 990, address: None },
    Customer { id: 4, owes_minor: 20_000, address: Some("eve@example.com") },
];

fn main() -> Result<(), ConfigErrors> {
    tracing_subscriber::fmt().without_time().with_ansi(false).init();

    let analytics = product_analytics::from_env()?;
    // Delivers what is pending when `main` ends, however it ends, and waits at most 10 s for it. The last line of the
    // log tells what became of every event.
    let _guard = analytics.shutdown_on_drop(Duration::from_secs(10));

    bill(&CUSTOMERS, &analytics.by(Actor::service("nightly_billing")));
    Ok(())
}

fn bill(customers: &[Customer], tracker: &Tracker<'_>) {
    let (mut sent, mut failed) = (0, 0);
    for customer in customers {
        let event = match send_invoice(customer) {
            Ok(()) => {
                sent += 1;
                let (customer_id, total_minor) = (customer.id, customer.owes_minor);
                BillingEvent::InvoiceSent { customer_id, total_minor, currency: "EUR" }
            }
            Err(reason) => {
                failed += 1;
                BillingEvent::InvoiceFailed { customer_id: customer.id, reason }
            }
        };
        tracker.track(event);
    }
    tracing::info!("{sent} invoices sent, {failed} not");
    tracker.track(BillingEvent::Finished { sent, failed });
}

fn send_invoice(customer: &Customer) -> Result<(), Reason> {
    match customer {
        Customer { owes_minor: ..=0, .. } => Err(Reason::NothingToPay),
        Customer { address: None, .. } => Err(Reason::NoAddress),
        Customer { address: Some(_), .. } => Ok(()),
    }
}
