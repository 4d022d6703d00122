//! Exports of social platforms: what their archives, programming interfaces and harvesting tools
//! write, as posts.
//!
//! A JSON value is told by its shape, never by its file name. What it says is taken as it stands:
//! the platform wrote it, so nothing is repaired, and what is not there stays out. Posts that an
//! answer carries only as context (quoted, reposted, replied to) are named by their ids. Things
//! that are no posts (accounts, lists, likes, follows) give nothing.

mod activity;
mod bluesky;
mod draft;
mod facebook_page;
mod harvest;
mod mastodon;
mod telegram;
mod telegram_page;
mod x_v1;
mod x_v2;

use selon_model::{EmbeddedPost, FoundAt, Note};
use serde_json::Value;

use crate::extract::parse::parse;
use crate::pack::Packs;

/// A post of an export with its words.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportedPost {
    /// Its words as the platform gives them; empty where it has none.
    pub words: String,
    /// Its title, where it has one apart from its words.
    pub title: Option<String>,
    /// The post; spans count bytes of `words`.
    pub post: EmbeddedPost,
    /// When this version was written, where the post was changed later.
    pub edited: Option<selon_model::When>,
    /// What was found out while it was read.
    pub notes: Vec<Note>,
}

/// A thing in an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Exported {
    /// A post.
    Post(Box<ExportedPost>),
    /// A fragment of a page that shows a post (oEmbed).
    Fragment {
        /// The HTML.
        html: String,
        /// Address of what it shows.
        url: Option<String>,
    },
    /// Something in the place of a post that is none, and why.
    Bad(String),
}

/// How deep answers may hold one another.
const DEPTH: usize = 32;
/// Posts of one value.
const MOST: usize = 1_000_000;

/// The posts of an export, in its order; `None` where the value is of no known export.
pub fn read_export(value: &Value, packs: &Packs) -> Option<Vec<Exported>> {
    let mut found = Vec::new();
    read(value, packs, DEPTH, &mut found).then_some(found)
}

/// Whether a page begins as one does that a platform or its program wrote as an export.
pub fn is_export_page(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    telegram_page::begins(&head) || facebook_page::begins(&head)
}

/// The posts of a page that [`is_export_page`] knows, in its order; none where it holds none after
/// all.
pub fn read_export_page(page: &str, packs: &Packs) -> Vec<Exported> {
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    let arena = parse(page, true, &mut notes);
    if telegram_page::begins(page) {
        telegram_page::read(&arena, packs, &mut found);
    } else {
        facebook_page::read(&arena, packs, &mut found);
    }
    for exported in &mut found {
        if let Exported::Post(exported) = exported {
            exported.post.found_at = vec![FoundAt::Dom];
        }
    }
    found.extend(notes.into_iter().map(|note| Exported::Bad(note.message)));
    found
}

/// The JSON of a file that wraps it in a script (`window.YTD.tweets.part0 = […]`).
pub fn unwrap_script(text: &str) -> &str {
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    let Some(rest) = trimmed.strip_prefix("window.YTD.") else { return text };
    rest.split_once('=').map_or(text, |(_, json)| json.trim().trim_end_matches(';'))
}

/// Reads a value by the first reader that knows it.
fn read(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    if found.len() >= MOST || depth == 0 {
        return false;
    }
    if let Value::Array(list) = value {
        return read_list(list, packs, depth, found);
    }
    if !value.is_object() {
        return false;
    }
    x_v2::read(value, packs, found)
        || x_v1::read(value, packs, depth, found)
        || telegram::read(value, packs, found)
        || bluesky::read(value, packs, depth, found)
        || activity::read(value, packs, depth, found)
        || mastodon::read(value, packs, found)
        || harvest::read(value, packs, depth, found)
        || harvest::oembed(value, found)
}

/// A list is an export where its first element is of one; what else stands in it is told.
fn read_list(list: &[Value], packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    let Some(first) = list.first() else { return false };
    if !read(first, packs, depth - 1, found) {
        return false;
    }
    for (index, element) in list.iter().enumerate().skip(1) {
        if !read(element, packs, depth - 1, found) {
            found.push(Exported::Bad(format!("element {} of the list is no post that is known", index + 1)));
        }
    }
    true
}

/// A string field that is not empty.
fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// A list field.
fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An id: a string, or a whole number as written.
fn id(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
