//! Evaluations by a real client, with a provider of the tests' own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, with helpers of their own")]

use analytics_core::{Actor, Analytics};
use analytics_open_feature::FlagHook;
use analytics_testkit::{Recorded, RecordingSink};
use async_trait::async_trait;
use open_feature::provider::{FeatureProvider, ProviderMetadata, ResolutionDetails};
use open_feature::{
    Client, EvaluationContext, EvaluationError, EvaluationErrorCode, EvaluationOptions, OpenFeature, StructValue,
};

/// Every flag is what its name says.
struct ByName(ProviderMetadata);

fn details<T>(key: &str, value: T) -> ResolutionDetails<T> {
    let mut details = ResolutionDetails::new(value);
    details.variant = key.split_once('@').map(|(_, variant)| variant.to_owned());
    details
}

#[async_trait]
impl FeatureProvider for ByName {
    fn metadata(&self) -> &ProviderMetadata {
        &self.0
    }

    async fn resolve_bool_value(
        &self,
        key: &str,
        _context: &EvaluationContext,
    ) -> Result<ResolutionDetails<bool>, EvaluationError> {
        match key {
            "fails" => Err(EvaluationError { code: EvaluationErrorCode::FlagNotFound, message: None }),
            key => Ok(details(key, key.starts_with("on"))),
        }
    }

    async fn resolve_int_value(
        &self,
        key: &str,
        _context: &EvaluationContext,
    ) -> Result<ResolutionDetails<i64>, EvaluationError> {
        Ok(details(key, 7))
    }

    async fn resolve_float_value(
        &self,
        key: &str,
        _context: &EvaluationContext,
    ) -> Result<ResolutionDetails<f64>, EvaluationError> {
        Ok(details(key, 0.5))
    }

    async fn resolve_string_value(
        &self,
        key: &str,
        _context: &EvaluationContext,
    ) -> Result<ResolutionDetails<String>, EvaluationError> {
        Ok(details(key, "blue".to_owned()))
    }

    async fn resolve_struct_value(
        &self,
        key: &str,
        _context: &EvaluationContext,
    ) -> Result<ResolutionDetails<StructValue>, EvaluationError> {
        Ok(details(key, StructValue::default()))
    }
}

async fn client() -> Client {
    let mut api = OpenFeature::default();
    api.set_provider(ByName(ProviderMetadata::new("by_name"))).await;
    api.create_client()
}

fn service() -> (Analytics, Recorded) {
    let (sink, recorded) = RecordingSink::pair();
    (Analytics::new(sink), recorded)
}

#[tokio::test]
async fn an_evaluation_is_told_of_its_actor_once_with_the_scope() {
    let (analytics, recorded) = service();
    let user = analytics.by(Actor::session("s1")).with("region", "eu").in_session("s1");
    let options = EvaluationOptions::default().with_hook(FlagHook::new(user));
    let client = client().await;
    for key in ["on", "off", "on@on", "off@false", "on@treatment", "off@control"] {
        for _ in 0..2 {
            let value = client.get_bool_value(key, None, Some(&options)).await.unwrap();
            assert_eq!(value, key.starts_with("on"));
        }
    }
    client.get_string_value("string", None, Some(&options)).await.unwrap();
    client.get_string_value("string@dark", None, Some(&options)).await.unwrap();
    client.get_int_value("int", None, Some(&options)).await.unwrap();
    client.get_float_value("float", None, Some(&options)).await.unwrap();
    for (key, value) in [("on", true), ("off", false), ("on@on", true), ("off@false", false), ("off@control", false)] {
        let exposure = recorded.assert_one("flag_called").with("feature_flag", key);
        exposure.with("feature_flag_response", value).with_flag(key, value).by(Actor::session("s1")).in_session("s1");
    }
    for (key, value) in
        [("on@treatment", "treatment"), ("string", "blue"), ("string@dark", "dark"), ("int", "7"), ("float", "0.5")]
    {
        let exposure = recorded.assert_one("flag_called").with("feature_flag", key).with("region", "eu");
        exposure.with("feature_flag_response", value);
    }
    assert_eq!(recorded.len(), 10);
}

#[tokio::test]
async fn what_fails_decides_nothing() {
    let (analytics, recorded) = service();
    let options = EvaluationOptions::default().with_hook(FlagHook::new(analytics.by(Actor::user("u1"))));
    assert!(client().await.get_bool_value("fails", None, Some(&options)).await.is_err());
    assert!(recorded.is_empty());
}

#[tokio::test]
async fn a_hook_of_a_client_knows_the_targeting_key() {
    let (analytics, recorded) = service();
    let client = client().await.with_hook(FlagHook::by_targeting_key(analytics));
    let context = EvaluationContext::default().with_targeting_key("u1");
    assert!(client.get_bool_value("on", Some(&context), None).await.unwrap());
    assert!(client.get_bool_value("on", None, None).await.unwrap());
    recorded.assert_one("flag_called").by(Actor::user("u1")).with("feature_flag_response", true);
}
