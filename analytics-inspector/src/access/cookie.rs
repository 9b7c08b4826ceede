//! The cookie of a browser that was let in.

use axum::http::{HeaderMap, HeaderValue, header};

/// The values of a cookie; a browser may send several of one name, from several paths.
pub(super) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
    let fields = headers.get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
    let pairs = fields.flat_map(|field| field.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.filter(move |(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// Has a browser keep a value until it is closed, out of the reach of scripts, and send it from this page alone.
pub(super) fn set(name: &str, value: &str, is_secure: bool) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        for field in
            ["a=1; inspector-80=x", "inspector-8010 = y ;xinspector-8010=z; inspector-8010", "inspector-8010=w=v"]
        {
            headers.append(header::COOKIE, field.parse().unwrap());
        }
        assert_eq!(values(&headers, "inspector-8010").collect::<Vec<_>>(), ["y", "w=v"]);
        assert_eq!(values(&HeaderMap::new(), "inspector-8010").count(), 0);
    }
}
