//! Posts of social platforms inside a report.

use serde::{Deserialize, Serialize};

use crate::{Lang, RuleId, Span, When};

/// Where the handle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum HandleFrom {
    Signature,
    Link,
    Field,
}

/// Who posted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostAuthor {
    /// Display name.
    pub name: Option<String>,
    /// Handle without `@`.
    pub handle: Option<String>,
    /// Where the handle stands.
    pub handle_from: Option<HandleFrom>,
    /// The platform's id of the account.
    pub id: Option<String>,
}

/// Where the time of a post comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostedFrom {
    /// A field with a zone.
    Field,
    /// The date shown to readers.
    Shown,
    /// Derived from the id.
    Id,
}

/// What was there to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PostState {
    Full,
    LinkOnly,
    Rendered,
    Remnant,
}

/// Where the post was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum FoundAt {
    Dom,
    Json,
    Attribute,
    Text,
}

/// Kinds of damage (embedded-posts, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DamageKind {
    Glued,
    DoubtfulMention,
    ContentNotPresent,
    Placeholder,
    Truncated,
    Escaped,
    DateOnly,
    ZoneUnknown,
    AuthorUnknown,
    LangHintWrong,
    HandleDiffers,
    Duplicate,
    Undecodable,
}

/// What the way to us cost the post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// Its kind.
    pub kind: DamageKind,
    /// Where in the text.
    pub span: Option<Span>,
    /// Byte positions of the text where a boundary was put in; the text itself is not changed.
    pub cuts: Vec<u32>,
    /// More, in words.
    pub detail: Option<String>,
}

/// How a post stands to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRelation {
    /// reply_to, quotes, reposts, forwards, edits.
    pub kind: String,
    /// The other's id.
    pub id: String,
}

/// A post inside a report. Nothing in it is invented: `None` = not on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbeddedPost {
    /// Its whole block in the text (body and signature), masked from the report's own reading.
    pub span: Option<Span>,
    /// Its body in the text.
    pub text: Option<Span>,
    /// Its body where it stands only in JSON or an attribute.
    pub text_elsewhere: Option<String>,
    /// x, facebook, instagram, telegram …
    pub platform: String,
    /// The platform's id, as a string.
    pub status_id: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Who posted.
    pub author: PostAuthor,
    /// When.
    pub posted: Option<When>,
    /// Where that comes from.
    pub posted_from: Option<PostedFrom>,
    /// Detected language.
    pub language: Option<Lang>,
    /// Hashtags without `#`.
    pub hashtags: Vec<String>,
    /// Handles without `@`.
    pub mentions: Vec<String>,
    /// Addresses.
    pub links: Vec<String>,
    /// Media addresses.
    pub media: Vec<String>,
    /// How it stands to other posts.
    pub relations: Vec<PostRelation>,
    /// What was there to read.
    pub state: PostState,
    /// What the way to us cost it.
    pub damage: Vec<Damage>,
    /// Every place it was found.
    pub found_at: Vec<FoundAt>,
    /// Which rule found it.
    pub rule: RuleId,
    /// 0 to 1; below 0.6 goes to review.
    pub confidence: f32,
}
