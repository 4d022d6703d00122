//! The glyphs that the pages of a PDF file draw: where they stand and which characters they are.

use hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};

/// Drawing operations of a file at most; few where a test runs into them.
const OPERATIONS: usize = if cfg!(test) { 20_000 } else { 5_000_000 };
/// Glyphs of a file at most.
const GLYPHS: usize = 2_000_000;

/// What ends the drawing of a file that draws too much.
pub(super) struct TooMuch;

/// A glyph on a page, in points, y downwards.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) x: f64,
    /// Of the base line.
    pub(super) y: f64,
    /// Where the next glyph is due.
    pub(super) end: f64,
    /// Height of the font.
    pub(super) size: f64,
    pub(super) text: String,
}

/// Draws up to `most` pages; each adds its glyphs, in the order in which they are drawn.
pub(super) fn draw(pdf: &Pdf, most: usize, pages: &mut Vec<Vec<Glyph>>) {
    let cache = InterpreterCache::new();
    let mut left = Left { operations: OPERATIONS, glyphs: GLYPHS };
    for page in pdf.pages().iter().take(most) {
        let (width, height) = page.render_dimensions();
        let place = Affine::new(page.initial_transform(true).as_coeffs());
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let settings = InterpreterSettings::default();
        let mut context = Context::new(place, area, &cache, pdf.xref(), settings);
        pages.push(Vec::new());
        let Some(glyphs) = pages.last_mut() else { return };
        interpret_page(page, &mut context, &mut Taker { glyphs, left: &mut left });
    }
}

struct Left {
    operations: usize,
    glyphs: usize,
}

struct Taker<'p> {
    glyphs: &'p mut Vec<Glyph>,
    left: &'p mut Left,
}

impl Taker<'_> {
    fn count(&mut self) {
        match self.left.operations.checked_sub(1) {
            Some(left) => self.left.operations = left,
            // The library has no other way to be told to stop. No hook is called for it.
            None => std::panic::resume_unwind(Box::new(TooMuch)),
        }
    }
}

impl Device<'_> for Taker<'_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {
        self.count();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.count();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.count();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        self.count();
        for glyph in run.glyphs() {
            match self.left.glyphs.checked_sub(1) {
                Some(left) => self.left.glyphs = left,
                None => std::panic::resume_unwind(Box::new(TooMuch)),
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(text)) => text,
                None => "\u{FFFD}".to_owned(),
            };
            // Glyphs have 1,000 units to the em.
            let place = props.transform * glyph.transform();
            let start = place * Point::ZERO;
            let width = match &**glyph {
                Drawn::Outline(glyph) => glyph.advance_width(),
                Drawn::Type3(glyph) => glyph.advance_width(),
            };
            let end = place * Point::new(f64::from(width.unwrap_or(500.0)), 0.0);
            let up = place * Point::new(0.0, 1000.0);
            let size = (up - start).hypot();
            if [start.x, start.y, end.x, size].iter().all(|number| number.is_finite()) {
                self.glyphs.push(Glyph { x: start.x, y: start.y, end: end.x, size, text });
            }
        }
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.count();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
