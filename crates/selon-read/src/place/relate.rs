//! What the words between two names say: that one holds the other, or that they stand in one list.

use selon_model::RuleId;

use super::judge::KNOWN;
use super::pack::HeadKind;
use super::recognise::Mention;
use super::scan::{Renown, Scan, Tags};
use super::unlisted::after_linking;

const CONTAINER: RuleId = RuleId::core("core.place.container");
const LIST: RuleId = RuleId::core("core.place.list");

// Swept by hand on geovirus; round on purpose.
const IN_CONTAINER: f32 = 2.0;
const IN_LIST: f32 = 0.6;

/// Pairs "X, Y" and "X (Y)", and members of one list.
pub(super) fn relate(scan: &Scan<'_>, mentions: &mut [Mention]) {
    for index in 1..mentions.len() {
        let (left, right) = mentions.split_at_mut(index);
        let (Some(left), Some(right)) = (left.last_mut(), right.first_mut()) else { continue };
        if left.demonym || right.demonym || left.found.is_none() && right.found.is_none() {
            continue;
        }
        let words = right.from.saturating_sub(left.to);
        let between = scan.text.get(left.span.to()..right.span.from()).unwrap_or("");
        if words > 5 || between.len() > 40 {
            continue;
        }
        let gap = between.trim();
        let beside = words == 0 && matches!(gap, "," | "(" | "،");
        // "In Ohio", "in southern Ohio".
        let mut last = right.from.saturating_sub(1);
        while last > left.to
            && scan.tags_at(last).has(Tags::PREMODIFIER)
            && !scan.ends[last].has(Tags::PREP_STRONG)
        {
            last -= 1;
        }
        let inside =
            (1..=3).contains(&words) && scan.ends[last].has(Tags::PREP_STRONG) && !between.contains('.');
        // "Tripoli, au Liban", "Tripoli, northern Lebanon", "Tripoli, the port city in north Lebanon":
        // nothing but nouns of places, directions and what links them.
        let comma = between.starts_with([',', '،']) && words > 0 && !between.contains('.');
        let both = |at: usize| scan.tags_at(at).or(scan.ends[at]);
        let links = |at: usize| both(at).has(Tags::PREP_STRONG) || both(at).has(Tags::OF);
        let describes = |at: usize| {
            let tags = both(at);
            let plain = !tags.has(Tags::PREP_WEAK) && !tags.has(Tags::LIST);
            tags.has(Tags::ARTICLE)
                || tags.has(Tags::HEAD)
                || tags.has(Tags::GEOGRAPHIC)
                || tags.has(Tags::PREMODIFIER) && plain
        };
        let apposed = comma && {
            let mut last = right.from - 1;
            while last > left.to && describes(last) && !links(last) {
                last -= 1;
            }
            (left.to..right.from).all(|at| links(at) || describes(at))
                && (links(last) || (left.to..right.from).all(|at| describes(at) && !scan.capital(at)))
        };
        // "Le quartier d'Achrafieh de Beyrouth".
        let part_of = words == 1
            && left.found.is_none()
            && left.head == Some(HeadKind::Neighbourhood)
            && scan.ends[left.to].has(Tags::PREP_WEAK)
            && !scan.ends[left.to].has(Tags::LIST);
        // "The Zamalka suburb of Damascus".
        let of = (2..=3).contains(&words)
            && left.found.is_none()
            && scan.ends[right.from - 2].has(Tags::HEAD)
            && after_linking(scan, right.from - 2) == Some(right.from);
        // "The Paris suburb of Saint-Denis".
        let owner = words == 2
            && scan.tags_at(left.to).has(Tags::HEAD)
            && (scan.tags_at(left.to + 1).has(Tags::OF) || after_linking(scan, left.to) == Some(right.from))
            && !between.contains([',', '.']);
        if owner && left.found.is_some() && left.head.is_none() {
            right.container = Some(index - 1);
        }
        // "Mogadishu's Hodan district".
        if right.found.is_none() && matches!(gap, "'s" | "’s") {
            right.container = Some(index - 1);
        }
        if beside || inside || of || apposed || part_of {
            left.container = Some(index);
            left.bracketed = words == 0
                && gap == "("
                && !right.part_of_name
                && scan.text[right.span.to()..].starts_with(')');
            if beside && right.score >= KNOWN[Renown::State as usize] {
                left.score += IN_CONTAINER;
                left.evidence.push(CONTAINER);
            }
        }
        let conjoined = words == 1 && scan.tags_at(right.from - 1).has(Tags::LIST);
        if conjoined || (words == 0 && matches!(gap, "," | "،")) {
            for mention in [left, right] {
                mention.score += IN_LIST;
                mention.evidence.push(LIST);
            }
        }
    }
}
