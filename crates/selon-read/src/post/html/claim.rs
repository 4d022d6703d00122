//! A post found in the markup, before it has a place in the reading text.

use selon_model::{Damage, DamageKind, EmbeddedPost, FoundAt, PostAuthor, PostState, RuleId, Span};

/// A post found in the markup. Spans inside are counted from the beginning of `words`.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// Body, newline, signature: what will stand in the text. Empty where there is nothing.
    pub(super) words: String,
    /// Bytes of the body, at the beginning of `words`; 0 where there is none.
    pub(super) body: usize,
    pub(super) post: EmbeddedPost,
}

impl Claim {
    /// A post with nothing known but its platform.
    pub(super) fn new(platform: &str, state: PostState, rule: &'static str) -> Claim {
        Claim {
            words: String::new(),
            body: 0,
            post: EmbeddedPost {
                span: None,
                text: None,
                text_elsewhere: None,
                platform: platform.to_owned(),
                status_id: None,
                url: None,
                author: PostAuthor::default(),
                posted: None,
                posted_from: None,
                language: None,
                hashtags: Vec::new(),
                mentions: Vec::new(),
                links: Vec::new(),
                media: Vec::new(),
                relations: Vec::new(),
                state,
                damage: Vec::new(),
                found_at: vec![FoundAt::Dom],
                rule: RuleId::core(rule),
                confidence: 0.98,
            },
        }
    }

    /// The post with its words at `start` of the text, or nowhere in it: then its body is copied
    /// and nothing keeps a span.
    pub(super) fn placed(&self, start: Option<usize>) -> EmbeddedPost {
        let mut post = self.post.clone();
        let move_to = |span: Span| start.map(|start| Span::new(start + span.from(), start + span.to()));
        for damage in &mut post.damage {
            damage.span = damage.span.and_then(move_to);
        }
        if let Some(when) = &mut post.posted {
            when.span = when.span.and_then(move_to);
        }
        if !self.words.is_empty() {
            post.span = move_to(Span::new(0, self.words.len()));
        }
        if self.body > 0 {
            post.text = move_to(Span::new(0, self.body));
            if post.text.is_none() {
                post.text_elsewhere = Some(self.words[..self.body].to_owned());
            }
        }
        post
    }
}

/// Damage of one kind, without a place.
pub(super) fn damage(kind: DamageKind) -> Damage {
    Damage { kind, span: None, cuts: Vec::new(), detail: None }
}
