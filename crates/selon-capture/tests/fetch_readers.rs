//! Readers of what comes from the web: whatever the bytes, they end, within bounds, and what they
//! give holds. The fuzz targets of `fuzz/` begin with the same seeds.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use proptest::prelude::*;
use selon_capture::HttpHead;
use selon_capture::fetch::{Feed, Robots, Sitemap, of_css, of_html, wall};
use url::Url;

const SEEDS: &[&[u8]] = &[
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n folded\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"<?xml version='1.0' encoding='utf-8'?><rss><channel><title>F</title><item><title>A &amp; b</title>\
      <link>http://a.test/1</link><pubDate>Mon, 12 Dec 2016 10:00:00 GMT</pubDate></item></channel></rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>i</id><title type='xhtml'><div>A</div></title>\
      <link href='http://a.test/1'/><updated>2016-12-12T10:00:00Z</updated></entry></feed>",
    b"{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":7,\"url\":\"http://a.test/1\"}]}",
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.test/</loc>\
      <lastmod>2016-12-12</lastmod></url></urlset>",
    b"User-agent: *\nDisallow: /a*b$\nAllow: /a\nCrawl-delay: 1.5\nSitemap: http://a.test/s.xml\n",
    b"<base href=/x/><link rel=stylesheet href=s.css><img srcset='a 1x, b 2x' style='background:url(c)'><title>x",
    b"@import 'a.css'; p { background: url( \"b.png\" ) }",
    b"\xff\xfe<\0r\0s\0s\0>\0<\0/\0r\0s\0s\0>\0",
];

/// What every reader gives of any bytes.
fn read(bytes: &[u8]) {
    let base = Url::parse("http://a.test/dir/page").unwrap();
    for charset in [None, Some("utf-16le"), Some("windows-1256"), Some("nonsense")] {
        if let Some(feed) = Feed::parse(bytes, charset) {
            assert!(feed.entries.len() <= bytes.len());
        }
        for is_text in [false, true] {
            if let Some(sitemap) = Sitemap::parse(bytes, charset, is_text) {
                assert!(sitemap.places.iter().all(|place| !place.address.is_empty()));
            }
        }
    }
    let robots = Robots::parse(bytes);
    assert!(robots.allows("/robots.txt"));
    robots.allows("/a/b?c=d%2fe");
    let text = String::from_utf8_lossy(bytes);
    for url in of_html(&text, &base).into_iter().chain(of_css(&text, &base)) {
        assert!(matches!(url.scheme(), "http" | "https") && url.fragment().is_none(), "{url}");
    }
    let head = HttpHead::parse(bytes);
    if let Some(head) = &head {
        assert!(head.fields.iter().all(|(name, value)| !name.contains('\n') && !value.contains('\n')));
        wall(&base, &base, head, &text);
    }
}

#[test]
fn seeds_are_read() {
    SEEDS.iter().for_each(|seed| read(seed));
    assert!(HttpHead::parse(SEEDS[0]).is_some());
    assert!([2, 3, 4].iter().all(|at| Feed::parse(SEEDS[*at], None).unwrap().entries.len() == 1));
    assert_eq!(Sitemap::parse(SEEDS[5], None, false).unwrap().places.len(), 1);
    assert!(!Robots::parse(SEEDS[6]).allows("/axb"));
    assert!(Feed::parse(SEEDS[9], None).is_some());
}

proptest! {
    #[test]
    fn damaged_seeds_never_panic(
        seed in 0..SEEDS.len(), other in 0..SEEDS.len(), at in 0usize..400, end in 0usize..800,
        flips in proptest::collection::vec((0usize..400, 0u8..8), 0..8),
    ) {
        let mut bytes = SEEDS[seed].to_vec();
        let at = at % (bytes.len() + 1);
        bytes.splice(at..at, SEEDS[other].iter().copied());
        for (place, bit) in flips {
            let place = place % bytes.len();
            bytes[place] ^= 1 << bit;
        }
        bytes.truncate(end);
        read(&bytes);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
    }
}
