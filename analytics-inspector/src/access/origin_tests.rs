use super::*;

type Headers<'a> = &'a [(&'a str, &'a str)];

fn headers(fields: Headers<'_>) -> HeaderMap {
    fields.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect()
}

const HOST: (&str, &str) = ("host", "localhost:8010");
const BROWSER: (&str, &str) = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/60.0");

#[test]
fn only_the_very_page_changes_anything_and_programs_do() {
    let page = ("origin", "http://localhost:8010");
    let cases: [(Headers<'_>, bool, bool); 26] = [
        // A program.
        (&[HOST], false, true),
        (&[HOST, ("user-agent", "curl/8.0")], false, true),
        (&[], false, true),
        // The page.
        (&[HOST, page], false, true),
        (&[HOST, page, ("sec-fetch-site", "same-origin"), BROWSER], true, true),
        (&[HOST, ("sec-fetch-site", "same-origin")], true, true),
        (&[HOST, ("referer", "http://localhost:8010/"), BROWSER], true, true),
        (&[("host", "INSPECTOR.test"), ("origin", "https://inspector.test")], false, true),
        (&[("host", "inspector.test:80"), ("origin", "http://inspector.test")], false, true),
        (&[("host", "[::1]:8010"), ("origin", "http://[::1]:8010")], false, true),
        // Other pages, of this machine too.
        (&[HOST, ("origin", "http://localhost:3000")], false, false),
        (&[HOST, ("origin", "http://localhost")], false, false),
        (&[HOST, ("origin", "http://127.0.0.1:8010")], false, false),
        (&[HOST, ("origin", "https://evil.example")], false, false),
        (&[HOST, ("origin", "null")], false, false),
        (&[HOST, ("origin", "localhost:8010")], false, false),
        (&[("origin", "http://")], false, false),
        (&[HOST, page, ("sec-fetch-site", "same-site")], false, false),
        (&[HOST, ("sec-fetch-site", "cross-site")], false, false),
        // As of a form that is sent again.
        (&[HOST, ("sec-fetch-site", "none")], false, false),
        (&[HOST, ("referer", "http://localhost:3000/localhost:8010")], false, false),
        (&[HOST, ("referer", "about:blank")], false, false),
        // Two origins, of which one is ours.
        (&[HOST, page, ("origin", "http://localhost:3000")], false, false),
        (&[HOST, ("host", "localhost:3000"), ("origin", "http://localhost:3000")], false, false),
        // A browser that says nothing, and one that is told by its cookie.
        (&[HOST, BROWSER], false, false),
        (&[HOST], true, false),
    ];
    for (fields, is_by_cookie, expected) in cases {
        for method in [Method::POST, Method::DELETE, Method::PUT, Method::PATCH, Method::OPTIONS] {
            assert_eq!(is_allowed(&method, &headers(fields), &[], is_by_cookie), expected, "{method} {fields:?}");
        }
    }
}

#[test]
fn reading_is_for_no_page_of_another_site_but_a_link_may_lead_here() {
    let opened =
        [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-site", "cross-site"), HOST];
    let framed = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe"), ("sec-fetch-site", "cross-site"), HOST];
    let cases: [(Headers<'_>, bool); 13] = [
        (&[HOST], true),
        (&[HOST, BROWSER], true),
        (&[HOST, ("sec-fetch-site", "none")], true),
        (&[HOST, ("sec-fetch-site", "same-origin")], true),
        (&[HOST, ("origin", "http://localhost:3000")], true),
        (&[("host", "box.test"), ("origin", "http://box.test")], true),
        (&opened, true),
        (&framed, false),
        (&[HOST, ("sec-fetch-site", "same-site")], false),
        (&[HOST, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], false),
        (&[HOST, ("origin", "https://evil.example")], false),
        (&[HOST, ("origin", "null")], false),
        (&[HOST, ("origin", "http://localhost"), ("origin", "https://evil.example")], false),
    ];
    for (fields, expected) in cases {
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(is_allowed(&method, &headers(fields), &[], false), expected, "{method} {fields:?}");
        }
    }
    let named = headers(&[HOST, ("origin", "http://inspector.test:1")]);
    assert!(is_allowed(&Method::GET, &named, &["inspector.test".to_owned()], false));
}
