//! Codes are read back by a reader that nobody here wrote.

use proptest::prelude::*;
use rqrr::PreparedImage;
use signer::qr::{PARTS_MAX, SPREAD_BYTES_MAX, SpreadError, gather, spread};

use crate::support::{DONE, Device, FAILED, miners, trader};

/// Pixels of a module.
const SCALE: usize = 4;

/// Reads every code in a picture, from the darkness of its modules.
fn decode(width: usize, height: usize, is_dark: impl Fn(usize, usize) -> bool) -> Vec<String> {
    let luma = |x: usize, y: usize| if is_dark(x / SCALE, y / SCALE) { 0 } else { 255 };
    let mut image = PreparedImage::prepare_from_greyscale(width * SCALE, height * SCALE, luma);
    let found = image.detect_grids();
    found.iter().map(|grid| grid.decode().unwrap().1).collect()
}

/// The codes on a terminal, in their order: lines of half-blocks, in which light is the ink.
pub(crate) fn of_terminal(told: &str) -> Vec<String> {
    let is_code = |line: &&str| !line.is_empty() && line.chars().all(|block| "█▀▄ ".contains(block));
    let lines: Vec<_> = told.lines().collect();
    let codes = lines.split(|line| !is_code(line)).filter(|code| !code.is_empty());
    let text = |code: &[&str]| {
        let blocks: Vec<Vec<char>> = code.iter().map(|line| line.chars().collect()).collect();
        assert!(blocks.iter().all(|line| line.len() <= 80), "a terminal has 80 columns");
        let is_dark = |x: usize, y: usize| {
            let dark = if y.is_multiple_of(2) {
                [' ', '▄']
            } else {
                [' ', '▀']
            };
            dark.contains(&blocks[y / 2][x])
        };
        let [text] = decode(blocks[0].len(), 2 * blocks.len(), is_dark).try_into().unwrap();
        text
    };
    codes.map(text).collect()
}

/// The code of a label for printing, as its path draws it.
fn of_svg(svg: &str) -> String {
    let path = svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut dark = Vec::new();
    for bar in path.split_terminator('z') {
        let (corner, rest) = bar.strip_prefix('M').unwrap().split_once('h').unwrap();
        let (x, y) = corner.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let (length, back) = rest.split_once("v1h-").unwrap();
        assert_eq!(length, back);
        dark.extend((0..length.parse().unwrap()).map(|more| (x + more, y)));
    }
    let side: usize = svg
        .split("viewBox=\"0 0 ")
        .nth(2)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let [text] = decode(side, side, |x, y| dark.contains(&(x, y))).try_into().unwrap();
    text
}

#[test]
fn a_label_says_which_lot_it_is_to_people_and_to_cameras() {
    let device = Device::of(miners());
    let lot = device.declares();
    let told = device.keeps(DONE, &["label", &lot, "--svg", "label.svg"]);
    assert_eq!(of_terminal(&told), [lot.to_uppercase()]);
    let svg = String::from_utf8(device.read("label.svg")).unwrap();
    assert_eq!(of_svg(&svg), lot.to_uppercase());
    assert!(svg.contains("width=\"74mm\" height=\"105mm\""), "{svg}");
    for line in [
        &lot,
        "dust",
        "12.5 g",
        "INVENTED quantity, for demonstration",
        "916.666 fine by touchstone",
    ] {
        assert!(svg.contains(&format!(">{line}</text>")), "{line}: {svg}");
        assert!(told.lines().any(|told| told == line), "{line}: {told}");
    }
    // Whose it is stands nowhere on it.
    assert!(!svg.contains("org-") && !svg.contains("site-"), "{svg}");
    // What was weighed since is what it says.
    device.json(&["accept", &lot, "--mass", "12.2", "--seals", "none"]);
    let told = device.keeps(DONE, &["label", &lot]);
    assert!(told.lines().any(|line| line == "12.2 g"), "{told}");
}

#[test]
fn a_handover_is_scanned_and_opened() {
    let (giver, receiver) = (Device::of(miners()), Device::of(trader()));
    let lot = giver.declares();
    let told = giver.signs(DONE, &["offer", &lot, "--to", &trader().to_string(), "--qr"]);
    let mut codes = of_terminal(&told);
    assert!((2..=PARTS_MAX).contains(&codes.len()), "{}", codes.len());
    assert!(told.contains(&format!("code 1 of {}", codes.len())), "{told}");
    codes.reverse();
    std::fs::write(receiver.path("scanned.txt"), codes.join("\n")).unwrap();
    receiver.json(&[
        "accept",
        "--handover",
        "scanned.txt",
        "--mass",
        "12.5",
        "--seals",
        "none",
    ]);
    assert_eq!(receiver.kinds(), ["LotDeclared", "CustodyOffered", "CustodyAccepted"]);
    codes.pop();
    std::fs::write(receiver.path("scanned.txt"), codes.join("\n")).unwrap();
    let told = receiver.keeps(FAILED, &["take-in", "scanned.txt"]);
    assert!(told.contains("are missing: scan 1"), "{told}");
}

#[test]
fn what_was_scanned_wrongly_is_told_from_what_was_not() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    let codes: [String; 4] = spread(&bytes).unwrap().try_into().unwrap();
    let other = spread(&bytes[1..]).unwrap();
    let changed = |from: &str, to: &str| codes[3].replacen(from, to, 1);
    let last = codes[3].chars().last().unwrap();
    let swapped = format!(
        "{}{}",
        &codes[3][..codes[3].len() - 1],
        if last == 'A' { 'B' } else { 'A' }
    );
    let part = |text: &str| Err(SpreadError::Part(text.chars().take(40).collect()));
    let missing = SpreadError::Missing {
        missing: vec![2, 4],
        count: 4,
    };
    let [one, two, three, four] = codes.each_ref().map(String::as_str);
    check(&[three, one, four, two, one], &Ok(bytes.clone()));
    check(&[one, three], &Err(missing));
    check(&[one, &other[1], three, four], &Err(SpreadError::Mixed));
    check(&[one, two, three, &swapped], &Err(SpreadError::Digest));
    check(&["VETA1:"], &part("VETA1:"));
    check(&[], &part(""));
    for (from, to) in [
        (":4:4:", ":0:4:"),
        (":4:4:", ":5:4:"),
        (":4:4:", ":4:17:"),
        (":4:4:", ":+4:4:"),
        ("VETA1", "VETA2"),
        (":4:4:", ":4:"),
    ] {
        let bad = changed(from, to);
        assert_eq!(gather(&bad), part(&bad));
    }
    let lower = codes.join(" ").to_lowercase();
    assert_eq!(gather(&lower), Ok(bytes));
    let most = vec![7; SPREAD_BYTES_MAX];
    let codes = spread(&most).unwrap();
    assert_eq!(codes.len(), PARTS_MAX);
    assert_eq!(gather(&codes.concat().replace("VETA1", " VETA1")), Ok(most));
    let bytes = SPREAD_BYTES_MAX + 1;
    assert_eq!(spread(&vec![7; bytes]), Err(SpreadError::TooLong { bytes }));
}

#[track_caller]
fn check(scanned: &[&str], expected: &Result<Vec<u8>, SpreadError>) {
    assert_eq!(&gather(&scanned.join("\n")), expected, "{scanned:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_spread_is_gathered(bytes in proptest::collection::vec(any::<u8>(), 1..2_000), turn in 0_usize..8) {
        let mut codes = spread(&bytes).unwrap();
        let turn = turn % codes.len();
        codes.rotate_left(turn);
        prop_assert!(codes.iter().all(|code| code.len() <= 483));
        prop_assert_eq!(gather(&codes.join("\n")), Ok(bytes));
    }

    #[test]
    fn no_text_of_codes_panics(text in "(VETA1:[A-Z2-7]{8}:[0-9]{1,2}:[0-9]{1,2}:[A-Z2-7]{0,9}[ \n]){0,3}\\PC{0,9}") {
        let _ = gather(&text);
    }
}
