//! The rows and cases of a pack, read: whether their examples come out with the value that they name,
//! and whether a case gives what is written below it.

use selon_model::{RuleId, Text, TimeFlag, TimeMention, When};

use crate::lex::Lexed;
use crate::pack::{Pack, Proof};

use super::pack::Example;
use super::{TimeContext, read_times};

/// The reports of all examples are of this day, a Wednesday.
pub(super) const PUBLISHED: &str = "2024-03-06";

/// Proves words, rules and holidays, and the cases beside them.
pub(crate) fn prove(pack: &Pack, proof: &mut Proof) {
    for example in &pack.time.examples {
        proof.rows += 1;
        prove_example(pack, example, proof);
    }
    prove_cases(pack, proof);
}

/// Cases of `time_cases.md`: a `published:` line, a sentence as a quotation (`> …`), then what it must
/// give: `- "words" VALUE [anchor=…] [mod=…] [from=…] [until=…] [edtf=…] [type=…]`, or `- nothing`.
fn prove_cases(pack: &Pack, proof: &mut Proof) {
    let mut day = None;
    let mut read: Vec<TimeMention> = Vec::new();
    let mut sentence = "";
    let mut asked = true;
    for line in pack.time_cases.lines().map(str::trim) {
        if let Some(stated) = line.strip_prefix("published:").map(str::trim) {
            day = match stated.parse() {
                Ok(day) => Some(When::day(day, RuleId::core("core.stated"))),
                Err(_) => None,
            };
            if day.is_none() && stated != "none" {
                proof.fault("time_cases.md", line, "neither a day (2024-03-06) nor none".to_owned());
            }
        } else if let Some(words) = line.strip_prefix("> ") {
            if !asked {
                proof.fault("time_cases.md", sentence, "asks for nothing below it".to_owned());
            }
            asked = false;
            proof.cases += 1;
            sentence = words;
            read = self::read(pack, words, day.clone()).into_iter().map(|(mention, _)| mention).collect();
        } else if line == "- nothing" {
            asked = true;
            if let Some(mention) = read.first() {
                proof.fault("time_cases.md", sentence, format!("must give nothing, gives {}", mention.value));
            }
        } else if let Some((words, rest)) = line.strip_prefix("- \"").and_then(|rest| rest.split_once('"')) {
            asked = true;
            if rest.trim().is_empty() {
                proof.fault("time_cases.md", sentence, format!("no value after {words:?}"));
            }
            let fields = read.iter().find(|mention| mention.span.of(sentence) == words).map(fields);
            let fields = fields.unwrap_or_default();
            for wanted in rest.split_whitespace() {
                if !fields.iter().any(|field| field == wanted) {
                    let all: Vec<&str> = read.iter().map(|mention| mention.span.of(sentence)).collect();
                    let what = format!("{words:?} lacks {wanted}: {fields:?} of {all:?}");
                    proof.fault("time_cases.md", sentence, what);
                }
            }
        } else if line.starts_with(['-', '>']) {
            proof.fault("time_cases.md", line, "neither a sentence nor what it gives".to_owned());
        }
    }
    if !asked {
        proof.fault("time_cases.md", sentence, "asks for nothing below it".to_owned());
    }
}

/// A mention as the words a case may ask for.
fn fields(mention: &TimeMention) -> Vec<String> {
    let mut all = vec![mention.value.clone(), format!("type={:?}", mention.kind).to_lowercase()];
    all.push(format!("anchor={:?}", mention.anchor).to_lowercase());
    let mut add = |name: &str, value: Option<String>| {
        all.push(format!("{name}={}", value.unwrap_or_else(|| String::from("null"))));
    };
    add("mod", mention.modifier.clone());
    add("edtf", mention.edtf.clone());
    add("from", mention.from.map(|at| at.to_string()));
    add("until", mention.until.map(|at| at.to_string()));
    add("quant", mention.quant.clone());
    let parts: Vec<&str> = mention.parts.iter().map(|part| part.value.as_str()).collect();
    add("parts", Some(parts.join(",")));
    add("also", Some(mention.alternatives.join(",")));
    if mention.flags.contains(&TimeFlag::WeekdayMismatch) {
        all.push(String::from("weekday_mismatch"));
    }
    if mention.flags.contains(&TimeFlag::ImpossibleDate) {
        all.push(String::from("impossible_date"));
    }
    all
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
