//! A small map of the towns of a report: rings on the outline of the land, drawn as SVG.
//!
//! Only places that are spots or towns are drawn, as rings of the radius that the place reader gives
//! (of a town, by its population): a country as a dot would be a pin that nobody stuck. The table beside it holds all places; the drawing is for the eye alone.
//! Outline: Natural Earth 1:110m (public domain), made by `tools/outline/build.mjs`.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};
use selon_model::{PlacePrecision, Reading};

use super::report::Sheet;

const OUTLINE: &str = include_str!("../../../../web/outline-110m.txt");

/// Width of the drawing, in its own units.
const WIDTH: f64 = 600.0;
/// Its height.
const HEIGHT: f64 = 380.0;
/// Degrees of longitude shown at least.
const LEAST: f64 = 6.0;
/// Rings no smaller than the eye finds, and no larger than leaves room for names.
const SMALLEST: f64 = 4.0;
const LARGEST: f64 = 60.0;
/// Towns drawn at most.
const MOST: usize = 40;

type Point = (f64, f64);

/// A town: where, how large, its name.
struct Town {
    at: Point,
    radius_km: f64,
    name: String,
}

/// The map with its caption; nothing where no town is known.
pub(super) fn figure(sheet: &Sheet<'_>) -> Markup {
    let words = sheet.frame.words;
    let towns = towns(sheet);
    let Some(view) = View::around(&towns) else { return html! {} };
    html! {
        figure.map {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } aria-hidden="true" focusable="false" {
                (PreEscaped(drawing(&view, &towns)))
            }
            figcaption {
                (words.say("map-caption")) ". " (words.say("map-left-out"))
                " " small { (words.say("map-credit")) }
            }
        }
    }
}

fn towns(sheet: &Sheet<'_>) -> Vec<Town> {
    let mut seen = Vec::new();
    let mut towns = Vec::new();
    for place in &sheet.report.places {
        let small = matches!(place.precision, Some(PlacePrecision::Point | PlacePrecision::City));
        let Some(choice) = place.choice().filter(|_| small && place.reading == Reading::Literal) else {
            continue;
        };
        let sound = choice.lat.abs() <= 85.0 && choice.lon.abs() <= 180.0;
        if !sound || seen.contains(&&choice.id) || towns.len() == MOST {
            continue;
        }
        seen.push(&choice.id);
        let name = sheet.words(place.span);
        let radius_km = f64::from(place.radius_km.unwrap_or(0.0));
        towns.push(Town { at: (choice.lon, choice.lat), radius_km, name });
    }
    towns
}

/// The part of the world shown, and its scale.
struct View {
    west: f64,
    north: f64,
    /// Units a degree of longitude and of latitude.
    scale: Point,
}

impl View {
    fn around(towns: &[Town]) -> Option<View> {
        let first = towns.first()?.at;
        let (mut west, mut east, mut south, mut north) = (first.0, first.0, first.1, first.1);
        for town in towns {
            west = west.min(town.at.0);
            east = east.max(town.at.0);
            south = south.min(town.at.1);
            north = north.max(town.at.1);
        }
        let middle = ((west + east) / 2.0, (south + north) / 2.0);
        // Equirectangular, true to scale along the middle latitude.
        let squeeze = middle.1.to_radians().cos().max(0.1);
        let width = ((east - west) * 1.3).max((north - south) * 1.3 / squeeze * WIDTH / HEIGHT).max(LEAST);
        let across = WIDTH / width;
        let down = across / squeeze;
        Some(View {
            west: middle.0 - width / 2.0,
            north: middle.1 + HEIGHT / down / 2.0,
            scale: (across, down),
        })
    }

    fn place(&self, (east, north): Point) -> Point {
        ((east - self.west) * self.scale.0, (self.north - north) * self.scale.1)
    }

    /// Units of a distance in km, true to scale as far as it can be seen.
    fn radius(&self, km: f64) -> f64 {
        (km / 111.2 * self.scale.1).clamp(SMALLEST, LARGEST)
    }
}

fn drawing(view: &View, towns: &[Town]) -> String {
    let mut land = String::new();
    let mut borders = String::new();
    for line in OUTLINE.lines() {
        let Some((kind, steps)) = line.split_once(' ') else { continue };
        let points: Vec<Point> = points(steps).map(|point| view.place(point)).collect();
        match kind {
            "land" => path(&mut land, &inside(points), true),
            _ => stretches(&mut borders, &points),
        }
    }
    let mut out = format!("<path class=\"land\" d=\"{land}\"/><path class=\"border\" d=\"{borders}\"/>");
    let mut taken: Vec<(f64, f64, f64, f64)> = Vec::new();
    for town in towns {
        let (x, y) = view.place(town.at);
        let radius = view.radius(town.radius_km);
        let _ = write!(out, "<circle class=\"town\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{radius:.0}\"/>");
        taken.push((x - radius, y - radius, x + radius, y + radius));
    }
    for town in towns {
        label(&mut out, &mut taken, view.place(town.at), &town.name);
    }
    out
}

/// Writes a name beside its ring where there is room for it; else leaves it to the table.
fn label(out: &mut String, taken: &mut Vec<(f64, f64, f64, f64)>, (x, y): Point, name: &str) {
    let wide = name.chars().count() as f64 * 12.0;
    if wide > WIDTH / 2.0 {
        return;
    }
    let spots = [
        (x + 14.0, y + 8.0),
        (x - 14.0 - wide, y + 8.0),
        (x - wide / 2.0, y - 16.0),
        (x - wide / 2.0, y + 32.0),
    ];
    for (left, base) in spots {
        let area = (left, base - 18.0, left + wide, base + 5.0);
        let fits = area.0 > 2.0 && area.2 < WIDTH - 2.0 && area.1 > 2.0 && area.3 < HEIGHT - 2.0;
        let free = taken
            .iter()
            .all(|other| area.2 < other.0 || other.2 < area.0 || area.3 < other.1 || other.3 < area.1);
        if fits && free {
            let name = html! { (name) }.into_string();
            let _ = write!(out, "<text x=\"{left:.0}\" y=\"{base:.0}\">{name}</text>");
            taken.push(area);
            return;
        }
    }
}

/// The points of a line of the outline, in degrees.
fn points(steps: &str) -> impl Iterator<Item = Point> {
    let mut at = (0i32, 0i32);
    steps.split(' ').filter_map(move |step| {
        let (east, north) = step.split_once(',')?;
        at.0 += east.parse::<i32>().ok()?;
        at.1 += north.parse::<i32>().ok()?;
        Some((f64::from(at.0) / 100.0, f64::from(at.1) / 100.0))
    })
}

/// A ring clipped to the drawing (Sutherland and Hodgman 1974).
fn inside(mut ring: Vec<Point>) -> Vec<Point> {
    const EDGE: f64 = 4.0;
    let edges: [fn(Point) -> f64; 4] =
        [|p| p.0 + EDGE, |p| WIDTH + EDGE - p.0, |p| p.1 + EDGE, |p| HEIGHT + EDGE - p.1];
    for distance in edges {
        let mut kept = Vec::with_capacity(ring.len());
        for (index, point) in ring.iter().enumerate() {
            let before = ring[(index + ring.len() - 1) % ring.len()];
            let (from, to) = (distance(before), distance(*point));
            if (from >= 0.0) != (to >= 0.0) {
                let share = from / (from - to);
                kept.push((before.0 + (point.0 - before.0) * share, before.1 + (point.1 - before.1) * share));
            }
            if to >= 0.0 {
                kept.push(*point);
            }
        }
        ring = kept;
    }
    ring
}

/// The stretches of a line that come near the drawing.
fn stretches(out: &mut String, points: &[Point]) {
    let near = |p: &Point| p.0 > -80.0 && p.0 < WIDTH + 80.0 && p.1 > -80.0 && p.1 < HEIGHT + 80.0;
    for stretch in points.split(|point| !near(point)) {
        path(out, stretch, false);
    }
}

fn path(out: &mut String, points: &[Point], close: bool) {
    if points.len() < 2 {
        return;
    }
    for (index, (x, y)) in points.iter().enumerate() {
        let _ = write!(out, "{}{x:.0} {y:.0}", if index == 0 { "M" } else { "L" });
    }
    if close {
        out.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_whole() {
        let mut count = 0;
        for line in OUTLINE.lines() {
            let (kind, steps) = line.split_once(' ').unwrap();
            assert!(matches!(kind, "land" | "border"));
            for (east, north) in points(steps) {
                count += 1;
                assert!(east.abs() <= 180.01 && north.abs() <= 90.01, "{east} {north}");
            }
        }
        assert!(count > 7500, "{count}");
    }

    #[test]
    fn a_large_town_is_a_large_ring() {
        let town = |radius_km, east| Town { at: (east, 36.0), radius_km, name: "x".into() };
        let towns = [town(20.0, 37.0), town(2.0, 38.0), town(0.5, 39.0)];
        let view = View::around(&towns).unwrap();
        let radii: Vec<f64> = towns.iter().map(|town| view.radius(town.radius_km).round()).collect();
        assert_eq!(radii, [22.0, 4.0, 4.0]);
        assert!(drawing(&view, &towns).contains("r=\"22\""));
    }

    #[test]
    fn a_ring_around_the_drawing_becomes_its_frame() {
        let ring = vec![(-1000.0, -1000.0), (2000.0, -1000.0), (2000.0, 2000.0), (-1000.0, 2000.0)];
        let frame: Vec<(i32, i32)> =
            inside(ring).into_iter().map(|(x, y)| (x.round() as i32, y.round() as i32)).collect();
        assert_eq!(frame, [(-4, 384), (-4, -4), (604, -4), (604, 384)]);
        assert!(inside(vec![(-100.0, 0.0), (-50.0, 10.0), (-50.0, 20.0)]).is_empty());
    }
}
