//! The log over HTTP.

use std::collections::BTreeMap;

use tlog::tiles::{TileId, TileReader, decode_entries};
use tlog::{Checkpoint, TreeSize};

use crate::support::{Place, leaves, push_many};

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
