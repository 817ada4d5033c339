//! The log over HTTP.

use std::collections::BTreeMap;
use std::fs;

use event::StreamPosition;
use tlog::tiles::{TileId, TileReader, decode_entries};
use tlog::{Checkpoint, TreeSize};

use crate::support::{Place, Running, leaves, push_many};

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_over_http_as_tiles() {
    let place = Place::new();
    push_many(&place, 600);
    let running = place.start().await;
    let checkpoint = running.checkpoint(600).await;
    let leaves = leaves(&place);

    let (status, head, note) = running.get("GET /checkpoint").await;
    assert_eq!(status, 200);
    assert_eq!(Checkpoint::open(&note, &running.vkey().await).unwrap(), checkpoint);
    for line in [
        "content-type: text/plain; charset=utf-8",
        "cache-control: public, max-age=5",
        "access-control-allow-origin: *",
    ] {
        assert!(head.contains(line), "{line} is not in {head}");
    }
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let (status, _, body) = running
        .get_if("GET /checkpoint", &format!("if-none-match: {tag}\r\n"))
        .await;
    assert_eq!((status, body), (304, Vec::new()));

    // The whole tree from its tiles, and every leaf from the entries.
    let mut served = Vec::new();
    for path in ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"] {
        let (status, head, bundle) = running.get(&format!("GET /{path}")).await;
        assert_eq!(status, 200, "{path}");
        for line in [
            "content-type: application/octet-stream",
            "cache-control: public, max-age=31536000, immutable",
            "access-control-allow-origin: *",
            &format!("content-length: {}", bundle.len()),
        ] {
            assert!(head.contains(line), "{line} is not in {head}");
        }
        served.extend(decode_entries(&bundle).unwrap().into_iter().map(<[u8]>::to_vec));
    }
    assert_eq!(served, leaves);
    let mut tiles = BTreeMap::new();
    for (level, n, path) in [(0, 0, "000"), (0, 1, "001"), (0, 2, "002.p/88"), (1, 0, "000.p/2")] {
        let (status, _, bytes) = running.get(&format!("GET /tile/{level}/{path}")).await;
        assert_eq!(status, 200, "{level} {path}");
        tiles.insert(TileId { level, n }, bytes);
    }
    let reader = TileReader::new(checkpoint.size, |id| tiles.get(&id).cloned());
    assert_eq!(reader.check_since(TreeSize::EMPTY).unwrap(), checkpoint.root);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_log_over_http_nothing_else_is_there() {
    let place = Place::new();
    push_many(&place, 600);
    let running = place.start().await;
    running.checkpoint(600).await;
    let cases = [
        // Of any width up to what there is, whatever was published.
        ("GET /tile/0/000.p/1", 200),
        ("GET /tile/0/002.p/87", 200),
        ("GET /tile/entries/001.p/255", 200),
        ("HEAD /tile/0/000", 200),
        ("HEAD /checkpoint", 200),
        // Beyond.
        ("GET /tile/0/002.p/89", 404),
        ("GET /tile/0/002", 404),
        ("GET /tile/0/003.p/1", 404),
        ("GET /tile/1/000", 404),
        ("GET /tile/2/000.p/1", 404),
        ("GET /tile/63/000.p/1", 404),
        ("GET /tile/entries/002.p/89", 404),
        ("GET /tile/entries/x018/x446/x744/x073/x709/x551/615", 404),
        // In another spelling.
        ("GET /tile/0/0", 404),
        ("GET /tile/00/000", 404),
        ("GET /tile/0/000.p/0", 404),
        ("GET /tile/0/000.p/256", 404),
        ("GET /tile/0/000/", 404),
        ("GET /tile/0/%30%30%30", 404),
        ("GET //tile/0/000", 404),
        ("GET /tile/entries/x000/000", 404),
        ("GET /tile/64/000", 404),
        ("GET /checkpoint/", 404),
        ("GET /", 404),
        ("GET /tile", 404),
        // Nobody writes here.
        ("POST /checkpoint", 405),
        ("PUT /tile/0/000", 405),
    ];
    for (request, expected) in cases {
        let (status, head, body) = running.get(request).await;
        assert_eq!(status, expected, "{request}");
        let is_head = request.starts_with("HEAD");
        assert!(
            !is_head || (body.is_empty() && !head.contains("content-length: 0")),
            "{request}: {head}"
        );
        assert!(
            expected != 404 || head.contains("cache-control: no-store"),
            "{request}: {head}"
        );
    }
    running.stop().await;
}

/// Whoever watches a log takes 404 for a log that does not have what it signed for: that is never said of what is only not read
/// at present.
#[tokio::test(flavor = "multi_thread")]
async fn while_rows_are_rebuilt_what_was_signed_for_is_not_said_to_be_missing() {
    let mut place = Place::new();
    push_many(&place, 600);
    let running = place.start().await;
    running.checkpoint(600).await;
    running.stop().await;
    fs::remove_dir_all(place.dir.path().join("rows")).unwrap();
    // It is founded, and nothing of it is there; then some of it is.
    place.journal = place.journal.behind(StreamPosition::new(1));
    let cases = [
        ("tile/0/000.p/1", 200),
        ("tile/0/000.p/2", 503),
        ("tile/0/000", 503),
        ("tile/1/000.p/1", 503),
        ("tile/entries/000.p/2", 503),
    ];
    check_rebuilding(&place, 1, &cases).await;
    place.journal = place.journal.behind(StreamPosition::new(300));
    let cases = [
        ("tile/0/000", 200),
        ("tile/0/001.p/44", 200),
        ("tile/1/000.p/1", 200),
        ("tile/entries/001.p/44", 200),
        ("tile/0/001.p/45", 503),
        ("tile/0/001", 503),
        ("tile/1/000.p/2", 503),
        ("tile/entries/001.p/45", 503),
    ];
    check_rebuilding(&place, 300, &cases).await;
}

/// Checks what is answered while the rows are of the first leaves only, whose checkpoint of 600 was published; and that
/// everything is there once they are rebuilt.
async fn check_rebuilding(place: &Place, rows: u64, cases: &[(&str, u16)]) {
    let running = place.start().await;
    let first = format!("GET /tile/entries/00{}.p/{}", (rows - 1) / 256, (rows - 1) % 256 + 1);
    until_there(&running, &first).await;
    let (status, _, note) = running.get("GET /checkpoint").await;
    let checkpoint = Checkpoint::open(&note, &place.vkey()).unwrap();
    assert_eq!((status, checkpoint.size.get()), (200, 600));
    let last = ["tile/0/002.p/88", "tile/entries/002.p/88", "tile/1/000.p/2"];
    for (path, expected) in cases.iter().copied().chain(last.map(|path| (path, 503))) {
        let (status, head, _) = running.get(&format!("GET /{path}")).await;
        assert_eq!(status, expected, "{path} while there are {rows}");
        assert!(
            status != 503 || head.contains("cache-control: no-store"),
            "{path}: {head}"
        );
    }
    // What nobody signed for is not there, now or later.
    for path in ["tile/0/002.p/89", "tile/0/003.p/1", "tile/entries/002.p/89"] {
        assert_eq!(running.get(&format!("GET /{path}")).await.0, 404, "{path}");
    }
    place.journal.catch_up();
    running.health.until_serving().await;
    for path in cases.iter().map(|(path, _)| *path).chain(last) {
        assert_eq!(running.get(&format!("GET /{path}")).await.0, 200, "{path}");
    }
    assert_eq!(running.checkpoint(0).await, checkpoint);
    running.stop().await;
    fs::remove_dir_all(place.dir.path().join("rows")).unwrap();
}

/// Asks until it is there; meanwhile it is never missing.
async fn until_there(running: &Running, request: &str) {
    loop {
        match running.get(request).await.0 {
            200 => return,
            status => assert_eq!(status, 503, "{request}"),
        }
        tokio::task::yield_now().await;
    }
}
