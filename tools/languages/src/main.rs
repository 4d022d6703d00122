//! Makes the table by which languages are told apart (`packs/page/ngrams.tsv`).
//!
//! In: the folders of lingua's language models (crates `lingua-*-language-model`, Apache-2.0,
//! fetched by `cargo fetch`; their path is the first argument). Each holds the logarithm of how
//! likely a letter is after one to four others. Out: for each script the n-grams, up to four
//! letters, that tell its languages apart best, with one sign a language; and frequent words,
//! counted in the sentences that come with the models.
//!
//! `languages MODELS OUT`

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use fst::Streamer;

const SCRIPTS: &[(&str, usize, &[(&str, &str)])] = &[
    (
        "latin",
        22_000,
        &[
            ("en", "english"),
            ("fr", "french"),
            ("es", "spanish"),
            ("de", "german"),
            ("pt", "portuguese"),
            ("it", "italian"),
            ("ca", "catalan"),
            ("nl", "dutch"),
            ("pl", "polish"),
            ("ro", "romanian"),
            ("tr", "turkish"),
        ],
    ),
    (
        "cyrillic",
        9_000,
        &[
            ("ru", "russian"),
            ("uk", "ukrainian"),
            ("be", "belarusian"),
            ("bg", "bulgarian"),
            ("sr", "serbian"),
        ],
    ),
    ("arabic", 5_000, &[("ar", "arabic"), ("fa", "persian"), ("ur", "urdu")]),
];

/// What a letter costs that a language never has in this place, beside the shorter n-gram.
const UNSEEN: f64 = -2.3;
const FLOOR: f64 = -12.0;
/// Steps of a sign.
const SCALE: f64 = 7.5;
const WORDS: usize = 260;

type Model = HashMap<Vec<char>, f64>;

fn load(models: &Path, name: &str) -> Model {
    let path = models.join(format!("lingua-{name}-language-model-1.3.0/models/ngrams.fst"));
    let map = fst::Map::new(std::fs::read(&path).expect("the models are there")).expect("a map");
    let mut stream = map.stream();
    let mut out = Model::new();
    while let Some((key, value)) = stream.next() {
        let letters: Vec<char> = std::str::from_utf8(key).expect("text").chars().collect();
        if letters.len() <= 4 {
            out.insert(letters, f64::from_bits(value));
        }
    }
    out
}

/// How likely the last letter is after the others; where that was never seen, after fewer.
fn value(model: &Model, ngram: &[char]) -> f64 {
    let mut cost = 0.0;
    let mut rest = ngram;
    loop {
        if let Some(found) = model.get(rest) {
            return (cost + found).max(FLOOR);
        }
        if rest.len() == 1 {
            return FLOOR;
        }
        cost += UNSEEN;
        rest = &rest[1..];
    }
}

fn joint(model: &Model, ngram: &[char]) -> f64 {
    (1..=ngram.len()).map(|end| model.get(&ngram[..end]).copied().unwrap_or(FLOOR)).sum::<f64>().exp()
}

fn signs(values: &[f64]) -> String {
    values.iter().map(|value| (33 + (-value.max(FLOOR) * SCALE).round() as u8) as char).collect()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let models = arguments.next().expect("folder of the models");
    let out = arguments.next().expect("file to write");
    let models = Path::new(&models);
    let mut text = String::from(
        "# N-grams that tell languages of one script apart; made by tools/languages from lingua's models\n\
         # (https://github.com/pemistahl/lingua-rs, Apache-2.0, Peter M. Stahl). A line \"@ script languages\"\n\
         # opens a script. n-gram: the last letter after the others, =word: a whole word. signs: one a\n\
         # language, from ! (certain) on; a step is 1/7.5 of a natural logarithm.\n\
         ngram\tsigns\n",
    );
    for (script, rows, languages) in SCRIPTS {
        let loaded: Vec<Model> = languages.iter().map(|(_, name)| load(models, name)).collect();
        let tags: Vec<&str> = languages.iter().map(|(tag, _)| *tag).collect();
        let _ = writeln!(text, "@ {script}\t{}", tags.join(" "));
        let mut kept: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut weighed: Vec<(f64, Vec<char>)> = Vec::new();
        let mut seen: std::collections::HashSet<&Vec<char>> = std::collections::HashSet::new();
        for model in &loaded {
            for ngram in model.keys() {
                if !seen.insert(ngram) {
                    continue;
                }
                if ngram.len() == 1 {
                    if loaded.iter().any(|model| model.get(ngram).is_some_and(|value| *value > -9.0)) {
                        let values = loaded.iter().map(|model| value(model, ngram)).collect();
                        kept.insert(ngram.iter().collect(), values);
                    }
                    continue;
                }
                let often =
                    loaded.iter().map(|model| joint(model, ngram)).sum::<f64>() / loaded.len() as f64;
                if often < 1e-7 {
                    continue;
                }
                let gains: Vec<f64> =
                    loaded.iter().map(|model| value(model, ngram) - value(model, &ngram[1..])).collect();
                let mean = gains.iter().sum::<f64>() / gains.len() as f64;
                let spread = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / gains.len() as f64;
                weighed.push((often * spread.sqrt(), ngram.clone()));
            }
        }
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        for (_, ngram) in weighed.iter().take(*rows) {
            let values = loaded.iter().map(|model| value(model, ngram)).collect();
            kept.insert(ngram.iter().collect(), values);
        }
        for (ngram, values) in &kept {
            let _ = writeln!(text, "{ngram}\t{}", signs(values));
        }
        // Words.
        let mut counts: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut totals = vec![0.0; languages.len()];
        for (number, (_, name)) in languages.iter().enumerate() {
            let path = models.join(format!("lingua-{name}-language-model-1.3.0/testdata/sentences.txt"));
            let sentences = std::fs::read_to_string(path).expect("the sentences are there").to_lowercase();
            for word in sentences.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
                counts.entry(word.to_owned()).or_insert_with(|| vec![0.0; languages.len()])[number] += 1.0;
                totals[number] += 1.0;
            }
        }
        let mut words: Vec<(f64, &String)> = counts
            .iter()
            .filter(|(word, _)| word.chars().count() <= 8)
            .map(|(word, counts)| {
                let most = counts.iter().zip(&totals).map(|(count, total)| count / total);
                (most.fold(0.0, f64::max), word)
            })
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut frequent: Vec<&String> =
            words.iter().take(WORDS * languages.len()).map(|(_, word)| *word).collect();
        frequent.sort();
        for word in frequent {
            let values: Vec<f64> = counts[word]
                .iter()
                .zip(&totals)
                .map(|(count, total)| ((count + 0.4) / (total + 400.0)).ln())
                .collect();
            let most = values.iter().copied().fold(f64::MIN, f64::max);
            let values: Vec<f64> = values.iter().map(|value| value - most).collect();
            let _ = writeln!(text, "={word}\t{}", signs(&values));
        }
    }
    std::fs::write(out, text).expect("the file is written");
}
