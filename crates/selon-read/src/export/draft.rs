//! A post in the making: what every reader of exports does with the fields it found.

use selon_model::{
    Damage, DamageKind, DateEvidence, EmbeddedPost, FoundAt, HandleFrom, Lang, Note, PostAuthor,
    PostRelation, PostState, PostedFrom, RuleId, Span, When,
};

use super::ExportedPost;
use crate::describe::date::parse_when;
use crate::pack::Packs;
use crate::post::address::find_addresses;
use crate::post::body::{truncation, words_without};
use crate::post::id::time_of_x;
use crate::post::token::{find_hashtags, find_mentions};

/// Letters from which on a detected language outweighs what the export claims.
const ENOUGH_LETTERS: usize = 40;

/// Fields of a post as an export names them.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) platform: &'static str,
    pub(super) rule: &'static str,
    pub(super) words: String,
    /// A title apart from the words, as articles and videos have.
    pub(super) title: Option<String>,
    pub(super) id: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) handle: Option<String>,
    pub(super) account: Option<String>,
    pub(super) posted: Option<When>,
    pub(super) edited: Option<When>,
    /// The language that the export claims: a hint.
    pub(super) claimed: Option<String>,
    /// What the export lists; `None`: it lists nothing, and the words are asked.
    pub(super) hashtags: Option<Vec<String>>,
    pub(super) mentions: Option<Vec<String>>,
    pub(super) links: Option<Vec<String>>,
    pub(super) media: Vec<String>,
    pub(super) relations: Vec<PostRelation>,
    pub(super) truncated: bool,
    pub(super) notes: Vec<Note>,
}

impl Draft {
    pub(super) fn of(platform: &'static str, rule: &'static str) -> Self {
        Draft { platform, rule, ..Draft::default() }
    }

    /// Adds a relation, once.
    pub(super) fn relate(&mut self, kind: &str, id: impl Into<String>) {
        let relation = PostRelation { kind: kind.to_owned(), id: id.into() };
        if !relation.id.is_empty() && !self.relations.contains(&relation) {
            self.relations.push(relation);
        }
    }

    /// The post.
    pub(super) fn finish(self, packs: &Packs) -> ExportedPost {
        let words = self.words;
        let pack = &packs.post;
        let addresses = find_addresses(&words, &pack.endings);
        let tags = find_hashtags(&words, &addresses);
        let mentions = find_mentions(&words, &addresses);
        let mut tokens: Vec<Span> = addresses.clone();
        tokens.extend(tags.iter().chain(&mentions).map(|token| token.span));
        tokens.sort();
        let plain = words_without(&words, &tokens);
        let language = pack.small_words.identify(&plain);
        let mut damage = Vec::new();
        let body = Span::new(0, words.len()).trimmed(&words);
        let cut = truncation(&words, &tokens);
        if self.truncated || cut.is_some() {
            damage.push(Damage { span: cut, ..new_damage(DamageKind::Truncated) });
        }
        if self.posted.as_ref().is_some_and(|when| when.zone.is_none()) {
            damage.push(new_damage(DamageKind::ZoneUnknown));
        }
        if self.name.is_none() && self.handle.is_none() && self.account.is_none() {
            damage.push(new_damage(DamageKind::AuthorUnknown));
        }
        let claimed = self.claimed.as_deref().and_then(Lang::new);
        let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
        if let (Some(found), Some(claimed)) = (&language, claimed)
            && *found != claimed
            && letters >= ENOUGH_LETTERS
            && !matches!(claimed.as_str(), "und" | "zxx" | "art")
            && !claimed.as_str().starts_with('q')
        {
            let detail = Some(format!("the export says {claimed}"));
            damage.push(Damage { detail, ..new_damage(DamageKind::LangHintWrong) });
        }
        let mut notes = self.notes;
        let derived = match (self.platform, &self.id) {
            ("x", Some(id)) => time_of_x(id),
            _ => None,
        };
        let posted_from = match (&self.posted, &derived) {
            (Some(_), _) => Some(PostedFrom::Field),
            (None, Some(_)) => Some(PostedFrom::Id),
            (None, None) => None,
        };
        if let (Some(stated), Some(derived)) = (&self.posted, &derived)
            && let (Some(day), Some(other)) = (stated.date(), derived.date())
            && (other - day).get_days().abs() > 1
        {
            let message = format!("the post says {day}, its id says {other}");
            notes.push(Note::new("post_dates_differ", message));
        }
        let values = |listed: Option<Vec<String>>, found: Vec<String>| listed.unwrap_or(found);
        let shown = |tokens: &[crate::post::token::Token]| -> Vec<String> {
            tokens.iter().map(|token| token.value(&words).to_owned()).collect()
        };
        let links: Vec<String> = addresses
            .iter()
            .map(|span| span.of(&words))
            .filter(|address| address.contains("://"))
            .map(str::to_owned)
            .collect();
        let post = EmbeddedPost {
            span: (!body.is_empty()).then_some(body),
            text: (!body.is_empty()).then_some(body),
            text_elsewhere: None,
            platform: self.platform.to_owned(),
            status_id: self.id,
            url: self.url,
            author: PostAuthor {
                name: self.name,
                handle_from: self.handle.as_ref().map(|_| HandleFrom::Field),
                handle: self.handle,
                id: self.account,
            },
            posted: self.posted.or(derived),
            posted_from,
            language,
            hashtags: values(self.hashtags, shown(&tags)),
            mentions: values(self.mentions, shown(&mentions)),
            links: values(self.links, links),
            media: self.media,
            relations: self.relations,
            state: PostState::Full,
            damage,
            found_at: vec![FoundAt::Json],
            rule: RuleId::core(self.rule),
            confidence: 1.0,
        };
        ExportedPost { words, title: self.title, post, edited: self.edited, notes }
    }
}

pub(super) fn new_damage(kind: DamageKind) -> Damage {
    Damage { kind, span: None, cuts: Vec::new(), detail: None }
}

/// A time of a field. A day alone is no time of a post.
pub(super) fn when(field: Option<&str>) -> Option<When> {
    let mut when = parse_when(field?)?;
    when.evidence = Some(DateEvidence::Stated);
    when.rule = RuleId::core("core.post.field");
    Some(when)
}

/// Values of `field` in a list of objects, in order, each once.
pub(super) fn each(list: &[serde_json::Value], field: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in list.iter().filter_map(|value| super::text(value, field)) {
        push_new(&mut values, value);
    }
    values
}

/// Adds a value that is not there yet.
pub(super) fn push_new(values: &mut Vec<String>, value: &str) {
    if !value.is_empty() && !values.iter().any(|known| known == value) {
        values.push(value.to_owned());
    }
}
