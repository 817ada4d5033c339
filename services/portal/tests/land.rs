//! The outlines on maps are those of Natural Earth, drawn in whole tenths of a degree.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A tenth of a degree in the parts that the file's scale is counted in.
const PARTS: i128 = 1_000_000_000_000;

/// The file's scale and translation, which are decimal fractions of a degree: tenths of a degree, in parts.
const ACROSS_SCALE: i128 = 36_000_360_004;
const UP_SCALE: i128 = 16_925_586_033;
const UP_FROM: i128 = -856_090_377_774_597;

/// West to east, and north to south: the whole earth.
const WIDTH: i128 = 3_600;
const HEIGHT: i128 = 1_800;

type Point = (i128, i128);

/// An arc in tenths of a degree from the north-western corner of the map; what falls on the point before is left out.
fn arc(steps: &Value) -> Vec<Point> {
    let (mut across, mut up) = (0, 0);
    let mut points: Vec<Point> = Vec::new();
    for step in steps.as_array().unwrap() {
        across += i128::from(step[0].as_i64().unwrap());
        up += i128::from(step[1].as_i64().unwrap());
        let rounded = |parts: i128| (parts + PARTS / 2).div_euclid(PARTS);
        let point = (
            rounded(across * ACROSS_SCALE),
            rounded(HEIGHT / 2 * PARTS - UP_FROM - up * UP_SCALE),
        );
        if points.last() != Some(&point) {
            points.push(point);
        }
    }
    points
}

/// The arc of this number; of `!number` the other way round.
fn walked(arcs: &[Vec<Point>], number: i64) -> Vec<Point> {
    let place = |number: i64| usize::try_from(number).unwrap();
    if 0 <= number {
        return arcs[place(number)].clone();
    }
    arcs[place(!number)].iter().rev().copied().collect()
}

fn numbers(ring: &Value) -> Vec<i64> {
    ring.as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_i64().unwrap())
        .collect()
}

/// Every ring of a geometry, as the numbers of its arcs.
fn rings(geometry: &Value) -> Vec<Vec<i64>> {
    match geometry["type"].as_str().unwrap() {
        "GeometryCollection" => geometry["geometries"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(rings)
            .collect(),
        "MultiPolygon" => {
            let polygons = geometry["arcs"].as_array().unwrap().iter();
            polygons
                .flat_map(|polygon| polygon.as_array().unwrap())
                .map(numbers)
                .collect()
        }
        "Polygon" => geometry["arcs"].as_array().unwrap().iter().map(numbers).collect(),
        other => panic!("{other} is not drawn"),
    }
}

/// A path through these points, each after the first relative to the one before.
fn path(into: &mut String, points: &[Point]) {
    let Some((first, rest)) = points.split_first() else {
        return;
    };
    write!(into, "M{} {}l", first.0, first.1).unwrap();
    let (mut before, mut is_first) = (first, true);
    for point in rest {
        for step in [point.0 - before.0, point.1 - before.1] {
            // A minus parts two numbers as well as a space does.
            let space = if is_first || step < 0 { "" } else { " " };
            write!(into, "{space}{step}").unwrap();
            is_first = false;
        }
        before = point;
    }
}

fn drawn() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/map/countries-110m.json");
    let map: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let arcs: Vec<_> = map["arcs"].as_array().unwrap().iter().map(arc).collect();
    let (mut land, mut borders) = (String::new(), String::new());
    for ring in rings(&map["objects"]["land"]) {
        let mut points: Vec<Point> = ring.iter().flat_map(|number| walked(&arcs, *number)).collect();
        points.dedup();
        if 3 < points.len() {
            path(&mut land, &points);
            land.push('z');
        }
    }
    let mut uses: BTreeMap<i64, usize> = BTreeMap::new();
    for number in rings(&map["objects"]["countries"]).into_iter().flatten() {
        *uses.entry(if number < 0 { !number } else { number }).or_default() += 1;
    }
    // A border is what two countries have in common.
    for (number, _) in uses.iter().filter(|(_, uses)| 1 < **uses) {
        path(&mut borders, &walked(&arcs, *number));
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\">\
         <path d=\"{land}\" fill=\"#8a8371\" fill-opacity=\".25\"/>\
         <path d=\"{borders}\" fill=\"none\" stroke=\"#8a8371\" stroke-width=\"1\" vector-effect=\"non-scaling-stroke\"/></svg>\n"
    )
}

#[test]
fn land_is_drawn_from_the_outlines_that_are_beside_it() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/land.svg");
    let drawn = drawn();
    if std::env::var_os("VETA_REGENERATE").is_some() {
        fs::write(&file, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap();
    assert!(
        kept == drawn,
        "static/land.svg is another map: VETA_REGENERATE=1 draws it again"
    );
    assert!(30_000 < drawn.len() && drawn.len() < 60_000, "{}", drawn.len());
}
