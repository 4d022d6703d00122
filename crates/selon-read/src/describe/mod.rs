//! What a page says about itself: title, authors, outlet, dates, language, links.

pub(crate) mod address;
pub(crate) mod author;
pub(crate) mod block_language;
pub(crate) mod byline;
pub(crate) mod byline_line;
pub(crate) mod date;
pub(crate) mod date_witness;
pub(crate) mod head;
pub(crate) mod json_ld;
pub(crate) mod language;
mod ngrams;
pub(crate) mod no_article;
mod pack;
pub(crate) mod published;
pub(crate) mod title;

pub(crate) use pack::PagePack;

use selon_model::{Outlet, RuleId};

use crate::document::Hints;

/// Who publishes: what the data says, then meta elements, then the end of the title, then what
/// the caller states.
pub(crate) fn find_outlet(head: &head::Head, hints: &Hints, url: Option<&str>) -> Option<Outlet> {
    let data = head
        .article()
        .and_then(|article| article.get("publisher"))
        .or_else(|| {
            head.data.iter().find(|object| {
                json_ld::has_type(object, |name| {
                    matches!(name, "NewsMediaOrganization" | "WebSite" | "Organization")
                })
            })
        })
        .and_then(json_ld::words);
    let meta = head.meta_content(&[
        "og:site_name",
        "application-name",
        "dc.publisher",
        "publisher",
        "cre",
        "twitter:app:name:iphone",
    ]);
    let meta = meta.map(json_ld::unescape);
    let domain = url.and_then(address::domain);
    let usable = |name: &String| name.chars().count() <= 80 && !name.contains("://");
    let named = [("meta", meta), ("json_ld", data), ("stated", hints.outlet.clone())];
    let found = named.into_iter().find_map(|(from, name)| Some((from, name.filter(usable)?)));
    match (found, domain) {
        (Some((from, name)), domain) => Some(Outlet {
            name: Some(name),
            domain,
            from: from.to_owned(),
            rule: RuleId::core("core.page.outlet"),
        }),
        (None, Some(domain)) => Some(Outlet {
            name: None,
            domain: Some(domain),
            from: "url".to_owned(),
            rule: RuleId::core("core.page.outlet"),
        }),
        (None, None) => None,
    }
}

/// The page's own address: canonical, og:url, JSON-LD; not the front page of a site.
pub(crate) fn find_canonical(head: &head::Head, url: Option<&str>) -> Option<String> {
    let base =
        head.base.as_deref().and_then(|base| address::resolve(url, base)).or_else(|| url.map(str::to_owned));
    let article = head.article();
    let data = article.and_then(|article| {
        let page = article.get("mainEntityOfPage");
        let id = page.and_then(|page| page.get("@id")).or(page).and_then(serde_json::Value::as_str);
        id.or_else(|| article.get("url").and_then(serde_json::Value::as_str)).map(str::to_owned)
    });
    let og = head.meta_content(&["og:url", "twitter:url", "parsely-link"]).map(str::to_owned);
    [head.canonical.clone(), og, data]
        .into_iter()
        .flatten()
        .filter_map(|href| address::resolve(base.as_deref(), &href))
        .map(|href| address::clean(&href))
        .find(|href| !address::is_root(href))
}
