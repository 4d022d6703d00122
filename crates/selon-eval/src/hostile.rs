//! Input made to cost: size against time and memory, doubling up to the limits.
//!
//! Each trap is a document of a given size. Time is that of the reading thread, memory the most
//! that the process has held meanwhile; the growth of a row is how many times longer the last
//! doubling of the size takes (2 is linear), the note the first that says that something was cut.

use std::fmt::Write as _;
use std::time::Instant;

use selon_read::{Document, Media, Packs};

use crate::speed::{cpu_seconds, most_memory};

/// Makes a document of about so many bytes.
type Make = fn(usize) -> Vec<u8>;

/// A trap.
pub struct Trap {
    /// What it is made of.
    pub name: &'static str,
    media: Media,
    make: Make,
}

/// Largest size by default: the limit of a document is 16 MiB.
pub const LARGEST: usize = 16 << 20;

fn repeated(piece: &str, size: usize) -> Vec<u8> {
    piece.repeat(size / piece.len().max(1)).into_bytes()
}

fn around(before: &str, piece: &str, after: &str, size: usize) -> Vec<u8> {
    [before.as_bytes(), &repeated(piece, size), after.as_bytes()].concat()
}

fn numbered(before: &str, size: usize, piece: impl Fn(usize) -> String) -> Vec<u8> {
    let mut out = before.to_owned();
    for number in 0.. {
        if out.len() >= size {
            break;
        }
        out.push_str(&piece(number));
    }
    out.into_bytes()
}

/// Words that tell the language, so that the text is read to its statements and figures.
fn text(piece: &str, size: usize) -> Vec<u8> {
    let lead = "Officials in the valley said on Monday that the bridge had been closed, and that nobody knew \
        when it would be opened again. The mayor asked people to stay at home.\n\n";
    around(&lead.repeat(4), piece, "", size)
}

/// Numbers that follow no pattern, the same every time.
fn scattered(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), |x| {
        let x = x ^ (x << 13);
        let x = x ^ (x >> 7);
        Some(x ^ (x << 17))
    })
}

/// Letters, marks and spaces of many scripts, without sense.
pub fn random_text(size: usize) -> String {
    let ranges = [
        0x20..0x7f,
        0x20..0x7f,
        0xa0..0x250,
        0x370..0x530,
        0x5d0..0x700,
        0x2000..0x2070,
        0x3040..0x3100,
        0x4e00..0x5000,
        0x1f300..0x1f600,
    ];
    let mut out = String::with_capacity(size + 8);
    for number in scattered(7) {
        if out.len() >= size {
            break;
        }
        let range = &ranges[(number >> 32) as usize % ranges.len()];
        let c = range.start + (number & 0xffff) as u32 % (range.end - range.start);
        out.push(char::from_u32(c).unwrap_or(' '));
        if number % 6 == 0 {
            out.push(' ');
        }
    }
    out
}

const TWEET: &str = "<blockquote class=\\\"twitter-tweet\\\"><p>The bridge<\\/p>&mdash; Ann (@ann) \
    <a href=\\\"https:\\/\\/twitter.com\\/ann\\/status\\/1234567890123456789\\\">March 3, 2021<\\/a><\\/blockquote>";

/// All traps.
pub const TRAPS: &[Trap] = &[
    Trap { name: "nested `div`", media: Media::Html, make: |size| repeated("<div>", size) },
    Trap { name: "nested lists with text", media: Media::Html, make: |size| repeated("<ul><li>item ", size) },
    Trap { name: "nested tables", media: Media::Html, make: |size| repeated("<table><tr><td>cell ", size) },
    Trap {
        name: "mismatched formatting",
        media: Media::Html,
        make: |size| repeated("<p><b><i><u><a href=x>text</p>", size),
    },
    Trap {
        name: "different formatting, reopened",
        media: Media::Html,
        make: |size| {
            let mut out = numbered("<p>", size / 2, |number| format!("<b id={number}>"));
            out.extend(repeated("<p>a", size / 2));
            out
        },
    },
    Trap {
        name: "text in the wrong place of tables",
        media: Media::Html,
        make: |size| around("<table>", "stray<tr>&amp;", "", size),
    },
    Trap {
        name: "one tag, many attributes",
        media: Media::Html,
        make: |size| numbered("<p ", size, |number| format!("a{number}=1 ")),
    },
    Trap {
        name: "many tags, 200 attributes each",
        media: Media::Html,
        make: |size| {
            let attributes: String = (0..200).map(|number| format!(" data-a{number}=v")).collect();
            repeated(&format!("<p{attributes}>x"), size)
        },
    },
    Trap {
        name: "one attribute, long",
        media: Media::Html,
        make: |size| around("<p title=\"", "a &amp; b ", "\">x", size),
    },
    Trap {
        name: "one class attribute, many classes",
        media: Media::Html,
        make: |size| around("<p class=\"", "share related nav ", "\">x", size),
    },
    Trap { name: "references", media: Media::Html, make: |size| around("<p>", "&eacute;&amp;", "", size) },
    Trap { name: "ampersands", media: Media::Html, make: |size| around("<p>", "&", "", size) },
    Trap { name: "a reference without end", media: Media::Html, make: |size| around("<p>&", "a", "", size) },
    Trap { name: "comments without end", media: Media::Html, make: |size| repeated("<!-- ", size) },
    Trap { name: "tags without end", media: Media::Html, make: |size| repeated("<a x='", size) },
    Trap { name: "end tags alone", media: Media::Html, make: |size| repeated("</p></a></b>", size) },
    Trap { name: "scripts without end", media: Media::Html, make: |size| repeated("<script></", size) },
    Trap {
        name: "paragraphs",
        media: Media::Html,
        make: |size| {
            repeated(
                "<p>Officials said 12 people were killed in the village, and 30 more were hurt.</p>\n",
                size,
            )
        },
    },
    Trap { name: "short links", media: Media::Html, make: |size| repeated("<a href=/a>a</a> ", size) },
    Trap {
        name: "JSON-LD, deep lists",
        media: Media::Html,
        make: |size| around("<script type=application/ld+json>", "[", "</script><p>x", size),
    },
    Trap {
        name: "JSON-LD, deep objects",
        media: Media::Html,
        make: |size| around("<script type=application/ld+json>", "{\"a\":", "</script><p>x", size),
    },
    Trap {
        name: "JSON-LD, many scripts",
        media: Media::Html,
        make: |size| {
            repeated(
                "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"x\"}</script>",
                size,
            )
        },
    },
    Trap {
        name: "posts in one script",
        media: Media::Html,
        make: |size| around("<script>x = \"", TWEET, "\"</script><p>x", size),
    },
    Trap {
        name: "posts opened in one script",
        media: Media::Html,
        make: |size| {
            around("<script>x = \"", "\\u003cblockquote class=twitter-tweet ", "\"</script><p>x", size)
        },
    },
    Trap {
        name: "the word embed in one script",
        media: Media::Html,
        make: |size| around("<script>x = \"<", "embed= ", "\"</script><p>x", size),
    },
    Trap {
        name: "the word iframe in one script",
        media: Media::Html,
        make: |size| around("<script>x = \"", "<iframe // ", "\"</script><p>x", size),
    },
    Trap {
        name: "scripts with backslashes",
        media: Media::Html,
        make: |size| {
            around("<script>x = \"twitter-tweet <blockquote ", "\\", " blockquote\"</script><p>x", size)
        },
    },
    Trap { name: "posts", media: Media::Html, make: |size| repeated(&TWEET.replace('\\', ""), size) },
    Trap {
        name: "nested posts",
        media: Media::Html,
        make: |size| repeated("<blockquote class=twitter-tweet><p>a", size),
    },
    Trap {
        name: "nested placeholders around text",
        media: Media::Html,
        make: |size| around(&"<div class=\"embed-twitter embed\">".repeat(250), "word ", "", size),
    },
    Trap {
        name: "message, boundaries",
        media: Media::Unknown,
        make: |size| {
            around("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n", "--b\n", "", size)
        },
    },
    Trap {
        name: "message, parts with heads",
        media: Media::Unknown,
        make: |size| {
            around(
                "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n",
                "--b\nContent-Type: text/css\n\nx\n",
                "",
                size,
            )
        },
    },
    Trap {
        name: "message, one part without end of head",
        media: Media::Unknown,
        make: |size| {
            around(
                "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n",
                "A: b\n",
                "",
                size,
            )
        },
    },
    Trap {
        name: "text, quotation marks",
        media: Media::Plain,
        make: |size| text("“a” said «b» and \"c\" ", size),
    },
    Trap { name: "text, quotation marks that open", media: Media::Plain, make: |size| text("“«\"", size) },
    Trap {
        name: "text, sentences",
        media: Media::Plain,
        make: |size| {
            text(
                "Officials said 12 people were killed in the village on Monday. “We saw it,” said Ann Ro, the mayor.\n",
                size,
            )
        },
    },
    Trap {
        name: "text, one long sentence",
        media: Media::Plain,
        make: |size| text("officials said that the mayor said that 12 people and ", size),
    },
    Trap {
        name: "text, names of the press",
        media: Media::Plain,
        make: |size| numbered("", size, |number| format!("The N{number} agency said so. ")),
    },
    Trap { name: "text, digits", media: Media::Plain, make: |size| text("0123456789", size) },
    Trap { name: "text, digits and marks", media: Media::Plain, make: |size| text("12/3.4-5:6 ", size) },
    Trap {
        name: "text, quotation marks and numbers",
        media: Media::Plain,
        make: |size| text("“12 » killed „3 said «40 ” people ", size),
    },
    Trap { name: "text, empty lines", media: Media::Plain, make: |size| text("\r\n", size) },
    Trap { name: "text, brackets", media: Media::Plain, make: |size| text("( [ ", size) },
    Trap {
        name: "text, hashtags and addresses",
        media: Media::Plain,
        make: |size| text("#tag @name pic.twitter.com/a https://t.co/b ", size),
    },
    Trap {
        name: "text, signatures of posts",
        media: Media::Plain,
        make: |size| text("Open now — Ann Ro (@annro) March 3, 2021\n", size),
    },
    Trap {
        name: "text, characters of all scripts",
        media: Media::Plain,
        make: |size| [text("", 0), random_text(size).into_bytes()].concat(),
    },
    Trap {
        name: "markup, characters of all scripts",
        media: Media::Html,
        make: |size| format!("<p>{}", random_text(size)).into_bytes(),
    },
];

/// What a reading cost.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// Seconds of the reading thread.
    pub seconds: f64,
    /// Most megabytes held beside the document.
    pub megabytes: f64,
    /// The first note of a cut.
    pub cut: Option<String>,
}

impl Trap {
    /// Reads the trap at a size.
    pub fn spring(&self, size: usize, packs: &Packs) -> Cost {
        let payload = (self.make)(size);
        // Where the system lets a process, the most memory held is counted anew.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = most_memory().unwrap_or(0.0);
        let begun = Instant::now();
        let worked = cpu_seconds();
        let document = Document { payload: &payload, media: self.media, ..Document::default() };
        let reports = selon_read::read(&document, packs);
        let elapsed = begun.elapsed().as_secs_f64();
        let seconds = cpu_seconds().zip(worked).map_or(elapsed, |(now, then)| now - then);
        let megabytes = most_memory().unwrap_or(0.0) - before;
        let cut = |code: &str| matches!(code, "limit" | "truncated");
        let note = reports.iter().flat_map(|report| &report.notes).find(|note| cut(&note.code));
        Cost { seconds, megabytes, cut: note.map(|note| note.message.clone()) }
    }
}

/// The table of all traps whose name holds `wanted`, as Markdown; a row is printed when it is done.
pub fn table(wanted: &str, largest: usize, packs: &Packs, print: &mut dyn FnMut(&str)) {
    let sizes: Vec<usize> = (0..5).map(|halves| largest >> (4 - halves)).collect();
    // The first reading opens packs and gazetteer.
    TRAPS[0].spring(1 << 10, packs);
    let mut head = "| trap |".to_owned();
    for size in &sizes {
        let _ = write!(head, " {:.3} MB |", *size as f64 / 1e6);
    }
    let _ = writeln!(head, " growth | memory, MB | cut |");
    head.push_str("|---|");
    head.push_str(&"---:|".repeat(sizes.len() + 2));
    head.push_str("---|\n");
    print(&head);
    for trap in TRAPS.iter().filter(|trap| trap.name.contains(wanted)) {
        let costs: Vec<Cost> = sizes.iter().map(|size| trap.spring(*size, packs)).collect();
        let mut row = format!("| {} |", trap.name);
        for cost in &costs {
            let _ = write!(row, " {:.3} |", cost.seconds);
        }
        let growth = match &costs[..] {
            [.., before, last] if before.seconds > 0.002 => format!("{:.1}", last.seconds / before.seconds),
            _ => "–".to_owned(),
        };
        let last = costs.last().cloned().unwrap_or_default();
        let cut = last.cut.unwrap_or_default();
        let _ = writeln!(row, " {growth} | {:.0} | {cut} |", last.megabytes);
        print(&row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice the size takes at most four times as long, and a cut is told: small sizes, so that a
    /// quadratic way through any trap shows and the test still ends soon.
    #[test]
    fn no_trap_is_quadratic() {
        let packs = Packs::embedded();
        TRAPS[0].spring(1 << 10, packs);
        for trap in TRAPS {
            let least = |size| (0..3).map(|_| trap.spring(size, packs).seconds).fold(f64::MAX, f64::min);
            let (small, large) = (least(40 << 10), least(160 << 10));
            assert!(
                large < small * 10.0 + 0.05,
                "{}: {small:.3} s, four times the size {large:.3} s",
                trap.name
            );
        }
    }
}
