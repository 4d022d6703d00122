//! Pages that hold no article and say so: an error, a wall of consent or of payment, a check for
//! robots. A short page only, of whose article the data says nothing.

use super::head::Head;
use super::json_ld;
use super::pack::PagePack;
use crate::extract::walk::{Shape, Walked};
use crate::words::fold;

/// More letters of prose than this are no notice.
const LONGEST: u32 = 900;
/// Blocks whose beginning is looked at.
const BLOCKS: usize = 12;

/// What a page is that holds no article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    Error,
    Consent,
    Paywall,
    Check,
}

impl Notice {
    /// The word of `no_article.tsv`.
    pub(crate) fn named(word: &str) -> Option<Notice> {
        Some(match word {
            "error" => Notice::Error,
            "consent" => Notice::Consent,
            "paywall" => Notice::Paywall,
            "check" => Notice::Check,
            _ => return None,
        })
    }

    /// The code of the note, what it says, and why the blocks are left out.
    pub(crate) fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Notice::Error => ("error_page", "the site says that there is no such page", "interface"),
            Notice::Consent => ("consent_page", "the site asks for consent first: no article here", "cookie"),
            Notice::Paywall => {
                ("paywall_page", "the site asks for payment: no text of the article", "paywall")
            }
            Notice::Check => ("check_page", "the site asks who is there: no article here", "interface"),
        }
    }
}

/// What the page says it is instead of an article. `prose`: letters of what would be kept.
pub(crate) fn find_notice(head: &Head, walked: &Walked, prose: u32, pack: &PagePack) -> Option<Notice> {
    let tells =
        |object: &serde_json::Value| json_ld::is_article(object) && object.get("datePublished").is_some();
    if prose > LONGEST || head.data.iter().any(tells) {
        return None;
    }
    let dated = head.metas.iter().any(|(name, _)| pack.date_key(name).is_some_and(|key| key.trust >= 0.8));
    let shown = walked.blocks.iter().filter(|block| !block.hidden && block.words > 0);
    let (headings, lines): (Vec<_>, Vec<_>) =
        shown.take(BLOCKS).partition(|block| matches!(block.shape, Shape::Heading(_)));
    // A title speaks of the page; a first line speaks of it where no title of a report stands above.
    let titles = head.title.iter().map(|title| fold(title));
    let titles = titles.chain(headings.iter().map(|block| fold(block.text(walked))));
    let by_title = titles.filter_map(|title| pack.notice(&title, true)).next();
    let lines = lines.iter().take(4).map(|block| fold(block.text(walked)));
    let by_line = lines.filter_map(|line| pack.notice(&line, false)).next();
    match (by_title, by_line) {
        (Some(notice), _) if !dated => Some(notice),
        (_, Some(notice @ (Notice::Paywall | Notice::Consent | Notice::Check))) => Some(notice),
        (_, Some(notice)) if !dated => Some(notice),
        _ => None,
    }
}
