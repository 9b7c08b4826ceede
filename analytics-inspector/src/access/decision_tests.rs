use axum::http::HeaderName;

use super::*;

const TOKEN: &str = "correct-horse-battery";

fn access() -> Access {
    Access::new(vec!["inspector.test".to_owned()], Some(TOKEN.to_owned()), true, 8010, false).unwrap()
}

fn peer(ip: &str) -> Peer {
    Peer::new((ip.parse::<std::net::IpAddr>().unwrap(), 50_000).into())
}

fn headers(fields: &[(&str, &str)]) -> HeaderMap {
    fields.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect()
}

fn decide(access: &Access, ip: &str, method: &Method, fields: &[(&str, &str)]) -> Result<(), Refusal> {
    access.decide(peer(ip), method, &headers(fields))
}

#[test]
fn a_peer_from_elsewhere_needs_the_token_whatever_it_says_of_itself() {
    let access = access();
    let bearer = format!("bearer  {TOKEN} ");
    for ip in ["192.0.2.7", "::ffff:192.0.2.7", "fd00::7", "10.0.0.1", "::"] {
        for (fields, expected) in [
            (&[][..], Err(Refusal::NoToken)),
            (&[("host", "localhost:8010")], Err(Refusal::NoToken)),
            (&[("host", "127.0.0.1")], Err(Refusal::NoToken)),
            (&[("host", "inspector.test")], Err(Refusal::NoToken)),
            (&[("host", "localhost"), ("origin", "http://localhost")], Err(Refusal::NoToken)),
            (&[("host", "localhost"), ("x-forwarded-for", "127.0.0.1")], Err(Refusal::NoToken)),
            (&[("host", "localhost"), ("forwarded", "for=127.0.0.1")], Err(Refusal::NoToken)),
            (&[("host", "localhost"), ("x-real-ip", "::1")], Err(Refusal::NoToken)),
            (&[("authorization", TOKEN)], Err(Refusal::NoToken)),
            (&[("authorization", "Bearer ")], Err(Refusal::NoToken)),
            (&[("authorization", "Bearer correct-horse-batterz")], Err(Refusal::NoToken)),
            (&[("authorization", "Basic correct-horse-battery")], Err(Refusal::NoToken)),
            (
                &[("authorization", "Bearer x"), ("authorization", "Bearer correct-horse-battery")],
                Err(Refusal::NoToken),
            ),
            // The token is not the cookie.
            (&[("cookie", "inspector-8010=correct-horse-battery")], Err(Refusal::NoToken)),
            (&[("host", "any.name"), ("authorization", bearer.as_str())], Ok(())),
            (&[("authorization", "Bearer correct-horse-battery")], Ok(())),
        ] {
            for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
                assert_eq!(decide(&access, ip, &method, fields), expected, "{ip} {method} {fields:?}");
            }
        }
    }
}

#[test]
fn a_peer_on_loopback_needs_a_name_of_this_machine_and_no_token() {
    let access = access();
    for ip in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
        for (fields, expected) in [
            (&[("host", "localhost:8010")][..], Ok(())),
            (&[("host", "[::1]:8010")], Ok(())),
            (&[("host", "inspector.test:8010")], Ok(())),
            (&[("host", "localhost"), ("x-forwarded-for", "192.0.2.7")], Ok(())),
            (&[("host", "rebound.example")], Err(Refusal::UnknownHost)),
            (&[("host", "localhost"), ("host", "rebound.example")], Err(Refusal::UnknownHost)),
            (&[], Err(Refusal::UnknownHost)),
            (&[("host", "rebound.example"), ("authorization", "Bearer correct-horse-battery")], Ok(())),
        ] {
            assert_eq!(decide(&access, ip, &Method::GET, fields), expected, "{ip} {fields:?}");
        }
    }
}

#[test]
fn a_browser_with_the_cookie_changes_something_from_this_page_only() {
    let access = access();
    let session = access.session_for(TOKEN).unwrap();
    let cookie = format!("other=1; inspector-8010={session}");
    let with = |fields: &[(&str, &str)]| {
        let fields: Vec<_> =
            fields.iter().copied().chain([("cookie", cookie.as_str()), ("host", "box.test:8010")]).collect();
        [Method::GET, Method::POST].map(|method| decide(&access, "192.0.2.7", &method, &fields))
    };
    let foreign = Err(Refusal::ForeignPage);
    assert_eq!(with(&[("origin", "http://box.test:8010")]), [Ok(()), Ok(())]);
    assert_eq!(with(&[]), [Ok(()), foreign]);
    assert_eq!(with(&[("origin", "http://box.test:3000")]), [foreign, foreign]);
    assert_eq!(with(&[("sec-fetch-site", "same-site")]), [foreign, foreign]);
}

#[test]
fn only_the_token_is_exchanged_for_a_session() {
    let access = access();
    let session = access.session_for(TOKEN).unwrap();
    assert_ne!(session, TOKEN);
    assert_eq!(access.session_for(session), None);
    assert_eq!(access.session_for(""), None);
}

#[test]
fn who_is_not_exposed_has_no_token_and_lets_nobody_else_in() {
    let access = Access::new(Vec::new(), None, false, 8010, false).unwrap();
    assert_eq!(access.token(), None);
    let fields = [("host", "localhost"), ("authorization", "Bearer "), ("cookie", "inspector-8010=")];
    assert_eq!(decide(&access, "192.0.2.7", &Method::GET, &fields), Err(Refusal::NoToken));
    assert_eq!(decide(&access, "127.0.0.1", &Method::GET, &fields), Ok(()));
}
