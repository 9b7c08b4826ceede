//! How do I write events of my own?
//!
//! ```sh
//! cargo run -p analytics-examples --example custom_events
//! ```

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_testkit::RecordingSink;
use product_analytics::{
    Actor, Analytics, DescribedEvent, Event, Fanout, Filter, LogSink, Properties, PropertyDescription, PropertyValue,
};

/// What people do in a book shop. One enum for one domain: all its names stand in one place.
#[derive(Event)]
enum ShopEvent<'a> {
    /// Somebody looked for a book.
    #[event(name = "book_searched")]
    Searched {
        query: &'a str,
        /// Every slice, array and `Vec` of values is a list.
        formats: &'a [Format],
        results: usize,
        /// A number has a unit only where somebody wrote it down.
        #[event(rename = "took_ms", unit = "milliseconds")]
        took: Duration,
    },
    /// A book was put into the cart.
    #[event(name = "book_added")]
    BookAdded { isbn: &'a str, format: Format, price_minor: i64, currency: Currency },
    /// A coupon was accepted.
    #[event(name = "coupon_applied")]
    CouponApplied {
        code: &'a str,
        /// Sent as `Display` writes it: a decimal that must stay exact is a string.
        #[event(display)]
        percent: Percent,
    },
    /// An order was paid. `critical`: it may use the room that a full queue keeps for such events.
    #[event(name = "order_placed", critical)]
    OrderPlaced {
        order_id: OrderId,
        total: Money,
        isbns: Vec<&'a str>,
        /// A `None` is not sent, not even as null.
        coupon: Option<&'a str>,
        ship_to: Address<'a>,
        deliver_by: SystemTime,
    },
    /// An order was cancelled.
    #[event(name = "order_cancelled")]
    OrderCancelled { order_id: OrderId, reason: Reason },
    /// Somebody has had enough of the newsletter.
    #[event(name = "newsletter_left")]
    NewsletterLeft,
}

/// An event that stands alone is a struct.
#[derive(Event)]
#[event(name = "ticket_opened")]
struct TicketOpened<'a> {
    order_id: Option<OrderId>,
    #[event(privacy = "personal")]
    email: &'a str,
    /// Not sent; it may be of any type.
    #[event(skip)]
    _text: &'a str,
}

/// An enum of words: `hardcover`, `paperback`, `audio_book`.
#[derive(Clone, Copy, PropertyValue)]
enum Format {
    Hardcover,
    Paperback,
    AudioBook,
}

#[derive(PropertyValue)]
enum Reason {
    TooLate,
    #[event(rename = "other")]
    SomethingElse,
}

/// Money is whole minor units and a currency, as two properties or as one object. Never a float: it loses cents.
#[derive(Properties, PropertyValue)]
struct Money {
    amount_minor: i64,
    currency: Currency,
}

#[derive(Clone, Copy, PropertyValue)]
enum Currency {
    #[event(rename = "EUR")]
    Eur,
}

/// A newtype is what is inside: the number 7021.
#[derive(Clone, Copy, PropertyValue)]
struct OrderId(u64);

/// A struct of properties is a nested object.
#[derive(Properties, PropertyValue)]
struct Address<'a> {
    city: &'a str,
    country: &'a str,
    company: Option<&'a str>,
}

/// Hundredths of a percent.
struct Percent(u32);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

fn main() {
    tracing_subscriber::fmt().without_time().with_level(false).with_target(false).with_ansi(false).init();

    println!("The kinds of events, as the types declare them:");
    for event in ShopEvent::EVENTS.iter().chain(TicketOpened::EVENTS) {
        let keys: Vec<_> = event.properties().iter().map(PropertyDescription::name).collect();
        println!("{}({})", event.name(), keys.join(", "));
    }

    // Two backends. The partner is not told what people look for, nor their addresses; a recording stands in for it.
    let (partner, recorded) = RecordingSink::pair();
    let partner = Filter::new(partner).without_events([ShopEvent::SEARCHED]).without_properties(["email"]);
    let fanout = Arc::new(Fanout::new().with("log", LogSink::new()).with("partner", partner));

    println!("\nWhat the log sees:");
    // Base properties, on every event of this handle and of those made from it.
    let analytics = Analytics::new(Arc::clone(&fanout)).with("source", "book_shop");
    shop(&analytics.with("channel", "web"));

    println!("\nWhat the partner sees:\n{}", recorded.journey());
    println!("\nWhat became of it:");
    for (name, ledger) in fanout.ledgers() {
        println!("{name}: {ledger}");
    }
}

fn shop(analytics: &Analytics) {
    // Somebody unknown, known by a session only.
    let formats = [Format::Paperback, Format::AudioBook];
    let search = ShopEvent::Searched { query: "crab", formats: &formats, results: 3, took: Duration::from_millis(42) };
    analytics.track(Actor::session("s1"), search);

    // One actor for several events, who acts for a company.
    let ada = analytics.by(Actor::user("ada")).in_group("company", "acme");
    ada.track(ShopEvent::BookAdded {
        isbn: "978-1",
        format: Format::Hardcover,
        price_minor: 4_499,
        currency: Currency::Eur,
    });
    ada.track(ShopEvent::CouponApplied { code: "SPRING", percent: Percent(1_250) });
    let ship_to = Address { city: "Graz", country: "AT", company: None };
    let deliver_by = UNIX_EPOCH + Duration::from_secs(1_798_761_600);
    ada.track(ShopEvent::OrderPlaced {
        order_id: OrderId(7_021),
        total: Money { amount_minor: 3_936, currency: Currency::Eur },
        isbns: vec!["978-1"],
        coupon: Some("SPRING"),
        ship_to,
        deliver_by,
    });

    // More to say than actor and event: what the call says wins over the scope's `channel`.
    ada.event(ShopEvent::OrderCancelled { order_id: OrderId(7_021), reason: Reason::TooLate })
        .property("channel", "phone")
        .set_person("cancelled_once", true)
        .track();

    let bob = Actor::user(42_u64);
    analytics.track(bob, ShopEvent::OrderCancelled { order_id: OrderId(7_022), reason: Reason::SomethingElse });
    analytics.track(bob, TicketOpened { order_id: None, email: "bob@example.com", _text: "Where is my book?" });
    analytics.track(bob, ShopEvent::NewsletterLeft);
}
