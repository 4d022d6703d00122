//! A post of an export as a page of its own: its words are the text, its
//! time the day of publication; who wrote it, the post itself says. From there it is read like a post in any page.

use selon_model::{Block, BlockKind, EmbeddedPost, FoundAt, LanguageOf, Text};

use crate::export::ExportedPost;
use crate::page::Page;

/// Media type of what a post of an export stood in.
fn media_type(post: &EmbeddedPost) -> &'static str {
    if post.found_at.contains(&FoundAt::Dom) { "text/html" } else { "application/json" }
}

pub(crate) fn page_of(exported: &ExportedPost) -> Page {
    let ExportedPost { words, title, post, edited, notes } = exported;
    let block =
        post.span.map(|span| Block { kind: BlockKind::Post, span, lang: None, entry: None, source: None });
    let text = Text { string: words.clone(), blocks: block.into_iter().collect() };
    let mut page = Page::of(media_type(post), text);
    page.url.clone_from(&post.url);
    page.title.clone_from(title);
    page.title_from = title.as_ref().map(|_| "post".to_owned());
    page.language = LanguageOf {
        tag: post.language.clone(),
        confidence: if post.language.is_some() { 0.9 } else { 0.0 },
        from: "text".to_owned(),
    };
    page.published.clone_from(&post.posted);
    page.modified.clone_from(edited);
    page.notes.clone_from(notes);
    page.posts.push(post.clone());
    page
}
