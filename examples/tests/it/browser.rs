//! A client of the service.

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A browser in one chat session.
pub(crate) struct Browser {
    client: Client,
    url: String,
    session: &'static str,
    user: Option<&'static str>,
}

impl Browser {
    pub(crate) fn new(url: &str, session: &'static str, user: Option<&'static str>) -> Self {
        let client = Client::builder().no_proxy().build().unwrap();
        Self { client, url: url.to_owned(), session, user }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Response {
        self.headed(self.client.post(format!("{}{path}", self.url)).json(&body)).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.headed(self.client.get(format!("{}{path}", self.url))).send().await.unwrap()
    }

    /// Does one of everything: five events, if there is a user.
    pub(crate) async fn do_everything(&self) {
        for (path, body) in [
            ("/messages", json!({ "text": "please add up my invoices" })),
            ("/tools/find_agents", json!({ "arguments": { "query": "invoices" } })),
            ("/agents/lib_invoices/runs", json!({ "input": "rent 1200\nfood 350" })),
            ("/agents/lib_invoices/schedules", json!({ "name": "Monthly", "cron": "0 8 1 * *" })),
            ("/agents/lib_invoices/triggers", json!({ "trigger_type": "webhook" })),
        ] {
            let response = self.post(path, body).await;
            assert!(response.status().is_success(), "{path}: {}", response.status());
            response.bytes().await.unwrap();
        }
    }

    pub(crate) async fn refused(&self, path: &str, body: Value) -> (StatusCode, String) {
        let response = self.post(path, body).await;
        let status = response.status();
        (status, response.json::<Value>().await.unwrap()["error"].as_str().unwrap().to_owned())
    }

    fn headed(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("x-session-id", self.session);
        match self.user {
            Some(user) => request.header("x-user-id", user),
            None => request,
        }
    }
}
