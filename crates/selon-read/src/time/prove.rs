//! The rows of a pack, read: whether their examples come out with the value that they name.

use selon_model::{RuleId, Text, TimeMention, When};

use crate::lex::Lexed;
use crate::pack::{Pack, Proof};

use super::pack::Example;
use super::{TimeContext, read_times};

/// The reports of all examples are of this day, a Wednesday.
pub(super) const PUBLISHED: &str = "2024-03-06";

/// Proves words, rules and holidays.
pub(crate) fn prove(pack: &Pack, proof: &mut Proof) {
    for example in &pack.time.examples {
        proof.rows += 1;
        prove_example(pack, example, proof);
    }
}

/// One of the sentences must give the row's value, those after `!` nothing.
fn prove_example(pack: &Pack, example: &Example, proof: &mut Proof) {
    let day = PUBLISHED.parse().expect("the day above is one");
    let published = || When::day(day, RuleId::core("core.stated"));
    for sentence in example.sentences.split('|').map(str::trim).filter(|sentence| !sentence.is_empty()) {
        if let Some(sentence) = sentence.strip_prefix('!') {
            if let Some((mention, _)) = read(pack, sentence, Some(published())).first() {
                proof.fault(&example.id, sentence, format!("must give nothing, gives {}", mention.value));
            }
            continue;
        }
        let read = read(pack, sentence, Some(published()));
        let value = example.expect.as_str();
        let right = read.iter().any(|(mention, rules)| {
            let parts = mention.parts.iter().map(|part| &part.value);
            let has_value = std::iter::once(&mention.value).chain(parts).any(|read| read == value);
            has_value && (!example.is_rule || rules.contains(&example.id))
        });
        if !right {
            let values: Vec<String> =
                read.iter().map(|(mention, rules)| format!("{} {rules:?}", mention.value)).collect();
            proof.fault(&example.id, sentence, format!("must give {value}, gives {values:?}"));
        }
    }
}

/// Mentions with the rules that took part.
pub(super) fn read(pack: &Pack, sentence: &str, published: Option<When>) -> Vec<(TimeMention, Vec<String>)> {
    let text = Text { string: sentence.to_owned(), blocks: Vec::new() };
    let lexed = Lexed::of(&text, &pack.lex);
    read_times(&TimeContext { text: &text, lexed: &lexed, pack, published: published.as_ref(), posts: &[] })
}
