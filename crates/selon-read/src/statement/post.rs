//! Posts: each is a statement by its author, and what it reports is read like any prose, in its
//! own language.

use selon_model::{
    Block, BlockKind, EmbeddedPost, Factuality, Hop, HopRole, Mode, RuleId, Source, SourceKind, Span,
    Statement, StatementKind, Text,
};

use crate::lex::Lexed;

use super::StatementContext;
use super::chain::outlet_hop;
use super::write::{TextReading, read_text};

/// Longest post body that is read for statements, bytes; longer ones are articles.
const LONGEST: usize = 20_000;

/// Adds the posts' statements and brings all into text order.
pub(super) fn add_posts(context: &StatementContext<'_>, statements: &mut Vec<Statement>) {
    let own = statements.len();
    for (index, post) in context.posts.iter().enumerate() {
        let Some(body) = post.text.filter(|body| !body.of(&context.text.string).is_empty()) else { continue };
        statements.push(as_statement(context, post, index as u32, body));
        read_post(context, post, index as u32, body, statements);
    }
    if statements.len() > own {
        sort(statements);
    }
}

fn sort(statements: &mut Vec<Statement>) {
    let mut order: Vec<usize> = (0..statements.len()).collect();
    order.sort_by_key(|at| (statements[*at].span.start, *at));
    let mut place = vec![0u32; order.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = new as u32;
    }
    let mut sorted: Vec<Statement> = order.iter().map(|at| statements[*at].clone()).collect();
    for statement in &mut sorted {
        if let Some(source) = &mut statement.source {
            source.antecedent = source.antecedent.and_then(|old| place.get(old as usize).copied());
        }
    }
    *statements = sorted;
}

fn as_statement(context: &StatementContext<'_>, post: &EmbeddedPost, index: u32, body: Span) -> Statement {
    let signature = signature(context, post, body);
    let role = RuleId::core("core.statement.post");
    Statement {
        kind: StatementKind::Post,
        span: signature.map_or(body, |signature| body.hull(signature)),
        content: vec![body],
        partial_quotes: Vec::new(),
        also_at: Vec::new(),
        cue: None,
        source: signature.map(|span| Source {
            span,
            kind: SourceKind::Author,
            resolved: post.author.name.clone().or_else(|| post.author.handle.clone()),
            resolved_span: None,
            role: None,
            field: None,
            body: None,
            place: None,
            government: None,
            antecedent: None,
        }),
        chain: vec![
            author_hop(post, signature, HopRole::Origin),
            platform_hop(post),
            outlet_hop(context.outlet, context.packs.registry()),
        ],
        addressee: None,
        mode: Mode::Direct,
        hedges: Vec::new(),
        factuality: Factuality::Asserted,
        said: post.posted.clone(),
        post: Some(index),
        rule: role,
        confidence: post.confidence,
    }
}

fn author_hop(post: &EmbeddedPost, signature: Option<Span>, role: HopRole) -> Hop {
    Hop {
        name: post
            .author
            .name
            .clone()
            .or_else(|| post.author.handle.as_ref().map(|handle| format!("@{handle}"))),
        role,
        kind: Some(SourceKind::Author),
        how: None,
        id: None,
        span: signature,
        inherited: false,
        rule: RuleId::core("core.chain.author"),
    }
}

fn platform_hop(post: &EmbeddedPost) -> Hop {
    Hop {
        name: Some(post.platform.clone()),
        role: HopRole::Platform,
        kind: None,
        how: Some("on_platform".to_owned()),
        id: post.status_id.clone(),
        span: None,
        inherited: false,
        rule: RuleId::core("core.chain.platform"),
    }
}

/// The author's words in the post's signature: the handle, else the name.
fn signature(context: &StatementContext<'_>, post: &EmbeddedPost, body: Span) -> Option<Span> {
    let whole = post.span?;
    let string = &context.text.string;
    let rest = Span::new(body.to().max(whole.from()), whole.to());
    let words = rest.of(string);
    let find = |needle: &str| {
        (!needle.is_empty())
            .then(|| words.rfind(needle))
            .flatten()
            .map(|at| Span::new(rest.from() + at, rest.from() + at + needle.len()))
    };
    let handle = post.author.handle.as_ref().and_then(|handle| find(&format!("@{handle}")));
    let name = post.author.name.as_ref().and_then(|name| find(name));
    match (name, handle) {
        (Some(name), _) => Some(name),
        (None, handle) => handle,
    }
}

/// What a post reports, in its own language: origin, author, platform, outlet.
fn read_post(
    context: &StatementContext<'_>,
    post: &EmbeddedPost,
    index: u32,
    body: Span,
    statements: &mut Vec<Statement>,
) {
    let lang = post.language.as_ref().unwrap_or(context.lang);
    let Some(pack) = context.packs.pack(lang) else { return };
    if body.len() > LONGEST {
        return;
    }
    let words = body.of(&context.text.string).to_owned();
    let block = Block {
        kind: BlockKind::Post,
        span: Span::new(0, words.len()),
        lang: None,
        entry: None,
        source: None,
    };
    let text = Text { string: words, blocks: vec![block] };
    let lexed = Lexed::of(&text, &pack.lex);
    let reading = TextReading {
        pack: &pack.statement,
        registry: context.packs.registry(),
        outlet: context.outlet,
        places: &[],
        times: &[],
    };
    // Where each statement of the post's text stands in the report's list.
    let mut place_of: Vec<Option<u32>> = Vec::new();
    let signature = signature(context, post, body);
    for mut statement in read_text(&text, &lexed, &reading, |_| true, &mut Vec::new()) {
        // Words in quotation marks without a source are the author's own.
        if statement.source.is_none() {
            place_of.push(None);
            continue;
        }
        place_of.push(Some(statements.len() as u32));
        shift(&mut statement, body.start);
        if let Some(source) = &mut statement.source {
            source.antecedent =
                source.antecedent.and_then(|earlier| place_of.get(earlier as usize).copied().flatten());
        }
        statement.post = Some(index);
        let outlet = statement.chain.pop();
        let mut author = author_hop(post, signature, HopRole::Relay);
        author.how = Some("on_platform".to_owned());
        statement.chain.push(author);
        statement.chain.push(platform_hop(post));
        statement.chain.extend(outlet);
        statements.push(statement);
    }
}

/// Moves all spans of a statement by the post's place in the text.
fn shift(statement: &mut Statement, by: u32) {
    let moved = |span: &mut Span| {
        span.start += by;
        span.end += by;
    };
    moved(&mut statement.span);
    statement.content.iter_mut().for_each(moved);
    statement.partial_quotes.iter_mut().for_each(moved);
    statement.also_at.iter_mut().for_each(moved);
    statement.cue.iter_mut().for_each(|cue| moved(&mut cue.span));
    statement.addressee.iter_mut().for_each(moved);
    statement.hedges.iter_mut().for_each(|hedge| moved(&mut hedge.span));
    statement.chain.iter_mut().filter_map(|hop| hop.span.as_mut()).for_each(moved);
    if let Some(source) = &mut statement.source {
        moved(&mut source.span);
        source.resolved_span.iter_mut().for_each(moved);
    }
}
