//! Actors whose events PostHog refuses, or whose persons it does not keep.

use analytics_core::{Action, Actor, ActorKind, DistinctId, DropReason, Refusal};
use analytics_rules::MAX_DISTINCT_ID_BYTES;
use analytics_rules::posthog::{has_no_person, instead_of_event, is_illegal, may_be_a_persons};

/// Refuses what costs a whole batch later, or vanishes after a 200.
pub(crate) fn check(action: &Action<'_>, actor: &Actor<'_>) -> Result<(), Refusal> {
    match action {
        Action::Track { name, .. } => {
            if name.trim().is_empty() {
                return Err(DropReason::InvalidName.into());
            }
            if name.starts_with('$')
                && let Some(instead) = instead_of_event(name)
            {
                return Err(Refusal::new(
                    DropReason::InvalidName,
                    format!("\"{name}\" means something else: {instead}"),
                ));
            }
            check_actor(actor)
        }
        Action::Identify { anonymous, .. } => check_merge(anonymous.as_ref(), &actor.id()),
        Action::Alias { anonymous, .. } => check_merge(Some(anonymous), &actor.id()),
        Action::GroupIdentify { kind, group, .. } => check_group(kind, group, actor),
        _ => check_actor(actor),
    }
}

/// Whether PostHog keeps a person for the events of this actor, if they are to make one.
pub(crate) fn can_have_person(actor: &Actor<'_>) -> bool {
    let id = actor.id();
    let (prefix, text) = id.parts();
    unknown(actor).is_none() && (!prefix.is_empty() || !has_no_person(text))
}

/// Why no person is kept of an actor, and none may be changed by it; `None` of one who is known.
pub(crate) fn unknown(actor: &Actor<'_>) -> Option<&'static str> {
    if actor.kind() == ActorKind::Nobody {
        Some("the actor is nobody, of whom no person is kept")
    } else if actor.is_claimed() {
        Some("the actor is a client's claim that nobody has verified: it changes no person")
    } else {
        None
    }
}

fn check_actor(actor: &Actor<'_>) -> Result<(), Refusal> {
    let id = actor.id();
    let is_taken = if actor.kind() == ActorKind::User { is_a_persons(&id) } else { is_legal(&id) };
    if is_taken { Ok(()) } else { Err(refusal(&id)) }
}

/// Both ids must be ones that a person can have.
fn check_merge(anonymous: Option<&DistinctId<'_>>, user: &DistinctId<'_>) -> Result<(), Refusal> {
    match anonymous.into_iter().chain([user]).find(|id| !is_a_persons(id)) {
        None => Ok(()),
        Some(id) => Err(refusal(id)),
    }
}

/// A group's update has an id of its own where nobody is named who made it: `$company_acme`.
fn check_group(kind: &str, group: &DistinctId<'_>, actor: &Actor<'_>) -> Result<(), Refusal> {
    if actor.kind() != ActorKind::Group {
        return check_actor(actor);
    }
    let (prefix, text) = group.parts();
    let len = kind.len() + prefix.len() + text.len() + 2;
    if len > MAX_DISTINCT_ID_BYTES {
        let why = format!("the group's kind and id have {len} bytes together, the limit is {MAX_DISTINCT_ID_BYTES}");
        return Err(Refusal::new(DropReason::InvalidActor, why));
    }
    Ok(())
}

/// An id that is joined to a prefix is none that nobody has.
fn is_a_persons(id: &DistinctId<'_>) -> bool {
    let (prefix, text) = id.parts();
    !prefix.is_empty() || may_be_a_persons(text)
}

/// An id that is joined to a prefix is none of those that broken code sends.
fn is_legal(id: &DistinctId<'_>) -> bool {
    let (prefix, text) = id.parts();
    !prefix.is_empty() || !is_illegal(text)
}

/// The ids that are refused are the same for everybody: they may be told.
fn refusal(id: &DistinctId<'_>) -> Refusal {
    let why = format!("{:?} is the id of nobody: PostHog makes no person of it", id.to_string());
    Refusal::new(DropReason::InvalidActor, why)
}
