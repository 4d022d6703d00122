//! Where the body is: candidates and the rule that picks one.
//!
//! Each block is worth something: prose gives its length, links and short scraps cost. As blocks
//! stand in document order, the worth of a container is a difference of two sums, so all
//! containers of a page are candidates at the price of one pass. Elements and classes that name
//! a body are candidates of their own. No tag or class decides alone: a mark on a container that
//! holds most of the page's prose says nothing.

use super::marks::Marks;
use super::vouch::Vouched;
use super::walk::{Container, RawBlock, Shape, Walked};

/// The chosen region: a container and its blocks.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) container: usize,
    /// Its blocks.
    pub(crate) blocks: std::ops::Range<usize>,
    /// What its blocks are worth, and all positive blocks of the page.
    pub(crate) worth: f32,
    pub(crate) page_worth: f32,
    /// The page's data holds the whole body: what follows its end is not the report's.
    pub(crate) closed: bool,
    /// What is hidden counts as shown.
    pub(crate) shown: bool,
    /// What the containers' names say, where that is to be believed.
    pub(crate) own: Vec<Marks>,
}

/// Marks that speak against all text below.
const STRONG: Marks = Marks::FOREIGN.without(Marks::PAYWALL);

/// How far the page is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Belief {
    /// Names, classes and what is hidden.
    All,
    /// Names of elements and comments; other classes are not believed.
    Names,
    /// Nothing that is hidden is taken for hidden: a script would have shown it.
    Shown,
}

/// Finds the body; `None` where the page has no block at all. Where believing the classes leaves
/// next to nothing of the text below the title, they are not believed.
pub(crate) fn choose(walked: &Walked, title: Option<usize>, vouched: &Vouched) -> Option<Region> {
    let first = choose_believing(walked, title, Belief::All, vouched)?;
    if vouched.any() {
        return Some(first);
    }
    let below = |region: &Region| title.is_some_and(|title| region.blocks.end > title);
    // Right below the title, with a sentence or more: short, but the report's.
    let anchored = first.worth > 80.0
        && title.is_some_and(|title| title <= first.blocks.start && first.blocks.start - title <= 6);
    for belief in [Belief::Names, Belief::Shown] {
        let other = choose_believing(walked, title, belief, vouched)?;
        let much = other.worth > 2.5 * first.worth.max(1.0) && other.worth > 200.0;
        let around = other.blocks.start < first.blocks.end && first.blocks.start < other.blocks.end;
        if anchored && !around {
            continue;
        }
        // What is shown by a script alone was hidden, most of it.
        let hidden = walked.blocks[other.blocks.clone()].iter().filter(|block| block.hidden);
        let unveiled = hidden.map(|block| plain_worth(block).max(0.0)).sum::<f32>() * 2.0 > other.worth;
        if much
            && (first.worth < 300.0
                || (around && belief == Belief::Shown && (unveiled || other.container == first.container))
                || (below(&other) && !below(&first)))
        {
            return Some(other);
        }
    }
    Some(first)
}

fn choose_believing(
    walked: &Walked,
    title: Option<usize>,
    belief: Belief,
    vouched: &Vouched,
) -> Option<Region> {
    if walked.containers.is_empty() || walked.blocks.is_empty() {
        return None;
    }
    let plain: Vec<f32> = walked
        .blocks
        .iter()
        .map(|block| if block.hidden && belief != Belief::Shown { 0.0 } else { plain_worth(block) })
        .collect();
    let prose = sums(plain.iter().map(|worth| worth.max(0.0)));
    let mut own = believed(walked, &prose, title, belief);
    unmark_commentary(walked, &plain, &mut own);
    mark_teasers(walked, title, &mut own);
    let marks = inherited(walked, &own);
    let worth: Vec<f32> = walked
        .blocks
        .iter()
        .zip(&plain)
        .map(|(block, plain)| {
            marked_worth(*plain, marks.get(block.container as usize).copied().unwrap_or_default())
        })
        .collect();
    let worth = after_title(worth, title);
    let total = sums(worth.iter().copied());
    let of = |container: usize| {
        let container = &walked.containers[container];
        total[container.end as usize] - total[container.first as usize]
    };
    let good = sums(worth.iter().map(|worth| worth.max(0.0)));
    let prose_of = |container: usize| {
        let container = &walked.containers[container];
        good[container.end as usize] - good[container.first as usize]
    };
    let page_worth: f32 = worth.iter().map(|worth| worth.max(0.0)).sum();
    // The scored candidate: the container that is worth most; of equals the innermost.
    let mut best = 0;
    for container in 0..walked.containers.len() {
        if of(container) >= of(best) {
            best = container;
        }
    }
    // One that holds nearly all of it and less besides is better.
    let mut chosen = best;
    for container in best + 1..walked.containers.len() {
        let found = &walked.containers[container];
        if found.first >= walked.containers[best].end {
            break;
        }
        let inside =
            found.first >= walked.containers[chosen].first && found.end <= walked.containers[chosen].end;
        if inside
            && of(container) >= 0.9 * of(best)
            && !matches!(
                walked.blocks.get(found.first as usize).map(|block| block.shape),
                Some(Shape::Item(_))
            )
        {
            chosen = container;
        }
    }
    // The semantic candidate: a container that calls itself the body.
    let named = (0..walked.containers.len())
        .filter(|container| own[*container].has(Marks::BODY) && prose_of(*container) > 0.0)
        .max_by(|a, b| prose_of(*a).total_cmp(&prose_of(*b)).then(b.cmp(a)));
    if let Some(named) = named
        && prose_of(named) >= 0.7 * of(best)
    {
        chosen = named;
    }
    // Of several articles in the region, the one with the title is the page's.
    if let Some(title) = title {
        let range = walked.containers[chosen].first as usize..walked.containers[chosen].end as usize;
        let articles: Vec<usize> = (chosen + 1..walked.containers.len())
            .take_while(|container| (walked.containers[*container].first as usize) < range.end)
            .filter(|container| {
                walked.containers[*container].named.has(Marks::ARTICLE) && of(*container) > 150.0
            })
            .collect();
        let holds = |container: &usize| {
            let container = &walked.containers[*container];
            (container.first as usize..container.end as usize).contains(&title)
        };
        if let Some(first) = articles.iter().find(|article| holds(article)) {
            let others =
                articles.iter().any(|other| walked.containers[*other].first >= walked.containers[*first].end);
            if others && of(*first) >= 0.15 * of(chosen) {
                chosen = *first;
            }
        }
    }
    // Prose right below the title, in a container of its own, before another region of about the
    // same worth: a short report above longer ones.
    if let Some(title) = title
        && walked.containers[chosen].first as usize > title + 2
    {
        let end = walked.containers[chosen].first as usize;
        let between = good[end] - good[title];
        let nearer = (0..walked.containers.len())
            .filter(|number| {
                let container = &walked.containers[*number];
                container.end as usize <= end && container.end as usize > title
            })
            .max_by(|a, b| of(*a).total_cmp(&of(*b)).then(a.cmp(b)));
        // Two halves of one body stand side by side.
        let halves = |nearer: usize| {
            let (a, b) = (&walked.containers[nearer], &walked.containers[chosen]);
            a.parent == b.parent && a.signature == b.signature
        };
        // What calls itself the body and stands there is it, however long the imprint below is.
        let stated = |nearer: usize| {
            let outer = &walked.containers[nearer];
            (nearer..walked.containers.len())
                .take_while(|number| walked.containers[*number].first < outer.end)
                .any(|number| own[number].has(Marks::BODY) && of(number) >= 0.7 * of(nearer))
        };
        if let Some(nearer) = nearer
            && !halves(nearer)
            && of(nearer) >= 0.6 * between
            && ((of(nearer) >= 250.0 && of(chosen) < 2.5 * of(nearer))
                || (of(nearer) >= 100.0 && stated(nearer) && !own[chosen].has(Marks::BODY)))
        {
            chosen = nearer;
        }
    }
    let mut closed = false;
    if let Some(located) = located(walked, vouched) {
        unmark_vouched(walked, vouched, &mut own);
        let inside = |outer: &Container| {
            let inner = &walked.containers[located];
            outer.first <= inner.first && inner.end <= outer.end
        };
        let sums = vouched.sums(&walked.blocks);
        let vouched_for = sums.last().copied().unwrap_or(0) as f32;
        let held = inside(&walked.containers[chosen]);
        // Data may hold the first lines alone.
        closed = vouched.whole && vouched_for >= 0.6 * if held { of(chosen) } else { 0.0 };
        if closed {
            chosen = located;
        } else if !held {
            // The container around what is vouched for that is worth most.
            chosen = (0..=located)
                .filter(|number| inside(&walked.containers[*number]))
                .max_by(|a, b| of(*a).total_cmp(&of(*b)).then(a.cmp(b)))
                .unwrap_or(located);
        }
    }
    let found = &walked.containers[chosen];
    Some(Region {
        container: chosen,
        blocks: found.first as usize..found.end as usize,
        worth: of(chosen),
        page_worth,
        own,
        shown: belief == Belief::Shown,
        closed,
    })
}

/// Comments have links: to answer, to whoever wrote them. Where many blocks so marked hold nearly
/// all prose of the page and no link, they are a commentary, that of a match.
fn unmark_commentary(walked: &Walked, plain: &[f32], own: &mut [Marks]) {
    if !own.iter().any(|own| own.has(Marks::COMMENTS)) {
        return;
    }
    let marks = inherited(walked, own);
    let (mut all, mut inside, mut count) = (0.0, 0.0, 0);
    let (mut characters, mut links) = (0, 0);
    for (block, worth) in walked.blocks.iter().zip(plain) {
        all += worth.max(0.0);
        if marks.get(block.container as usize).is_some_and(|marks| marks.has(Marks::COMMENTS)) {
            inside += worth.max(0.0);
            count += u32::from(*worth > 0.0);
            characters += block.characters;
            links += block.link_characters;
        }
    }
    if count >= 10 && inside > 0.85 * all && links * 100 < characters {
        for own in own {
            *own = own.without(Marks::COMMENTS);
        }
    }
}

/// The located candidate: the innermost container with nearly all that the page's data vouches
/// for.
fn located(walked: &Walked, vouched: &Vouched) -> Option<usize> {
    if !vouched.any() {
        return None;
    }
    let sums = vouched.sums(&walked.blocks);
    let of = |container: &Container| sums[container.end as usize] - sums[container.first as usize];
    let all = *sums.last()?;
    (0..walked.containers.len()).rev().find(|number| of(&walked.containers[*number]) * 20 >= all * 19)
}

/// No mark of a container that holds a good part of what the data vouches for is believed.
fn unmark_vouched(walked: &Walked, vouched: &Vouched, own: &mut [Marks]) {
    let sums = vouched.sums(&walked.blocks);
    let all = sums.last().copied().unwrap_or(0);
    for (container, own) in walked.containers.iter().zip(own) {
        let inside = sums[container.end as usize] - sums[container.first as usize];
        if inside * 4 > all {
            *own = own.without(STRONG);
        }
    }
}

/// Prose above the title is seldom the report's, where there is enough below it.
fn after_title(mut worth: Vec<f32>, title: Option<usize>) -> Vec<f32> {
    let Some(title) = title else { return worth };
    let below: f32 = worth[title..].iter().map(|worth| worth.max(0.0)).sum();
    let above: f32 = worth[..title].iter().map(|worth| worth.max(0.0)).sum();
    if below > 300.0 && above < 3.0 * below {
        for worth in &mut worth[..title] {
            *worth = if *worth > 0.0 { *worth * 0.2 } else { *worth };
        }
    }
    worth
}

/// Marks the members of a list of teasers.
fn mark_teasers(walked: &Walked, title: Option<usize>, own: &mut [Marks]) {
    for container in teasers(walked, title) {
        own[container] |= Marks::RELATED;
    }
}

/// The members of lists of teasers, in document order: three or more like siblings in a row, each
/// with a linked headline and little prose.
pub(crate) fn teasers(walked: &Walked, title: Option<usize>) -> Vec<usize> {
    let is_teaser = |number: usize| {
        let container = &walked.containers[number];
        let range = container.first as usize..container.end as usize;
        if range.len() > 12 || range.is_empty() || title.is_some_and(|title| range.contains(&title)) {
            return false;
        }
        let blocks = &walked.blocks[range];
        let linked = blocks.iter().filter(|block| block.words >= 3 && block.link_density() > 0.8).count();
        let prose: u32 = blocks.iter().filter(|block| is_prose(block)).map(RawBlock::weight).sum();
        (1..=4).contains(&linked) && prose <= 500
    };
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); walked.containers.len()];
    for (number, container) in walked.containers.iter().enumerate() {
        if let Some(list) = children.get_mut(container.parent as usize) {
            list.push(number);
        }
    }
    let mut found = Vec::new();
    for siblings in &children {
        let mut at = 0;
        while at < siblings.len() {
            let like = walked.containers[siblings[at]].signature;
            let end = siblings[at..]
                .iter()
                .position(|other| walked.containers[*other].signature != like)
                .map_or(siblings.len(), |length| at + length);
            let group = &siblings[at..end];
            let teasers = group.iter().filter(|child| is_teaser(**child)).count();
            if teasers >= 3 && teasers * 4 >= group.len() * 3 {
                found.extend(group.iter().copied().filter(|child| is_teaser(*child)));
            }
            at = end;
        }
    }
    found.sort_unstable();
    found
}

/// What a block is worth by its text alone, in letters.
pub(crate) fn plain_worth(block: &RawBlock) -> f32 {
    let weight = block.weight() as f32;
    let links = block.link_density();
    let linked = -(12.0 + 0.3 * block.link_characters.min(120) as f32);
    match block.shape {
        Shape::Post(_) => 10.0,
        Shape::Heading(_) => {
            if links > 0.5 {
                linked
            } else {
                2.0
            }
        }
        _ if is_prose(block) => {
            let share = match block.shape {
                Shape::Item(_) => 0.6,
                Shape::Row(_) => 0.4,
                _ => 1.0,
            };
            weight.min(1500.0) * (1.0 - 1.6 * links).max(0.05) * share
        }
        // Menus seldom stand in `p`: such a block is a line of the text that is a link.
        _ if links > 0.4 && block.in_p => linked.max(-6.0),
        _ if links > 0.4 => linked,
        Shape::Row(_) | Shape::Item(_) | Shape::Lines => 0.0,
        _ => -6.0,
    }
}

/// Sentences, not labels: long enough, punctuated, not mostly links.
pub(crate) fn is_prose(block: &RawBlock) -> bool {
    if matches!(block.shape, Shape::Heading(_) | Shape::Post(_)) || block.link_density() > 0.5 {
        return false;
    }
    let weight = block.weight();
    let punctuated = block.sentence_ends > 0 || block.commas > 1;
    (weight >= 40 && punctuated && (block.words >= 7 || block.ideographs > 12))
        || (weight >= 100 && block.link_density() < 0.3)
}

fn marked_worth(plain: f32, marks: Marks) -> f32 {
    let strong = marks.and(STRONG);
    if plain <= 0.0 || strong.is_empty() {
        return plain;
    }
    if strong.has(Marks::COMMENTS) {
        return -0.3 * plain.min(300.0);
    }
    let decisive = Marks::RELATED
        | Marks::NAVIGATION
        | Marks::COOKIE
        | Marks::NEWSLETTER
        | Marks::FOOTER
        | Marks::SIDEBAR
        | Marks::AD
        | Marks::FORM
        | Marks::PROMOTION;
    if strong.has(decisive) { -0.05 * plain.min(300.0) } else { 0.5 * plain }
}

/// The containers' own marks without those that cannot be right: a container with most of the
/// page's prose is no sidebar, whatever it calls itself.
fn believed(walked: &Walked, prose: &[f32], title: Option<usize>, belief: Belief) -> Vec<Marks> {
    let all = prose.last().copied().unwrap_or(0.0);
    walked
        .containers
        .iter()
        .map(|container| {
            let inside = prose[container.end as usize] - prose[container.first as usize];
            let share = if all > 0.0 { inside / all } else { 0.0 };
            let headed = title
                .is_some_and(|title| (container.first as usize..container.end as usize).contains(&title));
            let own = match belief {
                Belief::All => container.own,
                _ => container.own.without(STRONG) | container.named | container.own.and(Marks::COMMENTS),
            };
            let foreign = own.and(STRONG | Marks::HIDDEN);
            let unlikely = !foreign.is_empty()
                && if foreign.has(Marks::COMMENTS) {
                    share > 0.85 || (share > 0.25 && headed)
                } else if container.named.has(Marks::FOOTER) {
                    // The element says what it is, and a short report stands above a long imprint.
                    headed && inside >= 100.0
                } else if container.named.has(Marks::FORM) {
                    // Whole pages stand in a form; one without the title asks for something.
                    share > 0.8 || (headed && inside >= 100.0)
                } else {
                    share > 0.5 || (headed && inside >= 100.0)
                };
            if unlikely { own.without(STRONG) } else { own }
        })
        .collect()
}

/// Own marks joined with those of all containers above.
pub(crate) fn inherited(walked: &Walked, own: &[Marks]) -> Vec<Marks> {
    let mut marks: Vec<Marks> = Vec::with_capacity(own.len());
    for (container, own) in walked.containers.iter().zip(own) {
        let above = marks.get(container.parent as usize).copied().unwrap_or_default();
        marks.push(above | *own);
    }
    marks
}

fn sums(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut total = 0.0;
    let mut sums = vec![0.0];
    for value in values {
        total += value;
        sums.push(total);
    }
    sums
}
