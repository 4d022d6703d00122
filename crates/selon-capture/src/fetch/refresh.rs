//! A page that sends its reader on by itself (`<meta http-equiv="refresh">`): a redirect in HTML.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use url::Url;

/// Seconds after which a page is read before it is left: such a page is one.
const SOON: u32 = 10;

/// Where the page at `base` sends its reader on to, if it does so soon. A page that loads itself
/// again does not, nor one that does it only where scripts are off: it has its content in itself.
pub fn refresh_of(html: &str, base: &Url) -> Option<Url> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let Sink { base: other, content, .. } = tokenizer.sink;
    let content = content.into_inner()?;
    let base_of_page = other.into_inner().and_then(|other| base.join(other.trim()).ok());
    let mut url = base_of_page.as_ref().unwrap_or(base).join(address_of(&content)?).ok()?;
    url.set_fragment(None);
    let mut here = base.clone();
    here.set_fragment(None);
    (matches!(url.scheme(), "http" | "https") && url != here).then_some(url)
}

/// The address in `3; url='next'` (HTML, 4.2.5.3), if its time comes soon.
fn address_of(content: &str) -> Option<&str> {
    let content = content.trim_start();
    let digits = content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len());
    let (time, rest) = content.split_at(digits);
    let starts_so = !time.is_empty() || rest.starts_with('.');
    let soon = time.is_empty() || time.parse::<u32>().is_ok_and(|seconds| seconds <= SOON);
    if !starts_so || !soon {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start();
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start();
    let named = rest.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("url"));
    let value = named.then(|| rest[3..].trim_start().strip_prefix('=')).flatten();
    let address = value.unwrap_or(rest).trim();
    let address = match address.chars().next() {
        Some(quote @ ('"' | '\'')) => address[1..].split(quote).next().unwrap_or(""),
        _ => address,
    };
    (!address.is_empty()).then_some(address)
}

#[derive(Default)]
struct Sink {
    base: RefCell<Option<String>>,
    content: RefCell<Option<String>>,
    without_scripts: RefCell<bool>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        let opens = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "noscript" => *self.without_scripts.borrow_mut() = opens,
            "script" if opens => return TokenSinkResult::RawData(RawKind::ScriptData),
            "style" if opens => return TokenSinkResult::RawData(RawKind::Rawtext),
            "base" if opens => first(&self.base, || get(&tag, "href")),
            "meta" if opens && !*self.without_scripts.borrow() => {
                let refreshes = get(&tag, "http-equiv").is_some_and(|it| it.eq_ignore_ascii_case("refresh"));
                first(&self.content, || get(&tag, "content").filter(|_| refreshes));
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn first(cell: &RefCell<Option<String>>, value: impl FnOnce() -> Option<String>) {
    let mut cell = cell.borrow_mut();
    if cell.is_none() {
        *cell = value();
    }
}

fn get(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: Option<&str>) {
        let base = Url::parse("https://a.test/dir/page").unwrap();
        let found = refresh_of(html, &base);
        assert_eq!(found.as_ref().map(Url::as_str), expected, "{html}");
    }

    #[test]
    fn where_a_page_sends_on_to() {
        let next = Some("https://a.test/dir/next");
        check("<meta http-equiv=refresh content='0;url=next'>", next);
        check("<META HTTP-EQUIV=\"Refresh\" CONTENT=\"3; URL='next'\">", next);
        check("<meta http-equiv=refresh content='.5, url = \"next\" x'>", next);
        check("<meta http-equiv=refresh content='0 next'>", next);
        check("<base href=/x/><meta http-equiv=refresh content='0;next'>", Some("https://a.test/x/next"));
        check("<meta http-equiv=refresh content='0;url=https://b.test/#x'>", Some("https://b.test/"));
        check("<meta http-equiv=refresh content='300;url=next'>", None);
        check("<meta http-equiv=refresh content='0'>", None);
        check("<meta http-equiv=refresh content='0;url=page#x'>", None);
        check("<meta http-equiv=refresh content='0;url=javascript:x'>", None);
        check("<meta http-equiv=refresh content='soon;url=next'>", None);
        check("<noscript><meta http-equiv=refresh content='0;url=next'></noscript>", None);
        check("<script>'<meta http-equiv=refresh content=\"0;url=next\">'</script>", None);
        check("<!-- <meta http-equiv=refresh content='0;url=next'> -->", None);
        check("<meta name=refresh content='0;url=next'>", None);
    }
}
