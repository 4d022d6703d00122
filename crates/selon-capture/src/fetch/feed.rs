//! Feeds: RSS of any age, Atom and JSON Feed, to one shape.
//!
//! What stands there is taken; what is missing stays missing. A damaged feed gives the entries up
//! to the damage and says that it is damaged.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::xml::{Family, MOST_TEXT, Step, decode, walk};

/// A feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its title.
    pub title: Option<String>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// Language it states.
    pub language: Option<String>,
    /// Encoding that it was in.
    pub encoding: &'static str,
    /// It ends too early or is not well formed: there may have been more entries.
    pub damaged: bool,
}

/// An entry of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id, as stated.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its page, as stated: it may be relative to the feed.
    pub link: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// Its text, as HTML or plain text: the whole, or else a summary.
    pub text: Option<String>,
    /// The text is HTML.
    pub is_html: bool,
}

/// Entries of one feed.
const MOST_ENTRIES: usize = 100_000;

impl Feed {
    /// Reads a feed; `None` where the bytes are none.
    pub fn parse(bytes: &[u8], charset: Option<&str>) -> Option<Feed> {
        let decoded = decode(bytes, charset);
        let text = decoded.text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let mut feed = if text.starts_with('{') { json(text)? } else { xml(text)? };
        feed.encoding = decoded.encoding;
        Some(feed)
    }
}

/// What the element at hand is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    Id,
    Guid,
    Link,
    Published,
    Updated,
    Whole,
    Summary,
    Language,
}

/// A place in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Outside,
    Feed,
    Entry,
    /// Inside a field: its markup is part of it, its fields are not ours.
    Field(Field),
    Other,
}

#[derive(Default)]
struct XmlFeed {
    feed: Feed,
    is_feed: bool,
    /// In RSS, channel and items may lie beside or in each other.
    places: Vec<Place>,
    entry: Option<Entry>,
    /// The text of the field at hand, and whether it is markup.
    text: String,
    is_html: bool,
    /// Markup of an XHTML field, which has lost its tags to the parser.
    markup: bool,
    from_guid: bool,
    has_whole: bool,
}

fn xml(text: &str) -> Option<Feed> {
    let mut state = XmlFeed::default();
    let sound = walk(text, &mut |step| state.step(step));
    state.feed.damaged = !sound;
    state.is_feed.then_some(state.feed)
}

impl XmlFeed {
    fn step(&mut self, step: Step<'_>) {
        match step {
            Step::Open { family, name, attributes } => self.open(family, name, attributes),
            Step::Text(text) => {
                if matches!(self.places.last(), Some(Place::Field(_))) && self.text.len() < MOST_TEXT {
                    self.text.push_str(text);
                }
            }
            Step::Close => match self.places.pop() {
                Some(Place::Field(field)) if !matches!(self.places.last(), Some(Place::Field(_))) => {
                    self.end_field(field);
                }
                Some(Place::Entry) => {
                    let entry = self.entry.take();
                    if self.feed.entries.len() < MOST_ENTRIES {
                        self.feed.entries.extend(entry);
                    }
                }
                _ => {}
            },
        }
    }

    fn open(&mut self, family: Family, name: &str, attributes: &[(String, String)]) {
        let get =
            |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
        let at = self.places.last().copied().unwrap_or(Place::Outside);
        let place = match (at, family, name) {
            (Place::Field(field), ..) => {
                // Markup inside a text (XHTML): blocks must not run together.
                if self.markup
                    && matches!(name, "p" | "br" | "li" | "div" | "blockquote" | "h1" | "h2" | "h3")
                {
                    self.text.push('\n');
                }
                Place::Field(field)
            }
            (Place::Outside, Family::Own, "rss" | "feed" | "rdf" | "channel") => {
                self.is_feed = true;
                if self.feed.language.is_none() {
                    self.feed.language = get("xml:lang").filter(|it| !it.is_empty()).map(str::to_owned);
                }
                Place::Feed
            }
            (Place::Feed, Family::Own, "channel") => Place::Feed,
            // An Atom entry may stand alone.
            (Place::Feed, Family::Own, "item" | "entry") | (Place::Outside, Family::Own, "entry") => {
                self.is_feed = true;
                (self.from_guid, self.has_whole) = (false, false);
                let about = get("rdf:about").filter(|about| !about.is_empty());
                self.entry = Some(Entry { id: about.map(str::to_owned), ..Entry::default() });
                Place::Entry
            }
            (Place::Feed | Place::Entry, Family::Own, "link") => match get("href") {
                Some(href) => {
                    let rel = get("rel").unwrap_or("alternate");
                    if let Some(entry) = self.entry.as_mut().filter(|_| at == Place::Entry)
                        && rel == "alternate"
                        && (entry.link.is_none() || self.from_guid)
                    {
                        entry.link = Some(href.to_owned());
                        self.from_guid = false;
                    }
                    Place::Other
                }
                None => Place::Field(Field::Link),
            },
            (Place::Feed | Place::Entry, _, _) => match field(family, name) {
                Some(Field::Guid)
                    if get("isPermaLink").is_some_and(|it| it.eq_ignore_ascii_case("false")) =>
                {
                    Place::Field(Field::Id)
                }
                Some(field) => Place::Field(field),
                None => Place::Other,
            },
            _ => Place::Other,
        };
        if let Place::Field(_) = place
            && !matches!(at, Place::Field(_))
        {
            self.text.clear();
            self.markup = get("type").is_some_and(|kind| kind.contains("xhtml"));
            // RSS says nothing of markup, and its descriptions carry it; Atom says so.
            self.is_html = match get("type") {
                Some(kind) => kind.contains("html") && !self.markup,
                None => matches!(name, "description" | "encoded"),
            };
        }
        self.places.push(place);
    }

    fn end_field(&mut self, field: Field) {
        let text = std::mem::take(&mut self.text);
        let text = undoubled(text.trim());
        let text = text.as_ref();
        if text.is_empty() {
            return;
        }
        let own = || Some(text.to_owned());
        let Some(entry) = &mut self.entry else {
            match field {
                Field::Title if self.feed.title.is_none() => self.feed.title = own(),
                Field::Language => self.feed.language = own(),
                _ => {}
            }
            return;
        };
        match field {
            Field::Title if entry.title.is_none() => entry.title = own(),
            Field::Id => entry.id = own(),
            Field::Guid => {
                // A guid is the page's address unless it says otherwise.
                if entry.link.is_none() && text.starts_with("http") {
                    entry.link = own();
                    self.from_guid = true;
                }
                entry.id = own();
            }
            Field::Link if entry.link.is_none() || self.from_guid => {
                entry.link = own();
                self.from_guid = false;
            }
            Field::Published if entry.published.is_none() => entry.published = parse_date(text),
            Field::Updated if entry.updated.is_none() => entry.updated = parse_date(text),
            Field::Whole | Field::Summary if !self.has_whole => {
                self.has_whole = field == Field::Whole;
                (entry.text, entry.is_html) = (own(), self.is_html);
            }
            _ => {}
        }
    }
}

/// UTF-8 that was taken for Latin-1 and coded again, set right: no other text looks like it, since
/// its characters would have to be valid UTF-8 by chance and hold control characters besides.
fn undoubled(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}')) {
        return Cow::Borrowed(text);
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(right) => Cow::Owned(right),
        None => Cow::Borrowed(text),
    }
}

fn field(family: Family, name: &str) -> Option<Field> {
    Some(match (family, name) {
        (Family::Own, "title") => Field::Title,
        (Family::Own, "id") => Field::Id,
        (Family::Own, "guid") => Field::Guid,
        (Family::Own, "pubdate" | "published" | "issued" | "created") => Field::Published,
        (Family::Dublin, "date") => Field::Published,
        (Family::Own, "updated" | "modified") => Field::Updated,
        (Family::Own, "content") | (Family::Content, "encoded") => Field::Whole,
        (Family::Own, "description" | "summary") => Field::Summary,
        (Family::Own | Family::Dublin, "language") => Field::Language,
        _ => return None,
    })
}

/// JSON Feed 1.0 and 1.1.
fn json(text: &str) -> Option<Feed> {
    let value: Value = serde_json::from_str(text).ok()?;
    if !value["version"].as_str().is_some_and(|version| version.contains("jsonfeed.org/version/")) {
        return None;
    }
    let string = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let entry = |item: &Value| {
        let html = string(&item["content_html"]);
        Entry {
            id: string(&item["id"]),
            title: string(&item["title"]),
            link: string(&item["url"]).or_else(|| string(&item["external_url"])),
            published: item["date_published"].as_str().and_then(parse_date),
            updated: item["date_modified"].as_str().and_then(parse_date),
            is_html: html.is_some(),
            text: html.or_else(|| string(&item["content_text"])).or_else(|| string(&item["summary"])),
        }
    };
    let items = value["items"].as_array().map_or(&[][..], Vec::as_slice);
    Some(Feed {
        title: string(&value["title"]),
        language: string(&value["language"]),
        entries: items.iter().filter(|item| item.is_object()).take(MOST_ENTRIES).map(entry).collect(),
        ..Feed::default()
    })
}

/// A date as feeds write it: RFC 3339, RFC 822 with its many faults, or a day alone (UTC).
pub(super) fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let utc = |at: DateTime| TimeZone::UTC.to_timestamp(at).ok();
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.as_bytes().get(4) == Some(&b'-') {
        // A time without a zone, or no time.
        return text.parse::<DateTime>().ok().and_then(utc).or_else(|| {
            let date = text.get(..10).and_then(|date| date.parse::<Date>().ok())?;
            utc(date.to_datetime(jiff::civil::Time::midnight()))
        });
    }
    // A weekday may be wrong or in another language: it is not needed.
    let rest = match text.split_once(',') {
        Some((day, rest)) if day.chars().all(|c| c.is_alphabetic() || c == '.') => rest.trim(),
        _ => text,
    };
    let mut words: Vec<String> = rest.split_ascii_whitespace().map(str::to_owned).collect();
    if let Some(month) = words.get_mut(1) {
        *month = month.chars().take(3).collect();
    }
    if words.len() == 4 && words[3].contains(':') {
        words.push("+0000".to_owned());
    }
    if words.len() == 3 {
        words.extend(["00:00:00".to_owned(), "+0000".to_owned()]);
    }
    if let Some(zone) = words.get_mut(4) {
        let plain = zone.trim_start_matches("GMT").trim_start_matches("UTC").replace(':', "");
        if plain.starts_with(['+', '-']) {
            *zone = plain;
        } else if matches!(zone.as_str(), "Z" | "UTC" | "UT" | "gmt" | "GMT" | "utc") {
            *zone = "GMT".to_owned();
        }
    }
    words.truncate(5);
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(words.join(" ")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[[Option<&str>; 4]]) {
        let feed = Feed::parse(text.as_bytes(), None).unwrap();
        let found: Vec<[Option<String>; 4]> = feed
            .entries
            .iter()
            .map(|it| {
                [it.id.clone(), it.title.clone(), it.link.clone(), it.published.map(|at| at.to_string())]
            })
            .collect();
        let expected: Vec<[Option<String>; 4]> =
            expected.iter().map(|it| it.map(|it| it.map(str::to_owned))).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn one_shape_for_all_kinds() {
        let (a, t, at) = (Some("http://a.test/1"), Some("Alep & ses rues"), Some("2016-12-12T10:00:00Z"));
        check(
            "<rss><channel><title>F</title><item><title>Alep &amp; ses rues</title><link>http://a.test/1</link>\
             <pubDate>lun., 12 Dec 2016 11:00:00 +01:00</pubDate><media:title xmlns:media='m'>x</media:title>\
             </item></channel></rss>",
            &[[None, t, a, at]],
        );
        check(
            "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><entry><id>i</id>\
             <title type='html'><![CDATA[Alep & ses rues]]></title><link rel='self' href='x'/>\
             <link href='http://a.test/1'/><published>2016-12-12T10:00:00Z</published>\
             <source><title>y</title><id>z</id></source></entry></feed>",
            &[[Some("i"), t, a, at]],
        );
        check(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
             xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>F</title></channel>\
             <item><title>Alep &amp; ses rues</title><link>http://a.test/1</link><dc:date>2016-12-12T10:00:00Z</dc:date></item></rdf:RDF>",
            &[[None, t, a, at]],
        );
        check(
            r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":7,"title":"Alep & ses rues","url":"http://a.test/1","date_published":"2016-12-12T11:00:00+01:00"}]}"#,
            &[[Some("7"), t, a, at]],
        );
        assert_eq!(Feed::parse(b"<html><title>x</title></html>", None), None);
        assert_eq!(Feed::parse(b"{\"items\":[]}", None), None);
    }

    #[test]
    fn damage_costs_what_it_hits() {
        let item = "<item><guid>http://a.test/?a=1&b=2</guid><title>x &nbsp;&unknown; <b>y</title></item>";
        check(
            &format!("<rss><channel>{item}{item}<item><title>z</ti"),
            &[
                [
                    Some("http://a.test/?a=1&b=2"),
                    Some("x \u{a0}&unknown; y"),
                    Some("http://a.test/?a=1&b=2"),
                    None,
                ],
                [
                    Some("http://a.test/?a=1&b=2"),
                    Some("x \u{a0}&unknown; y"),
                    Some("http://a.test/?a=1&b=2"),
                    None,
                ],
                [None, Some("z"), None, None],
            ],
        );
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><rss><item><title>&b;</title></item></rss>";
        check(bomb, &[[None, Some("&b;"), None, None]]);
        let deep = format!("<rss><channel>{}", "<a>".repeat(100_000));
        assert!(Feed::parse(deep.as_bytes(), None).unwrap().damaged);
    }

    #[test]
    fn dates() {
        for (text, expected) in [
            ("Mon, 12 Dec 2016 10:00:00 GMT", "2016-12-12T10:00:00Z"),
            ("Sun, 12 Dec 2016 10:00:00 EST", "2016-12-12T15:00:00Z"),
            ("12 December 2016 10:00 +0100", "2016-12-12T09:00:00Z"),
            ("12 Dec 2016", "2016-12-12T00:00:00Z"),
            ("2016-12-12", "2016-12-12T00:00:00Z"),
            ("2016-12-12T10:00:00", "2016-12-12T10:00:00Z"),
            ("2016-12-12T10:00:00.5+01:00", "2016-12-12T09:00:00.5Z"),
        ] {
            assert_eq!(parse_date(text).map(|at| at.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(parse_date("heute"), None);
    }
}
