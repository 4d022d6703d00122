//! What the names of elements and classes say about what they hold: votes, never verdicts.

use std::collections::HashMap;
use std::ops::{BitOr, BitOrAssign};

use crate::describe::PagePack;

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u32);

macro_rules! marks {
    ($($name:ident = $bit:expr, $word:expr;)*) => {
        impl Marks {
            $(pub(crate) const $name: Marks = Marks(1 << $bit);)*

            /// The mark of a name in `classes.tsv`.
            pub(crate) fn named(word: &str) -> Option<Marks> {
                match word {
                    $($word => Some(Marks::$name),)*
                    "none" => Some(Marks(0)),
                    _ => None,
                }
            }
        }
    };
}

marks! {
    COMMENTS = 0, "comments";
    RELATED = 1, "related";
    SHARE = 2, "share";
    NAVIGATION = 3, "navigation";
    INTERFACE = 4, "interface";
    COOKIE = 5, "cookie";
    AD = 6, "ad";
    NEWSLETTER = 7, "newsletter";
    PROMOTION = 8, "promotion";
    SIDEBAR = 9, "sidebar";
    FOOTER = 10, "footer";
    COPYRIGHT = 11, "copyright";
    TAGS = 12, "tags";
    BYLINE = 13, "byline";
    AUTHOR_BOX = 14, "author_box";
    DATELINE = 15, "dateline";
    CAPTION = 16, "caption";
    GALLERY = 17, "gallery";
    PAYWALL = 18, "paywall";
    HIDDEN = 19, "hidden";
    PULL_QUOTE = 20, "pull_quote";
    BODY = 21, "body";
    DECK = 22, "deck";
    TITLE = 23, "title";
    ARTICLE = 24, "article";
    MAIN = 25, "main";
    HEADER = 26, "header";
    FORM = 27, "form";
}

impl Marks {
    /// Those that say: not the article's own words.
    pub(crate) const FOREIGN: Marks = Marks(
        Self::COMMENTS.0
            | Self::RELATED.0
            | Self::SHARE.0
            | Self::NAVIGATION.0
            | Self::INTERFACE.0
            | Self::COOKIE.0
            | Self::AD.0
            | Self::NEWSLETTER.0
            | Self::PROMOTION.0
            | Self::SIDEBAR.0
            | Self::FOOTER.0
            | Self::COPYRIGHT.0
            | Self::TAGS.0
            | Self::BYLINE.0
            | Self::AUTHOR_BOX.0
            | Self::DATELINE.0
            | Self::PAYWALL.0
            | Self::FORM.0,
    );

    /// Whether one of `other` is in it.
    pub(crate) fn has(self, other: Marks) -> bool {
        self.0 & other.0 != 0
    }

    /// Those that are in both.
    pub(crate) fn and(self, other: Marks) -> Marks {
        Marks(self.0 & other.0)
    }

    /// Those that are not in `other`.
    pub(crate) const fn without(self, other: Marks) -> Marks {
        Marks(self.0 & !other.0)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Why a block so marked is left out: the most telling mark.
    pub(crate) fn reason(self) -> Option<&'static str> {
        const ORDER: &[(Marks, &str)] = &[
            (Marks::HIDDEN, "hidden"),
            (Marks::COMMENTS, "comments"),
            (Marks::COOKIE, "cookie"),
            (Marks::AD, "ad"),
            (Marks::NEWSLETTER, "newsletter"),
            (Marks::PAYWALL, "paywall"),
            (Marks::RELATED, "related"),
            (Marks::SHARE, "share"),
            (Marks::PROMOTION, "promotion"),
            (Marks::AUTHOR_BOX, "author_box"),
            (Marks::TAGS, "tags"),
            (Marks::BYLINE, "byline"),
            (Marks::DATELINE, "dateline"),
            (Marks::COPYRIGHT, "copyright"),
            (Marks::NAVIGATION, "navigation"),
            (Marks::FOOTER, "navigation"),
            (Marks::SIDEBAR, "related"),
            (Marks::INTERFACE, "interface"),
            (Marks::FORM, "interface"),
        ];
        ORDER.iter().find(|(mark, _)| self.has(*mark)).map(|(_, reason)| *reason)
    }
}

/// What classes say on one page, each told once: pages repeat few of them many times.
pub(crate) struct Classes<'p> {
    pack: &'p PagePack,
    attributes: HashMap<String, Marks>,
    classes: HashMap<String, Marks>,
}

impl<'p> Classes<'p> {
    pub(crate) fn new(pack: &'p PagePack) -> Self {
        Classes { pack, attributes: HashMap::default(), classes: HashMap::default() }
    }

    /// What the words of a class or id say: each word, and each two neighbours written as one.
    pub(crate) fn marks(&mut self, value: &str) -> Marks {
        if let Some(marks) = self.attributes.get(value) {
            return *marks;
        }
        let mut marks = Marks::default();
        // A blog's post carries what it is about in its classes: `hentry category-comment`.
        let post = value.contains("hentry") || value.contains("type-post");
        for class in value.split_ascii_whitespace().take(24) {
            let term = post && class.contains('-') && class != "entry-content";
            if class.len() > 80 || term {
                continue;
            }
            marks |= match self.classes.get(class) {
                Some(marks) => *marks,
                None => {
                    let marks = of_class(class, self.pack);
                    self.classes.insert(class.to_owned(), marks);
                    marks
                }
            };
        }
        if value.len() <= 400 {
            self.attributes.insert(value.to_owned(), marks);
        }
        marks
    }
}

fn of_class(class: &str, pack: &PagePack) -> Marks {
    // "hidden" in `label-hidden` or `hidden-xs` hides nothing: only a whole class does.
    let mut whole = String::with_capacity(class.len() + 1);
    whole.push('=');
    whole.extend(class.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    let mut marks = pack.marks(&whole[1..]).and(Marks::HIDDEN) | pack.marks(&whole);
    let mut before = String::new();
    let mut word = String::new();
    let mut small = false;
    for c in class.chars().chain(std::iter::once('-')) {
        let parts = !c.is_alphabetic() || (c.is_uppercase() && small);
        if parts && !word.is_empty() {
            marks |= pack.marks(&word).without(Marks::HIDDEN);
            before.push_str(&word);
            if before.len() > word.len() {
                marks |= pack.marks(&before).without(Marks::HIDDEN);
            }
            before.clear();
            std::mem::swap(&mut before, &mut word);
        }
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    marks
}

impl BitOr for Marks {
    type Output = Marks;

    fn bitor(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}

impl BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Marks) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    #[test]
    fn classes_are_cut_into_words() {
        let pack = &Packs::embedded().page;
        let check = |class: &str, marks: Marks| assert_eq!(Classes::new(pack).marks(class), marks, "{class}");
        check("col-8 relatedArticles", Marks::RELATED);
        check("entry-content", Marks::BODY);
        check("sharedaddy sd-sharing", Marks::SHARE);
        check("container x9", Marks::default());
        check("read-more", Marks::RELATED);
    }
}
