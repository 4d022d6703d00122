//! Posts in text that lost its markup: the gold pages made into text in four ways while this
//! runs, nothing of it kept. A post counts where its signature outlived the way.
//!
//! - `stripped`: every text of the tree without the white space at its ends, one behind the other;
//! - `content`: what `textContent` gives, with no separator but the page's own white space;
//! - `blocks`: a line a block, as in a WET file of a web crawl;
//! - `paragraphs`: what stands in paragraphs, list items, headings and quotations, as of an
//!   extractor.
//!
//! And pages of the data folder that hold no mark of any embed: whatever is found there is false.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use rayon::prelude::*;
use selon_model::{DamageKind, EmbeddedPost, Report, Span};
use selon_read::{Media, Packs};

use crate::Scores;
use crate::post_gold::{GoldPost, fingerprint, pages};
use crate::posts::read_one;
use crate::scores::share;

/// How a page became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Stripped,
    Content,
    Blocks,
    Paragraphs,
}

const WAYS: &[(&str, Way)] = &[
    ("stripped", Way::Stripped),
    ("content", Way::Content),
    ("blocks", Way::Blocks),
    ("paragraphs", Way::Paragraphs),
];

/// Pages without embeds that are looked at.
const CLEAN_PAGES: usize = 200;
/// Marks that an embed of a post or video leaves in a page.
const MARKS: &[&str] = &[
    "/status/",
    "/statuses/",
    "twitter-tweet",
    "tweet-id",
    "tweetid",
    "instagram-media",
    "amp-instagram",
    "instagram.com/p/",
    "instagram.com/reel",
    "fb-post",
    "fb-video",
    "plugins/post.php",
    "plugins/video.php",
    "tiktok",
    "youtube.com/embed",
    "youtube-nocookie",
    "youtube.com/v/",
    "dailymotion",
    "vimeo",
    "telegram",
    "t.me/",
    "reddit",
    "bsky",
    "mastodon",
    "vk.com",
    "pic.twitter.com",
];

/// Scores the remnants of the gold pages and the pages without embeds.
pub(crate) fn score(data: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let pages = pages(data)?;
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for (name, way) in WAYS {
        let read = pages.par_iter().map(|(page, bytes)| {
            let text = text_of(&String::from_utf8_lossy(bytes), *way);
            let report = read_one(text.string.as_bytes(), Media::Plain, packs)?;
            Ok((page, survivors(&page.posts, &text.string), text, report))
        });
        let read: Vec<_> = read.collect::<Result<_>>()?;
        let mut scores = Scores::new("posts", format!("remnants/{name}"));
        let mut counts = Counts::default();
        for (page, gold, text, report) in &read {
            counts.add(&page.page, gold, text, report, &mut scores);
            counts.leave_shared(&page.posts, report);
        }
        counts.set(&mut scores);
        out.push(scores.sorted());
    }
    out.push(score_clean(data, packs)?);
    Ok(out)
}

#[derive(Default)]
struct Counts {
    gold: usize,
    read: usize,
    hits: usize,
    signed: usize,
    bodies: usize,
    /// Cuts expected, those of them put in, and those in either list.
    cuts: usize,
    cuts_both: usize,
    cuts_either: usize,
}

impl Counts {
    fn add(&mut self, page: &str, gold: &[&GoldPost], text: &PageText, report: &Report, out: &mut Scores) {
        let posts = &report.posts;
        let pairs = pair(gold, posts);
        self.gold += gold.len();
        self.read += posts.len();
        for (gold, found) in gold.iter().zip(&pairs) {
            let id = format!("{page} {} {}", gold.handle.as_deref().unwrap_or("-"), gold.id);
            let Some(post) = found.map(|at| &posts[at]) else {
                out.case(id, -1.0, "not found");
                continue;
            };
            self.hits += 1;
            let day = post.posted.as_ref().and_then(|when| when.date()).map(|day| day.to_string());
            let signed = day == gold.day;
            self.signed += usize::from(signed);
            let words = post.text.map_or("", |body| body.of(&text.string));
            let body = fingerprint(words) == gold.text;
            self.bodies += usize::from(body);
            let (expected, cuts) = (text.cuts(post.text), cuts_of(post));
            let both = expected.iter().filter(|cut| cuts.contains(cut)).count();
            self.cuts += expected.len();
            self.cuts_both += both;
            self.cuts_either += expected.len() + cuts.len() - both;
            if !signed || both < expected.len().max(cuts.len()) || !body {
                let right = [signed, body, expected == cuts].iter().filter(|right| **right).count();
                let what = format!(
                    "day {} for {}; body {}; cuts {cuts:?} for {expected:?}; {words}",
                    day.as_deref().unwrap_or("-"),
                    gold.day.as_deref().unwrap_or("-"),
                    if body { "right" } else { "wrong" },
                );
                out.case(id, share(right, 3), what);
            }
        }
        for (_, post) in posts.iter().enumerate().filter(|(at, _)| !pairs.contains(&Some(*at))) {
            let what = format!("false: {}", post.span.map_or("", |span| span.of(&text.string)));
            out.case(page, -1.0, what);
        }
    }

    /// Posts of Instagram that the gold of the page has too are neither gold here nor false: their
    /// line survives without an address or a day by which they would be paired.
    fn leave_shared(&mut self, page: &[GoldPost], report: &Report) {
        let known = |handle: &str| {
            let handle = fingerprint(handle);
            handle.is_some() && page.iter().any(|post| post.platform == "instagram" && post.handle == handle)
        };
        let found = report.posts.iter().filter(|post| post.platform == "instagram");
        self.read -= found.filter(|post| post.author.handle.as_deref().is_some_and(known)).count();
    }

    fn set(&self, out: &mut Scores) {
        out.n = self.gold;
        out.set("recall", share(self.hits, self.gold));
        out.set("precision", share(self.hits, self.read));
        out.set("handle_and_day", share(self.signed, self.gold));
        out.set("body", share(self.bodies, self.gold));
        out.set("cuts_n", self.cuts as f64);
        out.set("cuts", share(self.cuts_both, self.cuts_either));
    }
}

/// Letters of a display name that are looked at before a handle.
const NAME: usize = 60;

/// The posts of X whose name and handle stand in the text, as often as they do. The gold knows
/// both by their fingerprints only.
fn survivors<'g>(gold: &'g [GoldPost], text: &str) -> Vec<&'g GoldPost> {
    let plain: String = text.split_whitespace().collect();
    let mut kept: Vec<&GoldPost> = Vec::new();
    for post in gold.iter().filter(|post| post.day_from.as_deref() == Some("shown") && post.platform == "x") {
        if post.handle.is_none() || post.name.is_none() {
            continue;
        }
        let signed = plain.match_indices("(@").filter(|(at, _)| is_signed(&plain, *at, post)).count();
        if kept.iter().filter(|other| other.handle == post.handle).count() < signed {
            kept.push(post);
        }
    }
    kept
}

/// Whether the name and handle of a post stand around the `(@` at `at`.
fn is_signed(plain: &str, at: usize, post: &GoldPost) -> bool {
    let Some((handle, _)) = plain[at + 2..].split_once(')') else { return false };
    fingerprint(handle) == post.handle
        && plain[..at]
            .char_indices()
            .rev()
            .take(NAME)
            .any(|(from, _)| fingerprint(&plain[from..at]) == post.name)
}

/// By handle: first those with the same words, then those with the same day, then the rest.
fn pair(gold: &[&GoldPost], read: &[EmbeddedPost]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; gold.len()];
    let mut taken = vec![false; read.len()];
    for by_day in [true, false] {
        for (pair, gold) in pairs.iter_mut().zip(gold).filter(|(pair, _)| pair.is_none()) {
            let fits = |post: &EmbeddedPost| {
                let day = post.posted.as_ref().and_then(|when| when.date()).map(|day| day.to_string());
                post.author.handle.as_deref().and_then(fingerprint) == gold.handle
                    && (!by_day || day == gold.day)
            };
            *pair = (0..read.len()).find(|&at| !taken[at] && fits(&read[at]));
            if let Some(at) = *pair {
                taken[at] = true;
            }
        }
    }
    pairs
}

fn cuts_of(post: &EmbeddedPost) -> Vec<usize> {
    let glued = post.damage.iter().filter(|damage| damage.kind == DamageKind::Glued);
    let mut cuts: Vec<usize> = glued.flat_map(|damage| damage.cuts.iter().map(|cut| *cut as usize)).collect();
    cuts.sort_unstable();
    cuts
}

fn score_clean(data: &Path, packs: &Packs) -> Result<Scores> {
    let mut files = Vec::new();
    for folder in ["extraction", "pages"] {
        collect(&data.join(folder), &mut files)?;
    }
    let clean: Vec<(PathBuf, String)> = files
        .into_par_iter()
        .filter_map(|path| {
            let page = String::from_utf8_lossy(&crate::rows::bytes(&path).ok()?).into_owned();
            let lower = page.to_ascii_lowercase();
            (!MARKS.iter().any(|mark| lower.contains(mark))).then_some((path, page))
        })
        .collect();
    let step = (clean.len() / CLEAN_PAGES).max(1);
    let mut out = Scores::new("posts", "clean");
    let chosen: Vec<&(PathBuf, String)> = clean.iter().step_by(step).take(CLEAN_PAGES).collect();
    let found: Vec<Vec<Report>> = chosen
        .par_iter()
        .map(|(_, page)| {
            let mut reports = vec![read_one(page.as_bytes(), Media::Html, packs)?];
            for (_, way) in WAYS {
                reports.push(read_one(text_of(page, *way).string.as_bytes(), Media::Plain, packs)?);
            }
            Ok(reports)
        })
        .collect::<Result<_>>()?;
    out.n = chosen.len();
    let mut false_posts = 0;
    let mut right = 0;
    for ((path, _), reports) in chosen.iter().zip(&found) {
        let posts: Vec<&EmbeddedPost> = reports.iter().flat_map(|report| &report.posts).collect();
        false_posts += posts.len();
        right += usize::from(posts.is_empty());
        if let Some(post) = posts.first() {
            let id = path.strip_prefix(data).unwrap_or(path).to_string_lossy().into_owned();
            let handle = post.author.handle.as_deref().unwrap_or("-");
            out.case(id, -(posts.len() as f64), format!("{} {handle}", post.platform));
        }
    }
    out.set("false_posts", false_posts as f64);
    out.set("none_where_none_is", share(right, chosen.len()));
    Ok(out.sorted())
}

/// The pages below a folder, by path.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            collect(&path, files)?;
        } else if name.trim_end_matches(".gz").ends_with(".html") && !name.starts_with("expected") {
            files.push(path);
        }
    }
    Ok(())
}

/// A page's text, and the links inside the embed codes of X.
#[derive(Clone, Debug, Default)]
struct PageText {
    string: String,
    anchors: Vec<Span>,
}

impl PageText {
    /// Where the markup parted what now touches, inside `body`: before a tag or address that
    /// follows a letter or digit, before a mention that follows another link, and behind an
    /// address that a letter or digit follows. A mention behind a plain word is left as it is.
    fn cuts(&self, body: Option<Span>) -> Vec<usize> {
        let Some(body) = body else { return Vec::new() };
        let joins = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_alphanumeric());
        let mut cuts = Vec::new();
        for anchor in self.anchors.iter().filter(|anchor| body.contains(**anchor)) {
            let words = anchor.of(&self.string);
            let behind_link = || self.anchors.iter().any(|other| other.to() == anchor.from());
            let token = words.starts_with('#') || (words.starts_with('@') && behind_link());
            let address = words.starts_with("http") || words.starts_with("pic.");
            let (before, after) = (&self.string[..anchor.from()], &self.string[anchor.to()..]);
            let touches = joins(before.chars().next_back());
            if touches && (token || address) && anchor.from() > body.from() {
                cuts.push(anchor.from());
            }
            if address && joins(after.chars().next()) && anchor.to() < body.to() {
                cuts.push(anchor.to());
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }
}

/// A page's text, a line a block, as WET files have it.
pub(crate) fn remnant(page: &str) -> String {
    text_of(page, Way::Blocks).string
}

/// Makes text of a page.
fn text_of(page: &str, way: Way) -> PageText {
    let sink = Sink { way, state: RefCell::default() };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(page));
    while let html5ever::TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    tokenizer.sink.state.take().text
}

#[derive(Default)]
struct State {
    text: PageText,
    /// Name of the element whose words are none of the page's.
    skipped: Option<String>,
    /// Quotations that are open, and whether each is an embed code of X.
    quotes: Vec<bool>,
    /// Paragraphs and their like that are open.
    inside: usize,
    anchor: Option<usize>,
    /// Words since the last tag.
    pending: String,
}

struct Sink {
    way: Way,
    state: RefCell<State>,
}

impl Sink {
    fn open(&self, state: &mut State, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        match name {
            "script" => {
                state.skipped = Some(name.to_owned());
                return TokenSinkResult::RawData(RawKind::ScriptData);
            }
            "style" | "iframe" | "noscript" | "noembed" | "noframes" | "xmp" => {
                state.skipped = Some(name.to_owned());
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            "textarea" | "title" => {
                state.skipped = (name == "textarea").then(|| name.to_owned());
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "svg" | "template" if !tag.self_closing => {
                state.skipped.get_or_insert_with(|| name.to_owned());
            }
            "a" => state.anchor = Some(state.text.string.len()),
            _ => {}
        }
        if name == "blockquote" {
            let class = tag.attrs.iter().find(|attribute| &*attribute.name.local == "class");
            state.quotes.push(class.is_some_and(|class| class.value.contains("twitter-")));
        }
        self.part(state, name);
        state.inside += usize::from(is_paragraph(name));
        TokenSinkResult::Continue
    }

    fn close(&self, state: &mut State, name: &str) {
        if name == "a"
            && let Some(start) = state.anchor.take()
            && state.quotes.contains(&true)
        {
            let words = Span::new(start, state.text.string.len()).trimmed(&state.text.string);
            state.text.anchors.push(words);
        }
        if name == "blockquote" {
            state.quotes.pop();
        }
        self.part(state, name);
        state.inside = state.inside.saturating_sub(usize::from(is_paragraph(name)));
    }

    /// A new line where the way makes one.
    fn part(&self, state: &mut State, name: &str) {
        let parts = matches!(self.way, Way::Blocks | Way::Paragraphs) && (name == "br" || is_block(name));
        if parts && !state.text.string.ends_with('\n') {
            let length = state.text.string.trim_end_matches(' ').len();
            state.text.string.truncate(length);
            state.text.string.push('\n');
        }
    }

    /// The words between two tags.
    fn flush(&self, state: &mut State) {
        let words = std::mem::take(&mut state.pending);
        if self.way == Way::Paragraphs && state.inside == 0 {
            return;
        }
        let text = &mut state.text.string;
        if self.way == Way::Stripped {
            let words: Vec<&str> = words.split_ascii_whitespace().collect();
            text.push_str(&words.join(" "));
            return;
        }
        for c in words.chars() {
            if !c.is_ascii_whitespace() {
                text.push(c);
            } else if self.way == Way::Content && c == '\n' {
                if text.ends_with(' ') {
                    text.pop();
                }
                if !text.ends_with('\n') {
                    text.push('\n');
                }
            } else if !text.ends_with([' ', '\n']) {
                text.push(' ');
            }
        }
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        if matches!(token, Token::TagToken(_) | Token::EOFToken) {
            self.flush(&mut state);
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag && state.skipped.is_none() => {
                return self.open(&mut state, &tag);
            }
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => match &state.skipped {
                Some(skipped) if **skipped == *tag.name => state.skipped = None,
                Some(_) => {}
                None => self.close(&mut state, &tag.name),
            },
            Token::CharacterTokens(words) if state.skipped.is_none() => state.pending.push_str(&words),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn is_paragraph(name: &str) -> bool {
    matches!(name, "p" | "li" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_block(name: &str) -> bool {
    is_paragraph(name)
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "body"
                | "dd"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figcaption"
                | "figure"
                | "footer"
                | "form"
                | "header"
                | "hr"
                | "html"
                | "main"
                | "nav"
                | "ol"
                | "pre"
                | "section"
                | "table"
                | "tbody"
                | "td"
                | "th"
                | "tr"
                | "title"
                | "ul"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<title>T</title><div>Vor.<script>x<y</script></div><blockquote class=\"twitter-tweet\"><p>Am \
        Kai<a href=\"h\">#Vernak</a><a href=\"t\">https://t.co/QFaenMtoF7</a><br>Ja</p>&mdash; Ana (@ana) <a \
        href=\"s\">March 4, 2021</a></blockquote><p>Nach.</p>";

    fn check(way: Way, expected: &str, cuts: &[usize]) {
        let text = text_of(PAGE, way);
        assert_eq!(text.string.trim(), expected);
        let body = Span::new(0, text.string.find('—').expect("a signature"));
        assert_eq!(text.cuts(Some(body)), cuts);
    }

    #[test]
    fn four_ways_to_text() {
        let stripped = "TVor.Am Kai#Vernakhttps://t.co/QFaenMtoF7Ja— Ana (@ana)March 4, 2021Nach.";
        check(Way::Stripped, stripped, &[11, 18, 41]);
        let content = "TVor.Am Kai#Vernakhttps://t.co/QFaenMtoF7Ja— Ana (@ana) March 4, 2021Nach.";
        check(Way::Content, content, &[11, 18, 41]);
        let blocks = "T\nVor.\nAm Kai#Vernakhttps://t.co/QFaenMtoF7\nJa\n— Ana (@ana) March 4, 2021\nNach.";
        check(Way::Blocks, blocks, &[13, 20]);
        let paragraphs = "Am Kai#Vernakhttps://t.co/QFaenMtoF7\nJa\n— Ana (@ana) March 4, 2021\nNach.";
        let text = text_of(PAGE, Way::Paragraphs);
        assert_eq!(text.string.trim(), paragraphs);
    }
}
