use analytics_core::Actor;

struct Uuid(u128);

fn main() {
    let _ = Actor::user(Uuid(1));
    let _ = Actor::user(String::from("u1"));
    let _ = Actor::user_or_session(Some(1_u8), "s1");
}
