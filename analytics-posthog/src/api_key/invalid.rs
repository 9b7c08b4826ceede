//! Why a text is not a project's key.

use crate::text::InvalidText;

/// Why a text is not a project's key. It never holds the text.
///
/// Each displays as what is wrong, a semicolon, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidApiKey {
    /// There is nothing in it.
    #[error("the key is blank; PostHog shows it under Settings, Project, \"Project API key\"")]
    Blank,
    /// It is a personal key, which can read and change a project.
    #[error(
        "this is a personal API key (phx_…), which must stay secret; events need the project's key (phc_…), which \
         PostHog shows under Settings, Project. Revoke the personal key if it was written anywhere"
    )]
    Personal,
    /// It is a project's secret key, with which a server reads feature flags.
    #[error(
        "this is a project's secret key (phs_…), which must stay secret; events need the project's key (phc_…), which \
         PostHog shows under Settings, Project. Replace the secret key if it was written anywhere"
    )]
    ProjectSecret,
    /// It is a token of OAuth, which acts for a person.
    #[error(
        "this is a token of OAuth (pha_… or phr_…), which must stay secret; events need the project's key (phc_…), \
         which PostHog shows under Settings, Project. Revoke the token if it was written anywhere"
    )]
    OAuth,
    /// It is a key of another company's, by its beginning.
    #[error(
        "this is a key of another service, which must not be sent to PostHog; events need the project's key (phc_…), \
         which PostHog shows under Settings, Project"
    )]
    OtherService,
    /// What stood around the key came along, or nothing put the key in.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// It is what an example says in a key's place.
    #[error(
        "this is an example's text in the place of a key; write the project's key (phc_…), which PostHog shows under \
         Settings, Project"
    )]
    Example,
    /// It is a word of another language for nothing, or for on and off.
    #[error(
        "this is a word and no key; leave the variable out where there is none, or set ANALYTICS_DISABLED=true to send \
         nothing"
    )]
    Word,
    /// It has the beginning of an HTTP header before it.
    #[error("the key has the name of an HTTP scheme before it, as in Bearer; write the key alone")]
    Scheme,
    /// Something stands beside it.
    #[error("something stands beside the key, a comment or another setting; write the key alone")]
    Beside,
    /// It is an address, which has a variable of its own.
    #[error("this is an address and no key; it belongs in POSTHOG_HOST, and the project's key (phc_…) belongs here")]
    Address,
    /// It is a path, at which perhaps the key is.
    #[error(
        "this is the path of a file, which is not read here; write the key that is in the file, or name the file in \
         POSTHOG_PROJECT_TOKEN_FILE"
    )]
    Path,
    /// It is JSON, in which perhaps the key is.
    #[error("this is JSON; write only the key that is in it")]
    Json,
    /// It is several keys, or one several times.
    #[error("there is more than one key in it, or one twice; write one key")]
    Several,
    /// It begins or ends with a sign that separates things.
    #[error("the key begins or ends with a sign that is none of its own, a comma or a semicolon say; take it off")]
    Separator,
    /// Its middle is missing, as in `phc_…`.
    #[error("the key is cut short, as examples, pages and logs show keys; copy the whole key from PostHog's settings")]
    Shortened,
    /// It is written in base64 or in hexadecimal.
    #[error("this is a key in base64 or hexadecimal; decode it, a Kubernetes Secret takes it plain under stringData")]
    Encoded,
    /// Its letters were made large.
    #[error("the key's letters were changed to capitals; copy the key as PostHog shows it")]
    Capitals,
    /// It is the number or the UUID of a project or an organization.
    #[error(
        "this is a number or a UUID, as a project's id is; events need the project's key (phc_…), which PostHog shows \
         under Settings, Project"
    )]
    Id,
    /// It is too long.
    #[error("the key has {0} bytes, PostHog takes at most 64; was something else pasted?")]
    TooLong(usize),
    /// It has a character that no key has.
    #[error(
        "the key has a space, an invisible character, or another that is no ASCII letter, digit, underscore or hyphen; \
         was something else pasted?"
    )]
    Character,
}
