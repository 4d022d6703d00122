//! The reader's language: what the address says, else what the browser prefers.

use crate::page::{LANGUAGES, Words};

/// Labels for a request: `ui` of the address, else the first of our languages that the browser
/// asks for (RFC 9110, section 12.5.4), else English.
pub(super) fn words(ui: Option<&str>, accept: Option<&str>) -> &'static Words {
    let asked = ui.filter(|ui| LANGUAGES.contains(ui)).or_else(|| preferred(accept.unwrap_or("")));
    Words::of(asked.unwrap_or(LANGUAGES[0])).expect("LANGUAGES lists the languages there are words for")
}

fn preferred(accept: &str) -> Option<&'static str> {
    let mut best: Option<(f32, &'static str)> = None;
    for range in accept.split(',').take(32) {
        let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse().ok());
        let primary = tag.trim().split('-').next().unwrap_or("").to_ascii_lowercase();
        let known = LANGUAGES.iter().copied().find(|lang| *lang == primary);
        let (Some(weight), Some(lang)) = (weight, known) else { continue };
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_before_browser_before_english() {
        for (ui, accept, expected) in [
            (Some("ar"), Some("fr"), "ar"),
            (None, Some("fr-CA,fr;q=0.9,en;q=0.8"), "fr"),
            (None, Some("de,ar;q=0.5,en;q=0.4"), "ar"),
            (Some("xx"), Some("en;q=0.2, fr;q=0.7"), "fr"),
            (None, Some("fr;q=0, *"), "en"),
            (None, Some("fr;q=many"), "en"),
            (None, None, "en"),
        ] {
            assert_eq!(words(ui, accept).lang(), expected, "{ui:?} {accept:?}");
        }
    }
}
