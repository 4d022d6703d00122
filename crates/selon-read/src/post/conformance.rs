//! twitter-text's own conformance cases (`extract.yml` in ../shared/data), where they are there.
//!
//! Replies and cash tags are not read at all, and of a list only its owner: those sections are
//! left out, as docs/formats/posts.md says. [`KNOWN`] lists what differs among the rest.

use selon_model::Span;

use super::address::find_addresses;
use super::token::{find_hashtags, find_mentions};
use crate::pack::Packs;

/// Cases that come out differently, and why.
const KNOWN: &[(&str, &str)] = &[];

const PATH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/inputs/twitter-text/extract.yml");

#[derive(Default)]
struct Case {
    section: String,
    description: String,
    text: String,
    expected: Vec<String>,
    indices: Vec<(usize, usize)>,
}

/// A quoted YAML string or a list of them.
fn strings(value: &str) -> Vec<String> {
    let mut json = String::new();
    let mut rest = value.trim();
    while let Some(at) = rest.find("\\U") {
        json.push_str(&rest[..at]);
        let code = u32::from_str_radix(&rest[at + 2..at + 10], 16).expect("eight digits");
        json.push(char::from_u32(code).expect("a code point"));
        rest = &rest[at + 10..];
    }
    json.push_str(rest);
    if json.starts_with('\'') {
        return vec![json.trim_matches('\'').to_owned()];
    }
    match serde_json::from_str::<serde_json::Value>(&json) {
        Ok(serde_json::Value::String(text)) => vec![text],
        Ok(serde_json::Value::Array(list)) => {
            list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => panic!("cannot read {value}"),
    }
}

fn cases(yaml: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut section = String::new();
    for line in yaml.lines() {
        let trimmed = line.trim();
        if line.starts_with("  ") && !line.starts_with("   ") && trimmed.ends_with(':') {
            section = trimmed.trim_end_matches(':').to_owned();
        } else if let Some(description) = trimmed.strip_prefix("- description:") {
            let description = strings(description).remove(0);
            cases.push(Case { section: section.clone(), description, ..Case::default() });
        } else if let Some(case) = cases.last_mut() {
            if let Some(text) = trimmed.strip_prefix("text:") {
                case.text = strings(text).remove(0);
            } else if let Some(list) = trimmed.strip_prefix("expected:") {
                if !list.trim().is_empty() {
                    case.expected = strings(list);
                }
            } else if let Some(list) = trimmed.trim_start_matches("- ").strip_prefix("indices:") {
                let numbers: Vec<usize> = serde_json::from_str(list.trim()).expect("two numbers");
                case.indices.push((numbers[0], numbers[1]));
            } else if let Some((key, value)) = trimmed.trim_start_matches("- ").split_once(": ")
                && matches!(key, "screen_name" | "hashtag" | "url")
            {
                case.expected.extend(strings(value));
            }
        }
    }
    cases
}

#[test]
fn twitter_text_cases_pass_or_are_listed() {
    let Ok(yaml) = std::fs::read_to_string(PATH) else {
        eprintln!("skipped: {PATH} is not there");
        return;
    };
    let endings = &Packs::embedded().post.endings;
    let (mut run, mut wrong) = (0, Vec::new());
    for case in cases(&yaml) {
        let text = case.text.as_str();
        let urls = find_addresses(text, endings);
        let spans: Vec<(Span, String)> = match case.section.as_str() {
            "mentions" | "mentions_with_indices" => {
                find_mentions(text, &[]).iter().map(|m| (m.span, m.value(text).to_owned())).collect()
            }
            "urls" | "urls_with_indices" | "urls_with_directional_markers" | "tco_urls_with_params" => {
                urls.iter().map(|url| (*url, url.of(text).to_owned())).collect()
            }
            section if section.starts_with("hashtags") => {
                find_hashtags(text, &urls).iter().map(|tag| (tag.span, tag.value(text).to_owned())).collect()
            }
            _ => continue,
        };
        run += 1;
        let values: Vec<&String> = spans.iter().map(|(_, value)| value).collect();
        let count = |at: usize| text[..at].chars().count();
        let indices: Vec<(usize, usize)> =
            spans.iter().map(|(span, _)| (count(span.from()), count(span.to()))).collect();
        let right = values == case.expected.iter().collect::<Vec<_>>()
            && (case.indices.is_empty() || indices == case.indices);
        let known = KNOWN.iter().any(|(description, _)| *description == case.description);
        if !right && !known {
            wrong
                .push(format!("{}: {}: {values:?}, not {:?}", case.section, case.description, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{} of {run}:\n{}", wrong.len(), wrong.join("\n"));
}
