//! The rows of a pack that are about places, each read on its example: a name must be found by
//! its row, without a cue or ending the sentence must read otherwise, and without a stop word it
//! must have one place more.

use selon_model::Place;

use super::pack::{Example, PlacePack, PlaceRow};
use super::{PlaceContext, find_without};
use crate::pack::{Pack, Packs, Proof, text_of};

/// Proves cues, stop words, endings, names and adjectives of places.
pub(crate) fn prove(packs: &Packs, pack: &Pack, proof: &mut Proof) {
    for example in &pack.place.examples {
        proof.rows += 1;
        let id = id_of(&pack.place, example);
        for sentence in example.sentences.split('|').map(str::trim).filter(|sentence| !sentence.is_empty()) {
            let (words, silent) = match sentence.strip_prefix('!') {
                Some(words) => (words.trim(), true),
                None => (sentence, false),
            };
            let text = text_of(words);
            let context = PlaceContext { text: &text, pack, packs, outlet: None };
            let (read, _) = find_without(&context, None);
            let takes_part = match example.row {
                PlaceRow::Name(_) => read.iter().any(|place| place.rule.as_str() == id),
                row @ PlaceRow::Stop(_) => {
                    let (all, _) = find_without(&context, Some(row));
                    all.iter().any(|other| read.iter().all(|place| place.span != other.span))
                }
                row => read != find_without(&context, Some(row)).0,
            };
            if takes_part == silent {
                let must = if silent { "must do nothing" } else { "must take part" };
                proof.fault(id, sentence, format!("{must}; read: {}", shown(&read, words)));
            }
        }
    }
}

fn id_of<'p>(pack: &'p PlacePack, example: &Example) -> &'p str {
    match example.row {
        PlaceRow::Cue(at) => pack.cues[at].rule.as_str(),
        PlaceRow::Stop(at) => pack.stops[at].rule.as_str(),
        PlaceRow::Ending(at) => pack.endings[at].rule.as_str(),
        PlaceRow::Name(at) => pack.names[at].rule.as_str(),
    }
}

fn shown(places: &[Place], words: &str) -> String {
    let one = |place: &Place| {
        let name = place.choice().map_or("no place", |choice| choice.name.as_str());
        format!("{} = {name} ({})", place.span.of(words), place.rule.as_str())
    };
    if places.is_empty() {
        "nothing".to_owned()
    } else {
        places.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}
