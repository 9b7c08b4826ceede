//! Plays a transcript: what the users' browsers did.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::{Client, StatusCode};

use super::transcript::{Expected, Request, Transcript};

/// Sessions that are played at one time.
const CLIENTS: usize = 8;

/// Plays transcripts to one service.
#[derive(Debug)]
pub(super) struct Player {
    client: Client,
    url: String,
}

/// How the service answered, as its clients saw it.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Requests that were done, by the event that they should be tracked as.
    pub(super) done: BTreeMap<String, u64>,
    /// Requests that were refused as they should be.
    pub(super) refused: u64,
    /// Bytes of all answers, streams included.
    pub(super) bytes: u64,
    /// Requests that were answered otherwise than they should be.
    pub(super) surprises: Vec<String>,
}

impl Player {
    pub(super) fn new(url: String) -> reqwest::Result<Self> {
        // The service is on this machine, whatever proxy the environment names.
        Ok(Self { client: Client::builder().no_proxy().build()?, url })
    }

    /// Plays the sessions beside each other, each one's requests in their order.
    pub(super) async fn play(&self, transcript: &Transcript) -> reqwest::Result<Answers> {
        let sessions = stream::iter(transcript.sessions().into_values());
        let played = sessions.map(|requests| self.session(requests)).buffer_unordered(CLIENTS);
        played.try_fold(Answers::default(), |all, one| async { Ok(all.and(one)) }).await
    }

    async fn session(&self, requests: Vec<&Request>) -> reqwest::Result<Answers> {
        let mut answers = Answers::default();
        for request in requests {
            let (status, body) = self.send(request).await?;
            answers.note(request, status, &body);
        }
        Ok(answers)
    }

    /// Sends one request and reads the answer to its end, a stream's too.
    async fn send(&self, request: &Request) -> reqwest::Result<(StatusCode, String)> {
        let mut post = self.client.post(format!("{}{}", self.url, request.post)).json(&request.body);
        post = post.header("x-session-id", &request.session);
        if let Some(user) = &request.user {
            post = post.header("x-user-id", user);
        }
        let response = post.send().await?;
        Ok((response.status(), response.text().await?))
    }
}

impl Answers {
    fn note(&mut self, request: &Request, status: StatusCode, body: &str) {
        self.bytes += body.len() as u64;
        match &request.expected {
            Expected::Event(name) if status.is_success() => *self.done.entry(name.clone()).or_default() += 1,
            Expected::Refused(code) if *code == status.as_u16() => self.refused += 1,
            expected => {
                let surprise = format!("{} of {}: {status}, expected {expected:?}", request.post, request.session);
                self.surprises.push(surprise);
            }
        }
    }

    fn and(mut self, other: Self) -> Self {
        for (name, count) in other.done {
            *self.done.entry(name).or_default() += count;
        }
        self.refused += other.refused;
        self.bytes += other.bytes;
        self.surprises.extend(other.surprises);
        self
    }
}
