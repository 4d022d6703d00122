//! What stands before the first sentence of a paragraph and is no part of it: the day of publication,
//! a dateline without its dash, the credit of a picture.
//!
//! Texts of pages, and rows of corpora, come with such words glued to the prose: "Published April 6 2017
//! Syrian activists say …", "ALEPPO Two people were hurt", "… (Agency Photo) Ten civilians were killed".

use selon_model::{Place, Reading, Text, TimeMention};

use crate::lex::{LexPack, Lexed, TokenKind};

/// Words of a credit in brackets, in tokens.
const LONGEST_CREDIT: usize = 8;
/// Words of a day that no rule reads, in tokens.
const UNREAD_DAY: usize = 4;
/// Sentences of a block that may be preambles: title, day, place.
const MOST: usize = 4;

/// Ends a sentence after each preamble.
pub(crate) fn part(lexed: &mut Lexed, text: &Text, times: &[TimeMention], places: &[Place], pack: &LexPack) {
    let preambles: Vec<Vec<String>> = pack.preambles.iter().map(|words| Lexed::form(words, pack)).collect();
    let mut cuts = Vec::new();
    let mut block_of_last = None;
    let mut opened = 0;
    for sentence in lexed.sentences() {
        let Some(first) = lexed.tokens().get(sentence.start) else { continue };
        let block = text.block_at(first.span.start).map(|block| block.span.start);
        opened = if block == block_of_last { opened + 1 } else { 0 };
        block_of_last = block;
        if opened < MOST {
            // A day, then a place, each at most once.
            let day = day_end(lexed, times, &preambles, sentence.clone());
            let at = day.unwrap_or(sentence.start);
            let place = place_end(lexed, text, places, at..sentence.end);
            cuts.extend([day, place].into_iter().flatten());
        }
        let titled = is_titled(lexed, sentence.clone());
        cuts.extend(sentence.clone().filter(|&at| ends_credit(lexed, text, pack, at)).map(|at| at + 1));
        let opens = |at: &usize| !titled && *at > sentence.start && opens_sentence(lexed, text, pack, *at);
        cuts.extend(sentence.clone().filter(opens));
    }
    cuts.sort_unstable();
    lexed.end_sentences_at(&cuts);
}

/// "… former ambassador | According to the official …", "DAMASCUS (Agency) | The army said": a word that
/// is written small within a sentence has a capital, and a small word after it.
fn opens_sentence(lexed: &Lexed, text: &Text, pack: &LexPack, at: usize) -> bool {
    let tokens = lexed.tokens();
    let (Some(before), Some(token), Some(next)) = (tokens.get(at - 1), tokens.get(at), tokens.get(at + 1))
    else {
        return false;
    };
    let word = |token: &crate::lex::Token| token.kind == TokenKind::Word && !token.capital && token.spaced;
    let apart = before.kind == TokenKind::Word || matches!(lexed.folded(at - 1), ")" | "]");
    // No "IT department", no "Plan A".
    let written = text.words(token.span).chars().nth(1).is_some_and(char::is_lowercase);
    written
        && token.capital
        && token.spaced
        && apart
        && word(next)
        && pack.openers.iter().any(|opener| opener == lexed.folded(at))
}

/// Most words of a sentence have capitals: capitals say nothing.
fn is_titled(lexed: &Lexed, sentence: std::ops::Range<usize>) -> bool {
    let words = lexed.tokens()[sentence].iter().filter(|token| token.kind == TokenKind::Word);
    let (capital, all) =
        words.fold((0, 0), |(capital, all), token| (capital + usize::from(token.capital), all + 1));
    capital * 2 > all
}

/// Prose begins at a token: a capital or a number, right after a space.
fn begins(lexed: &Lexed, at: usize, end: usize) -> bool {
    at < end
        && lexed
            .tokens()
            .get(at)
            .is_some_and(|token| token.spaced && (token.capital || token.kind == TokenKind::Digits))
}

/// "Published April 6 2017 | Syrian activists …", "18-11-2016 | Six people …": a day with its year.
fn day_end(
    lexed: &Lexed,
    times: &[TimeMention],
    preambles: &[Vec<String>],
    sentence: std::ops::Range<usize>,
) -> Option<usize> {
    let phrase = |form: &Vec<String>| {
        let fits = form.iter().enumerate().all(|(step, word)| lexed.folded(sentence.start + step) == word);
        fits.then_some(form.len())
    };
    let words = preambles.iter().filter_map(phrase).max().unwrap_or(0);
    let start = sentence.start + words;
    let opens = lexed.tokens().get(start).filter(|_| start < sentence.end)?.span.start;
    let at = times.partition_point(|time| time.span.start < opens);
    let tokens = lexed.tokens();
    let time = times.get(at).filter(|time| time.span.start == opens);
    if words > 0 && time.is_none_or(|time| time.value.contains('X')) {
        // "Last updated at Oct 042017": no date that is one, and no prose.
        let near = start..sentence.end.min(start + UNREAD_DAY);
        let digits = near.rev().find(|&token| tokens[token].kind == TokenKind::Digits)?;
        return begins(lexed, digits + 1, sentence.end).then_some(digits + 1);
    }
    let time = time?;
    let stated =
        time.anchor == selon_model::Anchor::None && time.value.len() >= 10 && !time.value.contains('X');
    let mut end =
        start + tokens[start..sentence.end].partition_point(|token| token.span.end <= time.span.end);
    // The clock, and the mark after it.
    while end < sentence.end && words > 0 && tokens[end].kind == TokenKind::Digits {
        end += 1;
    }
    let marked = end < sentence.end && matches!(lexed.folded(end), "|" | "-" | "–" | "—" | "•");
    end += usize::from(marked);
    (stated && begins(lexed, end, sentence.end)).then_some(end)
}

/// "BEIRUT | A Russian air strike …": a place in capitals, and prose that is none.
fn place_end(
    lexed: &Lexed,
    text: &Text,
    places: &[Place],
    sentence: std::ops::Range<usize>,
) -> Option<usize> {
    let tokens = lexed.tokens();
    let opens = tokens.get(sentence.start)?.span.start;
    let at = places.partition_point(|place| place.span.start < opens);
    let place = places.get(at).filter(|place| place.span.start == opens)?;
    let end =
        sentence.start + tokens[sentence.clone()].partition_point(|token| token.span.end <= place.span.end);
    let upper = |words: &str| words.chars().count() > 3 && !words.chars().any(char::is_lowercase);
    let next = tokens.get(end).filter(|_| end < sentence.end)?;
    let fits = place.reading == Reading::Literal
        && upper(text.words(place.span))
        && next.kind == TokenKind::Word
        && !upper(text.words(next.span));
    (fits && begins(lexed, end, sentence.end)).then_some(end)
}

/// "(Agency Photo) | Ten civilians": the bracket that closes the credit of a picture.
fn ends_credit(lexed: &Lexed, text: &Text, pack: &LexPack, at: usize) -> bool {
    if lexed.folded(at) != ")" || pack.credits.is_empty() || !begins(lexed, at + 1, lexed.len()) {
        return false;
    }
    let tokens = lexed.tokens();
    let same_line = !text.string[tokens[at].span.to()..tokens[at + 1].span.from()].contains('\n');
    let inside =
        (at.saturating_sub(LONGEST_CREDIT)..at).rev().take_while(|&token| lexed.folded(token) != "(");
    same_line && inside.into_iter().any(|token| pack.credits.iter().any(|word| word == lexed.folded(token)))
}

#[cfg(test)]
mod tests {
    use selon_model::{Lang, RuleId, When};

    use crate::pack::Packs;

    fn said(lang: &str, text: &str) -> Vec<String> {
        let published = When::day("2024-03-06".parse().expect("a day"), RuleId::core("core.stated"));
        let report =
            crate::read_text(text, &Lang::new(lang).expect("a tag"), Some(&published), Packs::embedded());
        let words = |span| report.text.words(span);
        let one = |statement: &selon_model::Statement| {
            let source = statement.source.as_ref().map_or("-", |source| words(source.span));
            let content: Vec<&str> = statement.content.iter().map(|piece| words(*piece)).collect();
            format!("{source}: {}", content.join(" … "))
        };
        report.statements.iter().map(one).collect()
    }

    #[test]
    fn preambles_are_no_part_of_what_is_said() {
        let cases = [
            (
                "en",
                "Published April 6 2017 Syrian activists say the group has killed 33 men.",
                "Syrian activists: the group has killed 33 men",
            ),
            (
                "en",
                "Last updated at Oct 04 2017 BEIRUT A Russian air strike killed 38 civilians a monitor said.",
                "a monitor: A Russian air strike killed 38 civilians",
            ),
            (
                "en",
                "A man rides a bicycle past a fire (Agency Photo) Ten civilians were killed according to local sources.",
                "local sources: Ten civilians were killed",
            ),
            (
                "fr",
                "Publié le 6 avril 2017 Dix civils ont été tués, selon des militants.",
                "des militants: Dix civils ont été tués",
            ),
            (
                "en",
                "Smoke over the town DAMASCUS The army said the road was open.",
                "The army: the road was open",
            ),
            (
                "en",
                "Former US Ambassador According to the official the road is open.",
                "the official: the road is open",
            ),
            // A day that belongs to its sentence.
            ("en", "On 6 April 2017 Russia said the road was open.", "Russia: the road was open"),
            ("en", "USAID said the road was open.", "USAID: the road was open"),
        ];
        for (lang, text, expected) in cases {
            assert_eq!(said(lang, text), [expected], "{text}");
        }
    }
}
