//! What a text opens with: the names of its first sentence. The same words around other names tell
//! of something else.

use std::collections::BTreeSet;

use selon_model::Span;

use crate::Input;
use crate::claim::first_sentence;
use crate::origin::NAMES_NOT_SHOWN;
use crate::sketch::{Sketch, fold, hash};

/// The opening of one text.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    lang: Option<String>,
    /// Capitalised words of the first sentence, folded, by hash; its first word and the words of
    /// outlets' names left out, and all of them where capitals tell no names.
    names: Vec<u64>,
    /// All words of the text, folded, by hash, each once, sorted.
    words: Vec<u64>,
}

/// The openings of `inputs`; `sketches` are theirs.
pub(crate) fn openings(inputs: &[Input<'_>], sketches: &[Sketch]) -> Vec<Opening> {
    let names = inputs.iter().filter_map(|input| input.report.outlet.as_ref()?.name.as_deref());
    let outlets: BTreeSet<u64> = names
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .map(|word| hash(fold(word).as_bytes()))
        .collect();
    inputs.iter().zip(sketches).map(|(input, sketch)| Opening::of(input, sketch, &outlets)).collect()
}

impl Opening {
    fn of(input: &Input<'_>, sketch: &Sketch, outlets: &BTreeSet<u64>) -> Self {
        let string = &input.report.text.string;
        let first = first_sentence(string);
        let in_first = sketch.tokens.iter().zip(&sketch.spans).take_while(|(_, span)| span.end <= first.end);
        let is_name = |span: &Span| span.of(string).chars().next().is_some_and(char::is_uppercase);
        let in_first: Vec<(&u64, &Span)> = in_first.collect();
        // A headline all in capitals, a language that does not show its names.
        let lang = input.report.language.tag.as_ref().map(|tag| tag.to_string());
        let capitals = in_first.iter().filter(|(_, span)| is_name(span)).count();
        let hidden = lang.as_deref().is_some_and(|lang| NAMES_NOT_SHOWN.contains(&lang))
            || capitals * 2 > in_first.len();
        let of_names =
            in_first.iter().skip(1).filter(|(token, span)| is_name(span) && !outlets.contains(token));
        let names = of_names.filter(|_| !hidden).map(|(token, _)| **token).collect();
        let mut words = sketch.tokens.clone();
        words.sort_unstable();
        words.dedup();
        Opening { lang, names, words }
    }

    /// Whether each opens with names of which the other does not have half, in one language.
    pub(crate) fn is_apart(&self, other: &Opening) -> bool {
        let lacks = |one: &Opening, other: &Opening| {
            let lacking = one.names.iter().filter(|name| other.words.binary_search(name).is_err()).count();
            lacking > 0 && lacking * 2 >= one.names.len()
        };
        self.lang == other.lang && lacks(self, other) && lacks(other, self)
    }
}
