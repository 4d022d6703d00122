//! The cases of the packs, and what must never happen.

use proptest::prelude::*;
use selon_model::{Figure, Lang, Text};

use crate::pack::{Packs, cases};

#[test]
fn languages_have_cases() {
    for (lang, least) in [("fr", 60), ("en", 60), ("ar", 5), ("es", 20), ("de", 20), ("ru", 20), ("uk", 20)] {
        let pack = Packs::embedded().pack(&Lang::new(lang).expect("a language tag")).expect("a pack");
        let count = cases(&pack.figure_cases, "figure ").len();
        assert!(count >= least, "{count} sentences in {lang}");
    }
}

fn read(lang: &str, words: &str) -> (Text, Vec<Figure>) {
    let packs = Packs::embedded();
    let pack = packs.pack(&Lang::new(lang).expect("a language tag")).expect("a pack");
    super::prove::read(packs, pack, words)
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,300}") {
        for lang in ["fr", "en", "ar"] {
            let (text, figures) = read(lang, &text);
            for figure in figures {
                prop_assert!(text.string.get(figure.span.range()).is_some());
                for number in &figure.number {
                    prop_assert!(text.string.get(number.range()).is_some());
                }
            }
        }
    }

    #[test]
    fn never_panics_on_figure_words(words in prop::collection::vec(prop::sample::select(vec![
        "12", "17", "dix", "mille", "de", "à", "entre", "et", "passé de", "plus de", "morts", "blessés", "civils",
        "dont", "la moitié", "des", "sur", "%", "$", "ont été tués", ",", ".", "en", "24", "heures", "dernières",
        "aucun", "une", "vingtaine", "millions", "-", "(", ")", "bilan", "ans", "autres", "«", "»",
    ]), 0..40)) {
        read("fr", &words.join(" "));
        read("en", &words.join(" "));
    }
}
