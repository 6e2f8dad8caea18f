#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]
use ouroborosdb::*;
#[test]
fn smoke() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let db = Database::open(&path, Options::new()).unwrap();
    let root = db.ensure_root("r").unwrap();
    let e = db.append(root, NewEvent::new().metadata("m").attribute("a", "b")).unwrap();
    let mut data = vec![0u8; 5_000_000];
    let mut x = 88172645463325252u64;
    for b in data.iter_mut() { x ^= x << 13; x ^= x >> 7; x ^= x << 17; *b = x as u8; }
    let f = db.put_file(e, &data[..], NewEvent::new()).unwrap();
    assert!(db.read_file(f).unwrap() == data);
    println!("{:?}", db.stats().unwrap());
    assert_eq!(db.metadata(f).unwrap().unwrap(), b"m");
    let r = db.verify(VerifyOptions::new()).unwrap();
    assert!(r.is_clean(), "{r:?}");
    db.close().unwrap();
    assert_eq!(db.event(f).unwrap_err().code(), ErrorCode::Closed);
    for round in 0..3 {
        let db = Database::open(&path, Options::new()).unwrap();
        assert!(db.read_file(f).unwrap() == data);
        assert_eq!(db.descendants(root).unwrap().count(), 2);
        assert_eq!(db.changes(None).unwrap().count(), 3);
        assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
        db.rebuild_index().unwrap();
        assert_eq!(db.descendants(root).unwrap().count(), 2);
        println!("{round} {:?}", db.stats().unwrap());
        drop(db);
        if round == 1 { std::fs::remove_dir_all(path.join("index")).unwrap(); }
    }
    let ro = Database::open_read_only(&path, Options::new()).unwrap();
    assert!(ro.read_file(f).unwrap() == data);
}
