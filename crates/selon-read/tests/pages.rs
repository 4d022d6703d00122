//! Pages: where their words stand in the document, live entries, saved pages, hostile markup.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use selon_model::{BlockKind, PageType, Report};
use selon_read::{Document, Media, Packs, read, read_layout};

fn read_bytes(payload: &[u8]) -> Report {
    let document = Document { payload, media: Media::Html, ..Document::default() };
    read_layout(&document, Packs::embedded()).remove(0)
}

const LEAD: &str = "The old bridge across the Tolva was closed on Monday, and the two villages on the far side were cut off.";
const SECOND: &str =
    "Engineers said that the piers had moved by “four centimetres”, and that it would take weeks & money.";
const THIRD: &str =
    "Nobody was hurt, the mayor said, but the school bus had crossed it an hour before the warning came.";

fn article(paragraphs: &[&str]) -> String {
    let body: Vec<String> =
        paragraphs.iter().map(|words| format!("<p>{}</p>", words.replace('&', "&amp;"))).collect();
    format!(
        "<!doctype html><html><head><title>Bridge closed</title></head><body><nav><a href=/>Home</a></nav>\
         <article><h1>Bridge closed after piers move</h1>{}</article></body></html>",
        body.join("\n")
    )
}

/// What a range of a page says, by an independent reading: tags out, references undone.
fn words_of(html: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            c if !in_tag => out.push(c),
            _ => {}
        }
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&eacute;", "é");
    out.replace("&#8211;", "–").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every block's words are those of its bytes in the document.
fn sources_hold(report: &Report, document: &[u8], decode: impl Fn(&[u8]) -> String) {
    let mut before = 0;
    for block in &report.text.blocks {
        let (start, end) = block.source.expect("a block of a page has a source");
        assert!(start <= end && end as usize <= document.len(), "{start}..{end} of {}", document.len());
        let source = squeeze(&words_of(&decode(&document[start as usize..end as usize])));
        let words = squeeze(block.span.of(&report.text.string));
        assert_eq!(source, words);
        assert!(block.span.start >= before, "blocks are in order");
        before = block.span.end;
    }
    assert!(!report.text.blocks.is_empty());
}

#[test]
fn words_lead_back_to_bytes_in_every_encoding() {
    let page = article(&[LEAD, SECOND, THIRD]);
    let utf8 = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    sources_hold(&read_bytes(page.as_bytes()), page.as_bytes(), utf8);
    let marked = [b"\xef\xbb\xbf".as_slice(), page.as_bytes()].concat();
    sources_hold(&read_bytes(&marked), &marked, utf8);
    for (label, words) in [
        (
            "windows-1251",
            "Армия закрыла старый мост через реку, и две деревни остались отрезаны, сообщили вчера.",
        ),
        ("shift_jis", "古い橋は月曜日に閉鎖され、対岸の二つの村が孤立した。市長は、けが人はいないと述べた。"),
        ("gb18030", "旧桥于星期一关闭，对岸的两个村庄被切断。市长表示，没有人受伤，工程师说需要几个星期。"),
    ] {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label of the standard");
        let page = article(&[words, words, "x"]).replace("<head>", &format!("<head><meta charset={label}>"));
        let page = page.replacen(words, &format!("<b>1</b> {words}"), 1);
        let bytes = encoding.encode(&page).0.into_owned();
        let report = read_bytes(&bytes);
        assert!(report.text.string.contains(words), "{label}: {}", report.text.string);
        sources_hold(&report, &bytes, |bytes| encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    let wide: Vec<u8> =
        [0xfe_ffu16].into_iter().chain(page.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    sources_hold(&read_bytes(&wide), &wide, |bytes| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    });
}

#[test]
fn broken_bytes_keep_their_places() {
    const FRENCH: &str = "Les élèves évacués à l’école près du pont où l’eau était montée très tôt, déjà dépassée, ont été hébergés.";
    let mut page = article(&[LEAD, SECOND, FRENCH, THIRD]).into_bytes();
    let at = page.windows(5).position(|five| five == b"weeks").expect("it is there");
    page[at] = 0xff;
    let report = read_bytes(&page);
    assert!(report.text.string.contains("\u{fffd}eeks"), "{}", report.text.string);
    sources_hold(&report, &page, |bytes| String::from_utf8_lossy(bytes).into_owned());
}

proptest! {
    #[test]
    fn every_word_leads_to_its_bytes(
        words in proptest::collection::vec("[a-zà-ÿ]{1,9}( [a-zß-öø-ÿ]{3,9}){16,30}[,;] [a-z&é–]{2,8}\\.", 2..6),
        inline in proptest::collection::vec(prop::sample::select(&["", "<b>", "</b>", "<!-- no -->", "<i>", "<span lang='fr'>"][..]), 1..6),
    ) {
        let mut page = String::from("<html><body><main><h1>One title of a page</h1>");
        for (number, words) in words.iter().enumerate() {
            let escaped = words.replace('&', "&amp;").replace('é', "&eacute;").replace('–', "&#8211;");
            let tag = inline[number % inline.len()];
            page.push_str(&format!("<p>{}</p>\n", escaped.replacen(' ', &format!(" {tag}"), 1)));
        }
        page.push_str("</main></body></html>");
        let report = read_bytes(page.as_bytes());
        sources_hold(&report, page.as_bytes(), |bytes| String::from_utf8_lossy(bytes).into_owned());
        for words in &words {
            prop_assert!(squeeze(&report.text.string).contains(&squeeze(words)), "{words} in {}", report.text.string);
        }
    }

    #[test]
    fn any_markup_is_read(page in "(<(p|div|table|tr|td|li|ul|h1|a|script|article|time|blockquote|/p|/div|/table|/article)( (class|id|datetime|href)='?[a-z0-9-]{0,9}'?)?>?|[a-zé .,;&<>!\\-'\"]{0,20}){0,60}") {
        let report = read_bytes(page.as_bytes());
        for block in &report.text.blocks {
            prop_assert!(report.text.string.get(block.span.from()..block.span.to()).is_some());
        }
    }
}

#[test]
fn hostile_markup_stays_linear_and_is_noted() {
    let attributes: String = (0..400_000).map(|number| format!(" a{number}=x")).collect();
    let cases: Vec<(&str, String, bool)> = vec![
        ("nested", "<div>".repeat(100_000), true),
        ("nested lists", "<ul><li>".repeat(50_000), true),
        ("attributes", format!("<p{attributes}>words</p>"), false),
        ("same attribute", format!("<p {}>words</p>", "a=1 ".repeat(2_500_000)), false),
        ("references", "&amp;&lt;&nosuch;&#x41;".repeat(300_000), false),
        ("ampersands", "&".repeat(3_000_000), false),
        ("unclosed", "<p><b><i><table><tr><td><a href=x>word ".repeat(20_000), true),
        ("comment", format!("<p>words</p><!--{}", "-".repeat(4_000_000)), false),
        (
            "formatting",
            format!(
                "<p>{}{}",
                (0..2_000).map(|n| format!("<b id=x{n}>")).collect::<String>(),
                "<p>a".repeat(2_000)
            ),
            true,
        ),
        ("too long", article(&[&format!("{LEAD} ").repeat(180_000)]), true),
        (
            "classes",
            "<p class='a-b-c-d-e-f-g-h-i-j-k related-comments'>one two three four five six seven.</p>"
                .repeat(60_000),
            false,
        ),
    ];
    for (name, page, noted) in cases {
        let begun = Instant::now();
        let report = read_bytes(page.as_bytes());
        let taken = begun.elapsed();
        // A debug build on a busy machine; a quadratic reading takes minutes.
        assert!(taken < Duration::from_secs(60), "{name}: {taken:?}");
        assert!(!noted || report.notes.iter().any(|note| note.code == "limit"), "{name}: {:?}", report.notes);
    }
}

/// A page with a title, then `html`: begins of the blocks that are kept and of those that are not.
fn keeps(html: &str, kept: &[&str], dropped: &[&str]) {
    let page = format!(
        "<html><head><title>Bridge closed</title></head><body><nav><a href=/>Home</a></nav>\
         <main><div><h1>Bridge closed after piers move</h1></div>{html}</main></body></html>"
    );
    let report = read_bytes(page.as_bytes());
    for words in kept {
        assert!(report.text.string.contains(words), "{words:?} was lost of {html}: {}", report.text.string);
    }
    for words in dropped {
        assert!(!report.text.string.contains(words), "{words:?} of {html} was kept: {}", report.text.string);
    }
    assert!(report.dropped.iter().all(|dropped| !dropped.reason.is_empty()));
}

#[test]
fn a_body_keeps_its_lead_and_its_end_and_drops_what_stands_around() {
    let body = format!("<div class=a><p>{SECOND}</p><p>{THIRD}</p><p>{SECOND} {THIRD}</p></div>");
    let body = body.as_str();
    // A lead in a container of its own, with nothing said about it.
    keeps(&format!("<div><span>{LEAD}</span></div>{body}"), &[LEAD, THIRD], &[]);
    // A short sentence at the end, beside the others; not a line of data.
    let ended = body.replace("</div>", "<p>The bridge stays shut.</p><p>12.40 / 18.35 / 22.10.</p></div>");
    keeps(&ended, &["The bridge stays shut."], &["18.35"]);
    // A box that calls itself a list of other reports.
    let related = format!("<section><h2>Vous aimerez aussi</h2><div><p>{LEAD}</p></div></section></div>");
    keeps(&body.replace("</div>", &related), &[THIRD], &[LEAD, "Vous aimerez"]);
    // What a page says of its source, in a container marked as something else.
    let source = format!(
        "<div class=byline><p>{LEAD} It was founded in 1851 and has won many prizes since then, of which it is proud to this day, and it is read by everybody.</p></div></div>"
    );
    keeps(&body.replace("</div>", &source), &[THIRD], &["founded in 1851"]);
    // A form outweighs no report, however short that is.
    let form = format!("<form><p>{SECOND}</p><p>{THIRD}</p></form>");
    keeps(&format!("<div><p>{LEAD}</p></div>{form}"), &[LEAD], &[THIRD]);
}

#[test]
fn a_commentary_is_no_list_of_comments() {
    let entry = |number: usize, link: &str| {
        format!("<li class=comment><span>{number}'</span><p>Minute {number}: {LEAD}</p>{link}</li>")
    };
    let list = |link: &str| -> String { (1..15).map(|number| entry(number, link)).collect() };
    let page = |link: &str| format!("<html><body><h1>The match</h1><ul>{}</ul></body></html>", list(link));
    assert!(read_bytes(page("").as_bytes()).text.string.contains("Minute 9"));
    let answers = page("<a href=/answer>Answer to this comment</a>");
    assert!(!read_bytes(answers.as_bytes()).text.string.contains("Minute 9"));
}

#[test]
fn live_pages_have_entries_with_their_time() {
    let entry = |time: &str, words: &str| {
        format!("<div class=entry><time datetime='2021-06-05T{time}:00Z'>{time}</time><p>{words}</p></div>")
    };
    let entries = [
        entry("14:05", THIRD),
        entry("13:40", SECOND),
        entry(
            "13:10",
            "The council met in the school, and the mayor, who had walked there, spoke to the families.",
        ),
        entry(
            "12:55",
            "Police have closed the road to the river, and ask drivers to go round by the upper valley.",
        ),
    ];
    let page = format!(
        "<body><main><h1>Bridge over the Tolva closed: live</h1><p>{LEAD}</p><section>{}</section></main>",
        entries.concat()
    );
    let report = read_bytes(page.as_bytes());
    assert_eq!(report.page_type, PageType::Live);
    let found: Vec<(Option<u32>, BlockKind, &str)> = report
        .text
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Dateline)
        .map(|block| (block.entry, block.kind, block.span.of(&report.text.string)))
        .collect();
    let expected: Vec<(Option<u32>, BlockKind, &str)> = ["14:05", "13:40", "13:10", "12:55"]
        .iter()
        .enumerate()
        .map(|(number, time)| (Some(number as u32), BlockKind::Dateline, *time))
        .collect();
    assert_eq!(found, expected);
    let last = report.text.blocks.last().expect("blocks");
    assert_eq!((last.entry, last.kind), (Some(3), BlockKind::Paragraph));
    // One article with one time is no live page.
    let page = article(&[LEAD, SECOND, THIRD]).replace("</h1>", "</h1><time>5 June 2021</time>");
    assert_eq!(read_bytes(page.as_bytes()).page_type, PageType::Article);
}

#[test]
fn saved_pages_are_read_like_any_other() {
    let page = article(&[LEAD, SECOND, THIRD]);
    let plain = read_bytes(page.as_bytes());
    let quoted = page
        .replace('=', "=3D")
        .replace('“', "=E2=80=9C")
        .replace('”', "=E2=80=9D")
        .replace("far side", "far =\r\nside");
    let message = format!(
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://valley.example/2021/06/05/bridge\r\n\
         Subject: Bridge closed\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\
         \tboundary=\"----part----\"\r\n\r\n------part----\r\nContent-Type: text/html\r\n\
         Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://valley.example/2021/06/05/bridge\r\n\r\n\
         {quoted}\r\n------part----\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlh\r\n------part------\r\n"
    );
    for media in [Media::Unknown, Media::Html] {
        let document = Document { payload: message.as_bytes(), media, ..Document::default() };
        let report = read_layout(&document, Packs::embedded()).remove(0);
        assert_eq!(report.text.string, plain.text.string);
        assert_eq!(report.url.as_deref(), Some("https://valley.example/2021/06/05/bridge"));
        assert!(report.notes.iter().any(|note| note.code == "saved_page"), "{:?}", report.notes);
    }
    let single = page.replacen(
        "<html>",
        "<html><!--\n Page saved with SingleFile \n url: https://valley.example/a \n saved date: Sat Jun 05 2021\n-->",
        1,
    );
    let single = single.replace("<article>", "<article><img src='data:image/gif;base64,R0lGODlh'>");
    let beside = page.replacen("<html>", "<!-- saved from url=(0024)https://valley.example/a -->\n<html>", 1);
    let beside = beside.replace("<article>", "<article><img src='./Bridge closed_files/a.gif'>");
    for saved in [single, beside] {
        let report = read_bytes(saved.as_bytes());
        assert_eq!(report.text.string, plain.text.string);
        assert_eq!(report.url.as_deref(), Some("https://valley.example/a"));
    }
}

/// The text of a page with these paragraphs behind a lead.
fn text_of(paragraphs: &[&str]) -> String {
    let body: String =
        [LEAD, SECOND].iter().chain(paragraphs).map(|words| format!("<p>{words}</p>")).collect();
    let page = format!("<body><article><h1>Bridge closed after piers move</h1>{body}</article></body>");
    read_bytes(page.as_bytes()).text.string
}

#[test]
fn a_raised_digit_is_no_digit_of_the_number_before_it() {
    let text = text_of(&[
        "The council says that 13,000<sup>1</sup> people live there, on 40 km<sup>2</sup> of land.",
        "It counted 20<sup><a href='#fn4'>4</a></sup> families and 30<a href='#fn5'><sup>5</sup></a> farms.",
    ]);
    assert!(text.contains("13,000^1 people") && text.contains("40 km2 of land"), "{text}");
    assert!(text.contains("20 families and 30 farms"), "{text}");
}

#[test]
fn what_nobody_sees_inside_a_line_is_not_read() {
    let text = text_of(&[
        "The army killed <span style='display:none'>5000</span> 12 people, <b hidden>none of them</b> the mayor said.",
    ]);
    assert!(text.contains("The army killed 12 people, the mayor said."), "{text}");
}

#[test]
fn what_an_entry_says_is_reckoned_from_its_own_day() {
    let entry = |day: u32, words: &str| {
        format!("<div class=entry><time datetime='2021-06-0{day}T14:05:00Z'>14:05</time><p>{words}</p></div>")
    };
    let said = [
        "The mayor said that two people had been hurt yesterday, and that the bridge would stay closed.",
        "Police said that nobody had crossed the bridge yesterday, and that the road would be closed too.",
        "Engineers said that the piers had moved yesterday, and that it would take many weeks to mend.",
        "The council met yesterday in the school, and the mayor spoke to the families of the whole town.",
    ];
    let entries: String = said.iter().zip([5, 4, 3, 2]).map(|(words, day)| entry(day, words)).collect();
    let page = format!(
        "<html lang=en><body><main><h1>Bridge over the Tolva closed: live</h1><p>{LEAD}</p><section>{entries}</section></main>"
    );
    let document = Document { payload: page.as_bytes(), media: Media::Html, ..Document::default() };
    let report = read(&document, Packs::embedded()).remove(0);
    let days: Vec<&str> = report
        .times
        .iter()
        .filter(|time| time.span.of(&report.text.string) == "yesterday")
        .map(|time| time.value.as_str())
        .collect();
    assert_eq!(days, ["2021-06-04", "2021-06-03", "2021-06-02", "2021-06-01"]);
}

#[test]
fn a_day_of_change_is_said_to_stand_for_publication() {
    let page = format!(
        "<head><meta property='article:modified_time' content='2020-03-01T10:00:00Z'></head><body><article>\
         <h1>Bridge closed after piers move</h1><p>{LEAD}</p><p>{SECOND}</p></article></body>"
    );
    let report = read_bytes(page.as_bytes());
    assert!(report.published.is_some_and(|when| when.inferred));
    assert!(report.notes.iter().any(|note| note.code == "published_unknown"));
    assert!(report.modified.is_some_and(|when| !when.inferred));
}

#[test]
fn nested_data_and_many_titles_cost_what_they_are_long() {
    let deep = |levels: usize, words: usize| {
        let open: String = (0..levels).map(|_| "{\"@type\":\"WebPage\",\"hasPart\":").collect();
        format!(
            "<script type='application/ld+json'>{open}{{\"name\":\"{}\"}}{}</script>",
            "a ".repeat(words),
            "}".repeat(levels)
        )
    };
    let metas: String =
        (0..400).map(|n| format!("<meta property='og:title' content='One bridge {n} of many'>")).collect();
    let headings: String = (0..20_000).map(|n| format!("<h2>Another bridge {n} of many</h2>")).collect();
    let begun = Instant::now();
    read_bytes(format!("<head>{}</head><body><p>{LEAD}</p>", deep(60, 400_000).repeat(3)).as_bytes());
    read_bytes(format!("<head>{metas}</head><body>{headings}<p>{LEAD}</p>").as_bytes());
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn the_sentence_under_the_title_is_kept_whatever_it_is_called() {
    let deck = "Three houses slid into the river on Tuesday, and forty people were hurt.";
    for markup in
        ["<h2>D</h2>", "<div class=x7>D</div>", "<p><strong>D</strong></p>", "<header><p>D</p></header>"]
    {
        let page = format!(
            "<body><article><h1>Bridge closed after piers move</h1>{}<div class=meta><span>4 March 2025</span></div>\
             <div class=b><p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p></div></article></body>",
            markup.replace('D', deck)
        );
        let report = read_bytes(page.as_bytes());
        assert!(report.text.string.contains(deck), "{markup}: {}", report.text.string);
    }
}

#[test]
fn a_long_imprint_is_not_the_report() {
    let imprint: String = (1..9)
        .map(|n| format!("<p>The newspaper is published by the company of the valley under number {n} of the register, \
             and its editor answers for all that is printed in it, by law.</p>"))
        .collect();
    let page = format!(
        "<body><div><h1 itemprop=headline>Bridge closed after piers move</h1><div itemprop=articleBody><p>{LEAD}</p></div>\
         </div><footer>{imprint}</footer></body>"
    );
    let text = read_bytes(page.as_bytes()).text.string;
    assert!(text.contains(LEAD) && !text.contains("register"), "{text}");
}
