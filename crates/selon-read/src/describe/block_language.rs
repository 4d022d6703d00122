//! Languages of blocks: a quotation, a caption or a statement in another language than its page.
//!
//! A block has a language of its own only where its words clearly say so; where they do not, it
//! has none of its own, and inherits that of the page.

use selon_model::{Block, Lang};

use super::language::{is_plainly, script_of_text, tell_beside};

/// Fewer letters than this say nothing of a language of the page's own script.
const LEAST: usize = 20;
/// Fewer than this say nothing of one of another script: a name, a word that is spoken of.
const LEAST_OF_SCRIPT: usize = 12;
/// Characters that are looked at first: nearly all blocks are in the page's language.
const GLANCE: usize = 80;
/// Characters that settle what the first glance makes doubtful.
const LOOK: usize = 400;
/// Below this the page's language is kept. Tuned on nothing: in doubt a block says nothing.
const SURE: f32 = 0.9;
const SURE_OF_SCRIPT: f32 = 0.5;

/// Gives each block that clearly differs from the page its language.
pub(crate) fn mark_blocks<'b>(text: &str, blocks: impl Iterator<Item = &'b mut Block>, page: Option<&Lang>) {
    let Some(page) = page else { return };
    for block in blocks {
        block.lang = of_block(block.span.of(text), page);
    }
}

/// The language of a block, where it clearly is not that of the page.
fn of_block(words: &str, page: &Lang) -> Option<Lang> {
    let glance = beginning(words, GLANCE);
    let letters = glance.chars().filter(|c| c.is_alphabetic()).count();
    if letters < LEAST_OF_SCRIPT {
        return None;
    }
    let script = script_of_text(glance);
    let foreign = script.is_some() && script != super::language::script_of(page.as_str());
    if letters < LEAST && !foreign {
        return None;
    }
    if is_plainly(glance, page) {
        return None;
    }
    let (tag, _) = tell_beside(glance, page)?;
    if tag == *page {
        return None;
    }
    let (tag, confidence) = tell_beside(beginning(words, LOOK), page)?;
    let enough = if foreign { SURE_OF_SCRIPT } else { SURE };
    (tag != *page && confidence >= enough).then_some(tag)
}

fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, page: &str, expected: Option<&str>) {
        let page = Lang::new(page).expect("a tag");
        assert_eq!(of_block(words, &page).as_ref().map(Lang::as_str), expected, "{words}");
    }

    #[test]
    fn blocks_in_another_language_say_so() {
        check("لن نترك بيوتنا حتى يعود آخر طفل إلى القرية", "fr", Some("ar"));
        check("We will not leave our houses before the last child is back.", "ar", Some("en"));
        check("We will not leave our houses before the last child is back.", "fr", Some("en"));
        check("Мы не оставим наши дома, пока не вернётся последний ребёнок.", "uk", Some("ru"));
        check("No dejaremos nuestras casas hasta que vuelva el último niño del pueblo.", "fr", Some("es"));
    }

    #[test]
    fn in_doubt_a_block_says_nothing() {
        check("Nous ne quitterons pas nos maisons avant le retour du dernier enfant.", "fr", None);
        check("Radio Merek International", "fr", None);
        check("«دمشق»", "fr", None);
        check("12 345", "fr", None);
        check("", "fr", None);
        check("Der Bürgermeister von Olsk", "fr", None);
    }
}
