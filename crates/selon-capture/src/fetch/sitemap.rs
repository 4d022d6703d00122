//! Sitemaps (sitemaps.org 0.9): lists of pages, and lists of such lists.

use jiff::Timestamp;

use super::feed::parse_date;
use super::xml::{Family, Step, decode, walk};

/// A sitemap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Its places, in its order.
    pub places: Vec<Place>,
    /// They are sitemaps themselves.
    pub is_index: bool,
    /// It ends too early or is not well formed.
    pub damaged: bool,
}

/// A place of a sitemap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its address, as stated.
    pub address: String,
    /// When it was last changed, or for news, published.
    pub changed: Option<Timestamp>,
}

/// Places of one sitemap (sitemaps.org allows 50,000).
const MOST_PLACES: usize = 50_000;

/// Length of an address that is kept.
const MOST_ADDRESS: usize = 8192;

impl Sitemap {
    /// Reads a sitemap, as XML or as a text of addresses (`is_text`); `None` where it is none.
    pub fn parse(bytes: &[u8], charset: Option<&str>, is_text: bool) -> Option<Sitemap> {
        let text = decode(bytes, charset).text;
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if text.starts_with('<') {
            return xml(text);
        }
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let is_list = is_text && !text.is_empty() && lines.clone().all(|line| line.starts_with("http"));
        let place = |line: &str| Place { address: line.to_owned(), changed: None };
        is_list
            .then(|| Sitemap { places: lines.take(MOST_PLACES).map(place).collect(), ..Sitemap::default() })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Root,
    Place,
    Address,
    Changed,
    Other,
}

fn xml(text: &str) -> Option<Sitemap> {
    let mut sitemap = Sitemap::default();
    let mut found = false;
    let mut places: Vec<At> = Vec::new();
    let mut place = Place::default();
    let mut words = String::new();
    let sound = walk(text, &mut |step| match step {
        Step::Open { family, name, .. } => {
            let inside = places.contains(&At::Place);
            places.push(match (places.last(), family, name) {
                (None, Family::Own, "urlset" | "sitemapindex") => {
                    found = true;
                    sitemap.is_index = name == "sitemapindex";
                    At::Root
                }
                (Some(At::Root), Family::Own, "url" | "sitemap") => {
                    place = Place::default();
                    At::Place
                }
                (Some(At::Place), Family::Own, "loc") => At::Address,
                (Some(At::Place), Family::Own, "lastmod") => At::Changed,
                (_, Family::News, "publication_date") if inside => At::Changed,
                _ => At::Other,
            });
            words.clear();
        }
        Step::Text(text) => {
            if words.len() < MOST_ADDRESS {
                words.push_str(text);
            }
        }
        Step::Close => match places.pop() {
            Some(At::Address) => place.address = words.trim().to_owned(),
            Some(At::Changed) => place.changed = parse_date(&words).or(place.changed),
            Some(At::Place) if !place.address.is_empty() && sitemap.places.len() < MOST_PLACES => {
                sitemap.places.push(std::mem::take(&mut place));
            }
            _ => {}
        },
    });
    sitemap.damaged = !sound;
    found.then_some(sitemap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_all_forms() {
        let check = |text: &str, is_text: bool, expected: Option<(&[&str], bool)>| {
            let found = Sitemap::parse(text.as_bytes(), None, is_text);
            let found = found
                .as_ref()
                .map(|it| (it.places.iter().map(|it| it.address.as_str()).collect::<Vec<_>>(), it.is_index));
            assert_eq!(found, expected.map(|(places, index)| (places.to_vec(), index)), "{text}");
        };
        let set = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> http://a.test/?a&amp;b </loc>\
                   <image:image xmlns:image='i'><image:loc>http://a.test/i.png</image:loc></image:image></url><url/></urlset>";
        check(set, false, Some((&["http://a.test/?a&b"], false)));
        check(
            "<sitemapindex><sitemap><loc>http://a.test/s.xml</loc></sitemap>",
            false,
            Some((&["http://a.test/s.xml"], true)),
        );
        check(
            "http://a.test/1\r\n\r\nhttp://a.test/2\n",
            true,
            Some((&["http://a.test/1", "http://a.test/2"], false)),
        );
        check("http://a.test/1\n", false, None);
        check("<rss/>", false, None);
        check("", true, None);
        let news = "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>http://a.test/</loc>\
                    <news:news><news:publication_date>2016-12-12</news:publication_date></news:news></url></urlset>";
        let changed = Sitemap::parse(news.as_bytes(), None, false).unwrap().places[0].changed;
        assert_eq!(changed, Some("2016-12-12T00:00:00Z".parse().unwrap()));
    }
}
